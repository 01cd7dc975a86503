import { base64, Broken, same, sha256, unbase64, utf8Of, type Bytes } from "./bytes";
import { included, leafHash } from "./merkle";
import { checkpointIn, proofIn, wordOf, type Checkpoint, type VerifierKey } from "./notes";

/** A receipt as the API answers it (`AccessReceipt`). */
export interface Receipt {
  data: string;
  salt: string;
  link: string | null;
  linkSalt: string | null;
  proof: string;
}

/** What a leaf says of a look, as far as a list shows it. */
export interface Said {
  id: string;
  at: string;
  basis: string;
  channel: string;
  purpose: string;
  stage: string | null;
  records: number;
  grant: string | null;
  refused: string | null;
  actor: { name: string | null; operator: string | null };
  link: string;
}

interface Link {
  subject: string | null;
  sequence: number | null;
  previous: string | null;
}

/** A receipt that holds. */
export interface Checked {
  index: number;
  leaf: Bytes;
  said: Said;
  link: Link | null;
  note: string;
  checkpoint: Checkpoint;
}

/** What a receipt proves. Throws `Broken` unless every bit of it holds. */
export async function checkReceipt(receipt: Receipt, keys: readonly VerifierKey[]): Promise<Checked> {
  const proof = proofIn(receipt.proof);
  const checkpoint = await checkpointIn(proof.note, keys);
  const leaf = await leafHash(unbase64(receipt.salt, 32), utf8Of(receipt.data));
  if (!same(await included(proof.index, checkpoint.size, leaf, proof.path), checkpoint.root)) throw new Broken("leaf");
  const said = JSON.parse(receipt.data) as Said;
  return { index: proof.index, leaf, said, link: await linkOf(receipt, said), note: proof.note, checkpoint };
}

async function linkOf(receipt: Receipt, said: Said): Promise<Link | null> {
  if ((receipt.link === null) !== (receipt.linkSalt === null)) throw new Broken("link");
  if (receipt.link === null || receipt.linkSalt === null) return null;
  const made = await sha256(unbase64(receipt.linkSalt, 32), utf8Of(receipt.link));
  if (base64(made) !== said.link) throw new Broken("link");
  return JSON.parse(receipt.link) as Link;
}

/** Numbers that are missing between one subject's looks: `[first, last]` of each gap. */
export type Gap = readonly [first: number, last: number];

/** That receipts do not contradict each other; the gaps between them. Throws `Broken`. */
export function checkTogether(found: readonly Checked[]): Gap[] {
  const [places, roots] = [new Map<number, string>(), new Map<number, string>()];
  for (const one of found) {
    if (isOther(places, one.index, wordOf(one.leaf)) || isOther(roots, one.checkpoint.size, wordOf(one.checkpoint.root))) throw new Broken("fork");
  }
  const numbered = found.filter((one) => one.link?.sequence != null);
  const subjects = new Set(numbered.map((one) => one.link!.subject));
  return [...subjects].flatMap((subject) => gapsIn(numbered.filter((one) => one.link!.subject === subject)));
}

function isOther(kept: Map<number, string>, at: number, word: string): boolean {
  if (!kept.has(at)) kept.set(at, word);
  return kept.get(at) !== word;
}

function gapsIn(found: readonly Checked[]): Gap[] {
  const gaps: Gap[] = [];
  const inOrder = [...new Map(found.map((one) => [one.link!.sequence!, one])).entries()].sort(([a], [b]) => a - b);
  for (let at = 1; at < inOrder.length; at++) {
    const [last, before] = inOrder[at - 1]!;
    const [sequence, one] = inOrder[at]!;
    if (sequence !== last + 1) gaps.push([last + 1, sequence - 1]);
    else if (one.link!.previous !== base64(before.leaf) || one.index <= before.index) throw new Broken("order");
  }
  return gaps;
}
