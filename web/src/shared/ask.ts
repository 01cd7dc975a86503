import { Client, CombinedError, createRequest, fetchExchange, type TypedDocumentNode } from "@urql/core";

import type { RefusalDetailPartsFragment } from "@/gql/graphql";
import { answerTo } from "@/session/ahead";
import { heard } from "@/session/clock";
import { bearing, PATIENCE_MS, spoken } from "@/session/headers";
import { renew } from "@/session/oidc";
import { send } from "@/session/sending";
import { end } from "@/session/session";
import { settings } from "@/session/settings";
import { held } from "@/session/token";

/** Why there is no answer. Each is its own screen; none of them is ever shown as a "no" of the service. */
export type FaultKind = "offline" | "slow" | "signed-out" | "forbidden" | "step-up" | "absent" | "busy" | "refused" | "broken";
export interface Fault {
  kind: FaultKind;
  message: string;
  /** What of the input was refused, where the service says so. */
  details?: readonly RefusalDetailPartsFragment[];
}
export type Answer<T> = { data: T; fault?: undefined } | { data?: undefined; fault: Fault };

export { now } from "@/session/clock";

async function patient(_place: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const begun = answerTo(init ?? {});
  if (begun) return begun;
  const signals = [AbortSignal.timeout(PATIENCE_MS), ...(init?.signal ? [init.signal] : [])];
  return heard(await send("/graphql", { ...init, signal: AbortSignal.any(signals) }));
}

// No cache: an answer about a person lives as long as the page that shows it.
const client = new Client({
  url: "/graphql",
  exchanges: [fetchExchange],
  fetch: patient,
  requestPolicy: "network-only",
  preferGetMethod: false,
  fetchOptions: () => ({
    credentials: "omit",
    cache: "no-store",
    headers: { ...spoken(settings.language), ...(held.value ? bearing(held.value) : {}) },
  }),
});

const CODES: Readonly<Record<string, FaultKind>> = {
  UNAUTHENTICATED: "signed-out",
  FORBIDDEN: "forbidden",
  STEP_UP_REQUIRED: "step-up",
  NOT_AVAILABLE: "absent",
  RATE_LIMITED: "busy",
  UNAVAILABLE: "busy",
};

/** What an error is to the person in front of the screen. */
export function faultOf(error: CombinedError): Fault {
  const first = error.graphQLErrors[0];
  if (first) {
    const code = String(first.extensions.code ?? "");
    const kind = CODES[code] ?? (code === "FAULT" || code === "" ? "broken" : "refused");
    const details = first.extensions.details as readonly RefusalDetailPartsFragment[] | undefined;
    return { kind, message: first.message, ...(details ? { details } : {}) };
  }
  if ((error.response as Response | undefined)?.status) return { kind: "broken", message: "" };
  return { kind: error.networkError?.name === "TimeoutError" ? "slow" : "offline", message: "" };
}

type Variables = Record<string, unknown>;

let asked = 0;

/** Each question is its own. The client gives one that is asked again meanwhile the first one's answer: after an act that is the
 * answer of before. */
function queried<T, V extends Variables>(document: TypedDocumentNode<T, V>, variables: V) {
  return client.executeQuery<T, V>({ ...createRequest(document, variables), key: ++asked });
}

async function once<T, V extends Variables>(document: TypedDocumentNode<T, V>, variables: V, mutates: boolean): Promise<Answer<T>> {
  const result = await (mutates ? client.mutation(document, variables) : queried(document, variables)).toPromise();
  if (result.error) return { fault: faultOf(result.error) };
  return result.data ? { data: result.data } : { fault: { kind: "broken", message: "" } };
}

async function withSession<T, V extends Variables>(document: TypedDocumentNode<T, V>, variables: V, mutates: boolean): Promise<Answer<T>> {
  const answer = await once(document, variables, mutates);
  if (answer.fault?.kind !== "signed-out" || !held.value) return answer;
  // The token ended. If the issuer still knows us, nothing is lost; a refused call has changed nothing.
  if (await renew().catch(() => false)) return once(document, variables, mutates);
  await end("expired");
  return answer;
}

/** Sends one query. Never throws. */
export function ask<T, V extends Variables>(document: TypedDocumentNode<T, V>, variables: V): Promise<Answer<T>> {
  return withSession(document, variables, false);
}

/** Sends one mutation. Never throws. After "offline" or "slow" nobody knows whether it happened: repeat with the same key. */
export function act<T, V extends Variables>(document: TypedDocumentNode<T, V>, variables: V): Promise<Answer<T>> {
  return withSession(document, variables, true);
}

/** A fresh idempotency key. */
export function freshKey(): string {
  return crypto.randomUUID();
}
