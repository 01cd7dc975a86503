import type { RecordCategory, RecordNature } from "@/gql/graphql";

interface Sortable {
  category: RecordCategory;
  nature: RecordNature;
}
const NATURES: readonly RecordNature[] = ["FAVOURABLE", "NEUTRAL", "ADVERSE"];
const best = (records: readonly Sortable[]) => Math.min(...records.map((record) => NATURES.indexOf(record.nature)));

/** Records by category, favourable first: among the categories, and within each. Otherwise as they came. */
export function byCategory<R extends Sortable>(records: readonly R[]): { category: RecordCategory; records: R[] }[] {
  const groups = new Map<RecordCategory, R[]>();
  for (const record of records) groups.set(record.category, [...(groups.get(record.category) ?? []), record]);
  return [...groups]
    .map(([category, found]) => ({ category, records: found.toSorted((a, b) => NATURES.indexOf(a.nature) - NATURES.indexOf(b.nature)) }))
    .toSorted((a, b) => best(a.records) - best(b.records));
}
