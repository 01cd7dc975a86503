import { CombinedError } from "@urql/core";

import { spoken } from "@/session/headers";
import { send } from "@/session/sending";
import { settings } from "@/session/settings";
import { faultOf, type Fault } from "./ask";

const PATIENCE_MS = 60_000;
export interface Answered {
  ok: boolean;
  status: number;
  headers: Headers;
  body: Blob;
}

/** Fetches a file by the right of whoever is signed in, or says why not. */
export async function fetched(path: string): Promise<{ file: Blob; fault?: undefined } | { file?: undefined; fault: Fault }> {
  try {
    const answer = await asked(path, "GET", {});
    return answer.ok ? { file: answer.body } : await refused(answer);
  } catch (error) {
    return { fault: faultOf(new CombinedError({ networkError: error instanceof Error ? error : new Error(String(error)) })) };
  }
}

/** One request, and all of its answer: a body that nobody reads would stay open. */
export async function asked(place: string, method: string, headers: Record<string, string>, body?: Blob): Promise<Answered> {
  const answer = await send(place, {
    method,
    ...(body ? { body } : {}),
    credentials: "omit",
    cache: "no-store",
    headers: { ...spoken(settings.language), ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return { ok: answer.ok, status: answer.status, headers: answer.headers, body: await answer.blob() };
}

/** What an answer that is a refusal says. */
export async function refused({ body, status }: Answered): Promise<{ fault: Fault }> {
  const said = await body.text();
  const errors = said.startsWith("{") ? (JSON.parse(said) as { errors?: { message: string }[] }).errors : [];
  return { fault: faultOf(new CombinedError({ graphQLErrors: errors ?? [], response: { status } })) };
}
