import { CombinedError } from "@urql/core";

import { faultOf, freshKey, type Fault } from "@/shared/ask";
import { asked, refused, type Answered } from "@/shared/fetching";

const PLACE = "/intake/batches";
const PIECE = 2 * 1024 * 1024;
const TRIES = 4;
const PAUSE_MS = 1_000;
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
