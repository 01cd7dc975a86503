import type { OwnRecordPartsFragment } from "@/gql/graphql";

export type Use = "publicity" | "query" | "score";
type Dated = Pick<OwnRecordPartsFragment, "occurredOn" | "publicity" | "publicityUntil" | "queryUntil" | "scoreUntil" | "status"> & { recordedAt: string };

/** One of the three uses: until when, and where it stands today. `from` and `to` lie on the line, in hundredths of it. */
export interface Term {
  use: Use;
  state: "running" | "open" | "over" | "stopped" | "never";
  until: string | null;
  daysLeft: number;
  from: number;
  to: number;
}

const DAY_MS = 86_400_000;
const GONE = new Set(["REPAIRED", "WITHDRAWN", "SUPERSEDED"]);
const at = (day: string) => Date.parse(`${day.slice(0, 10)}T00:00:00Z`);

/** The three uses of a record on one line of days, which goes from its beginning to the last day that matters. */
export function drawn(record: Dated, today: string): { begins: string; ends: string; today: number; terms: Term[] } {
  const begins = record.occurredOn ?? record.recordedAt.slice(0, 10);
  const ends: Record<Use, string | null> = { publicity: record.publicityUntil, query: record.queryUntil, score: record.scoreUntil };
  const days = [today, ...Object.values(ends).filter((day) => day !== null)].map(at);
  const [first, last] = [Math.min(at(begins), at(today)), Math.max(...days, at(begins) + DAY_MS)];
  const place = (day: number) => Math.min(100, Math.max(0, ((day - first) / (last - first)) * 100));
  const terms = (["publicity", "query", "score"] as const).map((use): Term => {
    const until = ends[use];
    const state = stateOf(record, use, until, today);
    const to = state === "never" ? 0 : until === null ? 100 : place(at(until));
    const from = state === "never" ? 0 : place(at(begins));
    return { use, state, until, daysLeft: until === null ? 0 : Math.round((at(until) - at(today)) / DAY_MS), from, to };
  });
  return { begins, ends: new Date(last).toISOString().slice(0, 10), today: place(at(today)), terms };
}

/** Whether the repair of a record may be asked for by a day, and in how many days otherwise; "open" where the classes do not say. */
export function whenRepairable(from: string | null, today: string): { is: "now" | "later" | "open"; days: number } {
  if (from === null) return { is: "open", days: 0 };
  const days = Math.max(0, Math.round((at(from) - at(today)) / DAY_MS));
  return { is: days ? "later" : "now", days };
}

function stateOf(record: Dated, use: Use, until: string | null, today: string): Term["state"] {
  if (use === "publicity" && record.publicity !== "PUBLIC") return "never";
  if (GONE.has(record.status)) return "stopped";
  if (until === null) return record.status === "ENDED" ? "stopped" : "open";
  return until < today ? "over" : "running";
}
