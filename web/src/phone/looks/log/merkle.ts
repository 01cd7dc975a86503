import { Broken, joined, same, sha256, type Bytes } from "./bytes";

/** Leaves `[start, end)` of a tree, counted from 0. */
export type Range = readonly [start: number, end: number];

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

/** RFC 6962: the hash of an entry, and of two subtrees. */
export const leafHash = (...entry: Uint8Array[]): Promise<Bytes> => sha256(Uint8Array.of(0), ...entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);

/** The largest power of two below a size of at least 2: where RFC 6962 cuts a tree. */
function split(size: number): number {
  let found = 1;
  while (found * 2 < size) found *= 2;
  return found;
}

/** The ranges that prove a tree of `old` leaves, at least one, to be the beginning of a tree of `size`. */
export function consistency(old: number, size: number): Range[] {
  let [start, end] = [0, size];
  const path: Range[] = [];
  while (end !== old) {
    const middle = start + split(end - start);
    if (old <= middle) {
      path.push([middle, end]);
      end = middle;
    } else {
      path.push([start, middle]);
      start = middle;
    }
  }
  return [...(start ? [[start, end] as const] : []), ...path.reverse()];
}

/** Each hash of a proof and whether it stands to the left. Throws `Broken` when they are too many or too few. */
function* sides(place: number, last: number, path: readonly Bytes[]): Generator<[Bytes, boolean]> {
  for (const sibling of path) {
    if (last === 0) throw new Broken("leaf", "the proof is too long");
    const isLeft = isOdd(place) || place === last;
    yield [sibling, isLeft];
    while (isLeft && place && !isOdd(place)) [place, last] = [half(place), half(last)];
    [place, last] = [half(place), half(last)];
  }
  if (last) throw new Broken("leaf", "the proof is too short");
}

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). Throws `Broken` when it leads nowhere. */
export async function included(index: number, size: number, leaf: Bytes, path: readonly Bytes[]): Promise<Bytes> {
  if (index >= size) throw new Broken("leaf", "outside the tree");
  let found = leaf;
  for (const [sibling, isLeft] of sides(index, size - 1, path)) found = isLeft ? await nodeHash(sibling, found) : await nodeHash(found, sibling);
  return found;
}

/** Returns when the old tree is the beginning of the new one (RFC 9162, 2.1.4.2); throws `Broken` when it is not. */
export async function checkConsistency(old: number, oldRoot: Bytes, size: number, root: Bytes, path: readonly Bytes[]): Promise<void> {
  if (old === 0 || old === size) {
    if (path.length || !same(oldRoot, old ? root : await sha256())) throw new Broken("fork");
    return;
  }
  let [place, last] = [old - 1, size - 1];
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  // The old tree is whole when its last leaf ended up as the first place: its root is known already.
  const [first, ...rest] = place === 0 ? [oldRoot, ...path] : path;
  if (!first) throw new Broken("fork");
  let [before, after] = [first, first];
  for (const [sibling, isLeft] of sides(place, last, rest)) {
    if (isLeft) before = await nodeHash(sibling, before);
    after = isLeft ? await nodeHash(sibling, after) : await nodeHash(after, sibling);
  }
  if (!same(before, oldRoot) || !same(after, root)) throw new Broken("fork");
}

/** The hash over a power of two of hashes. */
export async function folded(hashes: readonly Bytes[]): Promise<Bytes> {
  let level = hashes;
  while (level.length > 1) {
    const pairs = Array.from({ length: level.length / 2 }, (_, n) => nodeHash(level[2 * n]!, level[2 * n + 1]!));
    level = await Promise.all(pairs);
  }
  return level[0] ?? joined();
}
