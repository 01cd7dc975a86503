import { base64, Broken, joined, natural, sha256, unbase64, utf8Of, type Bytes } from "./bytes";
import { isSigned } from "./ed25519";

/** A log's name and public key, as it is published: `name+id+key`. */
export interface VerifierKey {
  name: string;
  id: string;
  data: Bytes;
}

const hex = (data: Uint8Array) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Keys out of text, one a line. Throws `Broken` for anything that is no Ed25519 key of a log. */
export async function keysIn(text: string): Promise<VerifierKey[]> {
  return Promise.all(text.split("\n").filter(Boolean).map(keyOf));
}

async function keyOf(line: string): Promise<VerifierKey> {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
  if (!name || !id || !key) throw new Broken("form", "a key");
  const data = unbase64(key, 33);
  const made = hex(await sha256(utf8Of(`${name}\n`), data)).slice(0, 8);
  if (data[0] !== 1 || made !== id) throw new Broken("form", "a key");
  return { name, id, data };
}

/** A log's state: how many leaves, under which root, and how many of them are withheld looks. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
  withheld: number;
}

/** A signed checkpoint (c2sp.org/tlog-checkpoint). Throws `Broken` unless a key of the log it names signed it. */
export async function checkpointIn(note: string, keys: readonly VerifierKey[]): Promise<Checkpoint> {
  const gap = note.lastIndexOf("\n\n");
  if (gap < 0 || !note.endsWith("\n") || note.length > 10_000 || /[\x00-\x09\x0b-\x1f]/.test(note)) throw new Broken("form", "a note");
  const [text, lines] = [note.slice(0, gap + 1), note.slice(gap + 2, -1).split("\n")];
  const [origin = "", size = "", root = "", withheld = "", end, ...more] = text.split("\n");
  const signed = [];
  for (const line of lines.slice(0, 16)) signed.push(await checked(text, line, keys.filter((key) => key.name === origin)));
  if (!signed.includes(true)) throw new Broken("key");
  if (end !== "" || more.length || !withheld.startsWith("withheld ")) throw new Broken("form", "a checkpoint");
  const found = { origin, size: natural(size), root: unbase64(root, 32), withheld: natural(withheld.slice(9)) };
  if (found.withheld > found.size) throw new Broken("form", "a checkpoint");
  return found;
}

/** Whether one of the keys made this signature. One by an unknown key is passed over: keys rotate, witnesses sign too. */
async function checked(text: string, line: string, keys: readonly VerifierKey[]): Promise<boolean> {
  const [, name, signature] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
  if (!name || !signature) throw new Broken("form", "a signature line");
  const data = unbase64(signature);
  const key = keys.find((one) => one.name === name && one.id === hex(data.slice(0, 4)));
  if (!key) return false;
  if (!(await isSigned(key.data.slice(1), utf8Of(text), data.slice(4)))) throw new Broken("signature");
  return true;
}

/** That a leaf stands at an index of a signed checkpoint's tree (c2sp.org/tlog-proof). */
export interface Proof {
  index: number;
  path: Bytes[];
  note: string;
}

/** A proof as it is written. Throws `Broken`. */
export function proofIn(text: string): Proof {
  const gap = text.indexOf("\n\n");
  const [head, index = "", ...path] = text.slice(0, Math.max(gap, 0)).split("\n");
  if (head !== "c2sp.org/tlog-proof@v1" || !index.startsWith("index ")) throw new Broken("form", "a proof");
  return { index: natural(index.slice(6)), path: path.map((line) => unbase64(line, 32)), note: text.slice(gap + 2) };
}

/** Two hashes as one word, to be compared and kept. */
export const wordOf = (...hashes: readonly Bytes[]): string => base64(joined(...hashes));
