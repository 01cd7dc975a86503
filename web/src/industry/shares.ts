import type { RunPartsFragment } from "@/gql/graphql";

/** One class in two runs, beside one another: how many, and the share of those that are said. */
export interface ClassRow {
  code: string;
  counts: (number | null)[];
  shares: (number | null)[];
}

const countOf = (run: RunPartsFragment, code: string) => run.counts?.find((one) => one.indicator === null && one.code === code)?.many ?? null;

/** A run's classes, in the model's order, from the lowest up. */
export function classesOf(run: RunPartsFragment): { code: string; many: number | null }[] {
  return (run.counts ?? []).filter(({ indicator }) => indicator === null).map(({ code, many }) => ({ code, many }));
}

/** Two runs' classes side by side. Shares are of what is said; where a run withholds a class, it has none. */
export function beside(one: RunPartsFragment, other: RunPartsFragment): ClassRow[] {
  const codes = classesOf(one).map(({ code }) => code);
  const sums = [one, other].map((run) => {
    const all = codes.map((code) => countOf(run, code));
    return all.some((many) => many === null) ? null : all.reduce<number>((sum, many) => sum + (many ?? 0), 0);
  });
  return codes.map((code) => {
    const counts = [countOf(one, code), countOf(other, code)];
    return { code, counts, shares: counts.map((many, n) => (many === null || !sums[n] ? null : many / sums[n])) };
  });
}

/** Cut off, not rounded. */
export const percentOf = (share: number | null): string | null => (share === null ? null : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`);

/** What the index says, by the usual two limits: below the first little has moved, above the second much has. */
export function standingOf(index: number): "steady" | "moved" | "apart" {
  return index < 0.1 ? "steady" : index <= 0.25 ? "moved" : "apart";
}
