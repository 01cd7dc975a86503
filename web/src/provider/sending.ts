import { CombinedError } from "@urql/core";

import { spoken } from "@/session/headers";
import { send } from "@/session/sending";
import { settings } from "@/session/settings";
import { faultOf, freshKey, type Fault } from "@/shared/ask";

const PLACE = "/intake/batches";
const PIECE = 2 * 1024 * 1024;
const PATIENCE_MS = 60_000;
const TRIES = 4;
const PAUSE_MS = 1_000;
interface Answered {
  ok: boolean;
  status: number;
  headers: Headers;
  body: Blob;
}
export type Sent = { id: string; fault?: undefined } | { id?: undefined; fault: Fault };

/** Sends a file in pieces, so that a line which breaks loses one of them; `told` hears how much has arrived. Never throws. */
export async function sendFile(file: Blob, options: { check: boolean; told: (share: number) => void }): Promise<Sent> {
  const key = freshKey();
  try {
    const opened = await patiently(() => asked(PLACE + (options.check ? "?check=true" : ""), "POST", { "Upload-Complete": "?0", "Idempotency-Key": key }));
    const place = opened.headers.get("Location");
    if (!opened.ok || !place) return await refused(opened);
    return await go(place, file, Number(opened.headers.get("Upload-Offset") ?? 0), options.told);
  } catch (error) {
    return { fault: faultOf(new CombinedError({ networkError: error instanceof Error ? error : new Error(String(error)) })) };
  }
}

/** Goes on from an offset until all of it is there. Where the service has more or less than we think, it is believed. */
async function go(place: string, file: Blob, from: number, told: (share: number) => void): Promise<Sent> {
  for (let start = from; ; ) {
    told(file.size ? start / file.size : 1);
    const end = Math.min(start + PIECE, file.size);
    const isLast = end === file.size;
    const answer = await patiently(async () => {
      try {
        return await asked(place, "PATCH", { "Content-Type": "application/partial-upload", "Upload-Offset": String(start), "Upload-Complete": isLast ? "?1" : "?0", Prefer: "wait=0" }, file.slice(start, end));
      } catch {
        return asked(place, "HEAD", {}); // was it the piece that was lost, or its answer?
      }
    });
    const arrived = answer.headers.get("Upload-Offset");
    if (answer.headers.get("Upload-Complete") === "?1" && answer.ok) {
      told(1);
      return { id: (answer.headers.get("Location") ?? place).slice(PLACE.length + 1) };
    }
    if (arrived === null || !(answer.ok || answer.status === 409)) return refused(answer);
    start = Number(arrived);
  }
}

/** Fetches the rejected rows of a batch, or says why not. */
export async function rejectedRows(path: string): Promise<{ file: Blob; fault?: undefined } | { file?: undefined; fault: Fault }> {
  try {
    const answer = await asked(path, "GET", {});
    return answer.ok ? { file: answer.body } : await refused(answer);
  } catch (error) {
    return { fault: faultOf(new CombinedError({ networkError: error instanceof Error ? error : new Error(String(error)) })) };
  }
}

/** One request, and all of its answer: a body that nobody reads would stay open. */
async function asked(place: string, method: string, headers: Record<string, string>, body?: Blob): Promise<Answered> {
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

/** Tries again, later and later, while nobody answers. */
async function patiently(attempt: () => Promise<Answered>): Promise<Answered> {
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (n === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * n));
    }
  }
}

async function refused({ body, status }: Answered): Promise<{ fault: Fault }> {
  const said = await body.text();
  const errors = said.startsWith("{") ? (JSON.parse(said) as { errors?: { message: string }[] }).errors : [];
  return { fault: faultOf(new CombinedError({ graphQLErrors: errors ?? [], response: { status } })) };
}
