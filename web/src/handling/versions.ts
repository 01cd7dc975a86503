import type { RecordPartsFragment } from "@/gql/graphql";
import { day } from "@/shared/moments";
import { d } from "@/desk/words";
import { t } from "@/shared/words";

/** One line of a record's versions beside one another, the newest first. */
export interface Row {
  code: string;
  label: string;
  values: readonly (string | null)[];
  /** Whether the versions do not all say the same. */
  differs: boolean;
}

/** What several versions of a record say, value by value; a value that a version does not have is null there. */
export function compared(versions: readonly RecordPartsFragment[]): Row[] {
  const rows = versions.map(said);
  const codes = [...new Map(rows.flatMap((row) => [...row].map(([code, { label }]) => [code, label] as const)))];
  return codes.map(([code, label]) => {
    const values = rows.map((row) => row.get(code)?.value ?? null);
    return { code, label, values, differs: new Set(values).size > 1 };
  });
}

/** The earlier versions that say something else than the one after them: a mark or a statement makes a version too. */
export function others<V extends { record: RecordPartsFragment }>(record: RecordPartsFragment, versions: readonly V[]): V[] {
  const newer = [record, ...versions.map((version) => version.record)];
  return versions.filter(({ record: was }, n) => compared([newer[n]!, was]).some(({ differs }) => differs));
}

function said(record: RecordPartsFragment): Map<string, { label: string; value: string | null }> {
  const date = (value: string | null) => (value ? day(value) : null);
  return new Map([
    ["title", { label: d("cases.value.title"), value: record.title }],
    ["occurredOn", { label: record.dateLabel ?? d("cases.value.date"), value: date(record.occurredOn) }],
    ["documentNumber", { label: t("record.number"), value: record.documentNumber }],
    ...record.items.map(({ code, label, value }) => [code, { label, value }] as const),
    ["publicityUntil", { label: d("cases.value.publicityUntil"), value: date(record.publicityUntil) }],
    ["queryUntil", { label: t("record.queryUntil"), value: date(record.queryUntil) }],
    ["status", { label: d("cases.value.status"), value: t(`RecordStatus.${record.status}`) }],
  ]);
}
