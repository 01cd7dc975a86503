import { LooksProvedDocument, type LooksProvedQuery } from "@/gql/graphql";
import { ask, type Answer, type Fault } from "@/shared/ask";
import { keep, kept } from "./log/kept";
import { verify, type Verdict } from "./log/verify";

type Connection = LooksProvedQuery["me"]["accessHistory"];
type Line = Connection["edges"][number]["node"];

/** More than this and the list is checked from its newest end only. */
export const MOST_PAGES = 20;
/** What was checked, and whether older lines were left out. */
export type Proved = { verdict: Verdict; lines: readonly Line[]; isCut: boolean };

/** All lines of the list with their receipts, one's own among them, newest first: only so can a gap be seen. */
async function fetched(): Promise<{ lines: Line[]; isCut: boolean } | Fault> {
  const lines: Line[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Answer<LooksProvedQuery> = await ask(LooksProvedDocument, { after });
    if (answer.fault) return answer.fault;
    const { edges, pageInfo }: Connection = answer.data.me.accessHistory;
    lines.push(...edges.map((edge) => edge.node));
    if (!pageInfo.hasNextPage) return { lines, isCut: false };
    after = pageInfo.endCursor;
  }
  return { lines, isCut: true };
}

async function published(path: string): Promise<Response> {
  const response = await fetch(path, { credentials: "omit" });
  if (!response.ok) throw new TypeError(`${path}: ${response.status}`);
  return response;
}

/** Checks the whole list in this browser; without a network, the list as it was `last` fetched. A fault means that nothing could be
 * checked, never that something is wrong. */
export async function prove(last: Proved | null): Promise<Proved | Fault> {
  const before = kept(); // before the list is asked for: what another tab keeps meanwhile is newer than the list
  const answer = await fetched();
  const isAway = "kind" in answer;
  if (isAway && (last === null || (answer.kind !== "offline" && answer.kind !== "slow"))) return answer;
  const found = isAway ? last! : answer;
  const keys = await published("/log/keys").then((response) => response.text()).catch(() => before?.keys ?? null);
  if (keys === null) return { kind: "offline", message: "" };
  const read = async (path: string) => new Uint8Array(await (await published(`/log/tile/${path}`)).arrayBuffer());
  const verdict = await verify(found.lines, keys, isAway ? null : before, read);
  if (verdict.kind === "whole" && verdict.kept && !isAway) keep(verdict.kept);
  return { lines: found.lines, isCut: found.isCut, verdict: isAway && verdict.kind === "whole" ? { ...verdict, log: "unreached" as const } : verdict };
}
