import type { LendingStage, Period, RecordCategory } from "@/gql/graphql";
import { moment } from "@/shared/moments";
import { list, t } from "@/shared/words";

/** How many looks there may be. */
export function uses(left: number | null): string {
  return left === null ? t("grant.uses.any") : t("grant.uses.most", { n: left });
}

/** How many looks there may be in a unit of the calendar. */
export function often(most: number | string, period: Period | null): string {
  return period ? t("grant.often", { n: most, period: t(`Period.${period}`) }) : t("grant.uses.any");
}

/** How long what was seen may be kept. */
export function days(kept: number): string {
  return kept ? t("grant.retention.days", { n: kept }) : t("grant.retention.none");
}

const any = () => t("grant.any");
const READ: Readonly<Record<string, (value: string) => string>> = {
  categories: (value) => list(value.split("|").map((one) => t(`RecordCategory.${one as RecordCategory}`))),
  stages: (value) => list(value.split("|").map((one) => t(`LendingStage.${one as LendingStage}`))),
  includesEvaluation: (value) => t(value === "true" ? "grant.yes" : "grant.no"),
  validFrom: moment,
  validUntil: moment,
  uses: (value) => uses(Number(value)),
  windowMonths: (value) => t("grant.window.months", { n: value }),
  retentionDays: (value) => days(Number(value)),
  usesPerPeriod: (value) => often(value.split("/")[0]!, value.split("/")[1] as Period),
  documents: (value) => t("grant.documents.fixed", { n: value.split("|").length }),
};
const NAMES = {
  categories: "grants.categories", stages: "grants.stages", includesEvaluation: "grant.evaluation", validFrom: "grant.from", validUntil: "grants.until",
  uses: "grants.uses", windowMonths: "grant.window", retentionDays: "grant.retention", usesPerPeriod: "grant.howOften", documents: "grant.documents",
} as const;

/** An attribute's name and one of its values in words, as `TermBeyond` has them. `*` is everything, empty is nothing. */
export function said(attribute: string, value: string): string {
  if (value === "*") return any();
  return value ? (READ[attribute]?.(value) ?? value) : t("grant.nothing");
}

/** What an attribute is called. */
export function named(attribute: string): string {
  return attribute in NAMES ? t(NAMES[attribute as keyof typeof NAMES]) : attribute;
}
