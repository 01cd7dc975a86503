/** The home page's question, sent as soon as there is a token, while the app that will ask it is still on the line. */
import body from "virtual:home-question";

import { heard } from "./clock";
import { bearing, PATIENCE_MS, spoken } from "./headers";
import { read, stored } from "./stored";
import type { Held } from "./token";

interface Asked {
  headers: Record<string, string>;
  answer: Promise<Response>;
}
let asked: Asked | null = null;

/** Asks what the home page will ask. */
export function askAhead(held: Held): void {
  const headers = { ...spoken(read(stored()).language), ...bearing(held) };
  const answer = fetch("/graphql", {
    method: "POST",
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
    headers: { ...headers, "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
    body,
  }).then(heard);
  answer.catch(() => undefined); // whoever asks hears of it
  asked = { headers, answer };
}

/** The answer that is on its way to this very question: by the same right, in the same language, asked before all others. */
export function answerTo(question: RequestInit): Promise<Response> | null {
  const begun = asked;
  asked = null;
  if (!begun || question.body !== body) return null;
  const said = new Headers(question.headers);
  return Object.entries(begun.headers).every(([name, value]) => said.get(name) === value) ? begun.answer : null;
}
