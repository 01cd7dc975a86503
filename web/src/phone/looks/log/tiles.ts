import { Broken, type Bytes } from "./bytes";
import { folded, nodeHash, type Range } from "./merkle";

const HASH = 32;
const WIDTH = 256;

/** A whole subtree: the leaves `place · size …`, `size` of them, a power of two. */
interface Node {
  size: number;
  place: number;
}

/** Reads a tile of the log by its path (c2sp.org/tlog-tiles). */
export type ReadTile = (path: string) => Promise<Bytes>;

/** The hash of a range that RFC 6962 cuts, in a tree of `size`, out of the log's own tiles. Throws `Broken` on a short one. */
export async function hashOf(range: Range, size: number, read: ReadTile): Promise<Bytes> {
  const hashes = await Promise.all(whole(range).map((node) => hashOfNode(node, size, read)));
  let made = hashes.pop();
  if (!made) throw new Broken("form", "an empty range");
  for (const left of hashes.reverse()) made = await nodeHash(left, made);
  return made;
}

/** A range's whole subtrees from left to right, each smaller than the one before. */
function whole([start, end]: Range): Node[] {
  const nodes: Node[] = [];
  while (start < end) {
    let size = 1;
    while (size * 2 <= end - start) size *= 2;
    nodes.push({ size, place: start / size });
    start += size;
  }
  return nodes;
}

async function hashOfNode(node: Node, size: number, read: ReadTile): Promise<Bytes> {
  let [level, covers] = [0, 1];
  while (covers * WIDTH <= node.size) [level, covers] = [level + 1, covers * WIDTH];
  const span = node.size / covers;
  const first = node.place * span;
  const number = Math.floor(first / WIDTH);
  const width = Math.min(WIDTH, Math.floor(size / covers) - number * WIDTH);
  const data = await read(pathOf(level, number, width));
  if (data.length !== width * HASH) throw new Broken("form", "a short tile");
  const at = (first % WIDTH) * HASH;
  return folded(Array.from({ length: span }, (_, n) => data.slice(at + n * HASH, at + (n + 1) * HASH)));
}

/** Where a tile is served, below `tile/`. */
export function pathOf(level: number, number: number, width: number): string {
  let digits = String(number).padStart(3, "0");
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const parts = digits.match(/\d{3}/g) ?? [];
  const place = parts.map((part, n) => (n < parts.length - 1 ? `x${part}` : part)).join("/");
  return `${level}/${place}${width < WIDTH ? `.p/${width}` : ""}`;
}
