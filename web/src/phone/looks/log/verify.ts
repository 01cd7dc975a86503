import { Broken, type Fault } from "./bytes";
import { checkConsistency, consistency } from "./merkle";
import { checkpointIn, keysIn, type Checkpoint } from "./notes";
import { checkReceipt, checkTogether, type Checked, type Gap, type Receipt, type Said } from "./receipts";
import { hashOf, type ReadTile } from "./tiles";

/** A line of the list as it is shown, and its receipt; null while it is not sealed yet. */
export interface Line {
  id: string;
  at: string;
  basis: string;
  channel: string;
  purpose: string;
  stage: string | null;
  recordCount: number;
  summary: string;
  actor: { name: string; operator: string | null };
  grant: { id: string } | null;
  receipt: Receipt | null;
}

/** What this device kept from last time: the log's keys and one signed checkpoint. Public, and of nobody. */
export interface Kept {
  keys: string;
  note: string;
}

type Growth = "first" | "grown" | "unreached";

/** Whole: how many lines hold, how many are too young to be sealed, and what is known of the log's growth: nothing, when no line is sealed. */
export type Verdict =
  | { kind: "whole"; count: number; unsealed: number; log: Growth | "none"; isNewKey: boolean; kept: Kept | null }
  | { kind: "gaps"; gaps: Gap[] }
  | { kind: "broken"; fault: Fault; id: string | null };

/** Checks a list against the log's keys and against what was kept. `read` fetches a tile; it rejects without a network. */
export async function verify(lines: readonly Line[], keyText: string, kept: Kept | null, read: ReadTile): Promise<Verdict> {
  let about: string | null = null;
  try {
    const keys = await keysIn(keyText);
    const checked: Checked[] = [];
    for (const line of lines) {
      about = line.id;
      if (!line.receipt) continue;
      const found = await checkReceipt(line.receipt, keys);
      checkSaid(line, found.said);
      checked.push(found);
    }
    about = null;
    const gaps = checkTogether(checked);
    if (gaps.length) return { kind: "gaps", gaps };
    const newest = checked.reduce<Checked | null>((most, one) => (most && most.checkpoint.size >= one.checkpoint.size ? most : one), null);
    const unsealed = lines.length - checked.length;
    if (!newest) return { kind: "whole", count: 0, unsealed, log: "none", isNewKey: false, kept };
    const log: Growth = kept ? await follows(kept, newest.checkpoint, read) : "first";
    const isNewKey = kept !== null && kept.keys !== keyText;
    const keeps = log === "unreached" ? kept : { keys: keyText, note: newest.note };
    return { kind: "whole", count: checked.length, unsealed, log, isNewKey, kept: keeps };
  } catch (error) {
    if (error instanceof Broken) return { kind: "broken", fault: error.fault, id: about };
    if (error instanceof SyntaxError) return { kind: "broken", fault: "form", id: about }; // JSON that is none
    throw error;
  }
}

/** Who looked, as the service names those who have no name of an organisation. */
function nameOf(said: Said): string {
  return said.actor.name ?? (said.refused ? "身份不明的机构" : "本人");
}

/** That what is shown is what the log says. The sentence is made of these by the service. */
function checkSaid(line: Line, said: Said): void {
  const isSame =
    said.id === line.id && Date.parse(said.at) === Date.parse(line.at) && said.basis === line.basis && said.channel === line.channel &&
    said.purpose === line.purpose && said.stage === line.stage && said.records === line.recordCount && said.actor.operator === line.actor.operator &&
    nameOf(said) === line.actor.name && (said.actor.name === null || line.summary.includes(said.actor.name)) && (line.grant === null || said.grant === line.grant.id);
  if (!isSame) throw new Broken("differs");
}

/** That the log goes on from what was kept. The kept root is trusted because it was kept, whoever signed it. */
async function follows(kept: Kept, now: Checkpoint, read: ReadTile): Promise<"grown" | "unreached"> {
  const before = await checkpointIn(kept.note, await keysIn(kept.keys));
  if (before.origin !== now.origin) throw new Broken("fork");
  if (before.size > now.size || before.withheld > now.withheld) throw new Broken("cut");
  try {
    const ranges = before.size && before.size < now.size ? consistency(before.size, now.size) : [];
    const path = await Promise.all(ranges.map((range) => hashOf(range, now.size, read)));
    await checkConsistency(before.size, before.root, now.size, now.root, path);
    return "grown";
  } catch (error) {
    if (error instanceof Broken) throw error;
    return "unreached";
  }
}
