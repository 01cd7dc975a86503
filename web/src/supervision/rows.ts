import type { RatePartsFragment, SupervisionQuery } from "@/gql/graphql";
import { s } from "./words";

type Figures = SupervisionQuery["oversight"]["figures"];
type Bar = { label: string; value: number };

const SHARES = ["asked", "begun", "refused", "ended", "inForce"] as const;
const WORK = ["filed", "answered", "withdrawn", "open", "late", "upheld"] as const;

/** Objections as a table, and those of its rows that are drawn. */
export function objectionRows(found: Figures["objections"]): { rows: [string, string | number][]; bars: Bar[] } {
  const bars = WORK.map((name) => ({ label: s(name), value: found[name] }));
  const median = found.medianDays === null || found.medianDays === undefined ? s("noMedian") : s("days", { n: Number(found.medianDays) });
  const stops = found.stops.map((stop): [string, number] => [s("stop", { cause: s(`StopCause.${stop.cause}`) }), stop.count]);
  return { bars, rows: [...bars.map((bar): [string, number] => [bar.label, bar.value]), [s("median"), median], ...stops] };
}

/** Shares as a table and as bars. */
export function shareRows(found: Figures["shares"]): { rows: [string, number][]; bars: Bar[] } {
  const bars = SHARES.map((name) => ({ label: s(`share.${name}`), value: found[name] }));
  return { bars, rows: bars.map((bar): [string, number] => [bar.label, bar.value]) };
}

/** Looks by basis alone, for the picture. */
export function looksBars(found: Figures["looks"]): Bar[] {
  const sums = new Map<string, number>();
  for (const one of found) sums.set(s(`BasisKind.${one.basis}`), (sums.get(s(`BasisKind.${one.basis}`)) ?? 0) + one.answered);
  return [...sums].map(([label, value]) => ({ label, value }));
}

/** Cut off, not rounded: 100% is all of them. */
export function percent(share: RatePartsFragment): string {
  return share.rate === null || share.rate === undefined ? s("noRate") : `${(Math.floor(Number(share.rate) * 10_000) / 100).toFixed(2)}%`;
}
