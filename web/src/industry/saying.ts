import type { ModelContentFragment } from "@/gql/graphql";
import { list, t } from "@/shared/words";
import { i } from "./words";
import { isCounted } from "./writing";

type Indicator = ModelContentFragment["indicators"][number];
type Class = ModelContentFragment["classes"][number];

/** From one start up to the next, as it is said. */
function stretch(from: string | null | undefined, to: string | null | undefined): string {
  if (!from) return to ? i("from.below", { to }) : i("from.any");
  return to ? i("from.to", { from, to }) : i("from.up", { from });
}

/** Which values fall into an indicator's n-th bin. */
export function valuesOf(one: Indicator, n: number): string {
  const bin = one.bins[n]!;
  if (isCounted(one.source)) return stretch(bin.start, one.bins[n + 1]?.start);
  return one.source === "EVALUATION" ? i("grade", { grade: bin.value ?? "" }) : (bin.value ?? "");
}

/** Which sums give a class. */
export function sumsOf(classes: readonly Class[], n: number): string {
  return stretch(classes[n]!.start, classes[n + 1]?.start);
}

/** Where an indicator's value comes from. */
export function sourceOf(one: Indicator): string {
  if (!one.category || !one.nature) return i(`IndicatorSource.${one.source}`);
  return i("fact", { category: t(`RecordCategory.${one.category}`), nature: t(`RecordNature.${one.nature}`), n: one.years ?? 0 });
}

/** One line of two editions beside one another. */
export interface Row {
  key: string;
  name: string;
  label: string;
  values: (string | null)[];
  differs: boolean;
}

/** What an edition says, by what it is about. */
function lines(one: ModelContentFragment): Map<string, { label: string; value: string }> {
  const bins = (each: Indicator) => list([...each.bins.map((bin, n) => `${valuesOf(each, n)} → ${bin.points} [${bin.reason}]`), i("missing.n", { n: each.missing })]);
  return new Map([
    ["name", { label: i("name"), value: one.name }],
    ["instrument", { label: i("instrument"), value: one.instrument }],
    ...one.indicators.flatMap((each): [string, { label: string; value: string }][] => [
      [`${each.code} head`, { label: each.code, value: `${each.label} · ${each.description} · ${sourceOf(each)} · ${i("weight.n", { n: each.weight })}` }],
      [`${each.code} bins`, { label: `${each.code} ${i("bins")}`, value: bins(each) }],
    ]),
    ["classes", { label: i("classes"), value: list(one.classes.map(({ code }, n) => `${code} ${sumsOf(one.classes, n)}`)) }],
  ]);
}

/** Two editions line by line; what only one of them has is null in the other. */
export function compared(before: ModelContentFragment, now: ModelContentFragment): Row[] {
  const [old, next] = [lines(before), lines(now)];
  const keys = [...next.keys(), ...[...old.keys()].filter((key) => !next.has(key))];
  return keys.map((key) => {
    const values = [old.get(key)?.value ?? null, next.get(key)?.value ?? null];
    return { key, name: key, label: (next.get(key) ?? old.get(key))!.label, values, differs: values[0] !== values[1] };
  });
}
