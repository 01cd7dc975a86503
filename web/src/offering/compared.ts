import type { OfferVersionPartsFragment } from "@/gql/graphql";
import { day } from "@/shared/moments";
import { list, t } from "@/shared/words";
import { o, type OfferingKey } from "./words";

/** One line of the two versions side by side. `field` is its name in the service's own list of what differs. */
export interface Line {
  field: string;
  label: OfferingKey;
  of: (version: OfferVersionPartsFragment) => string;
}

/** What a version says, line by line, in the order in which it is read. */
export const LINES: readonly Line[] = [
  { field: "title", label: "offering.title", of: (one) => one.title },
  { field: "sector", label: "offering.sector", of: (one) => t(`Sector.${one.sector}`) },
  { field: "benefit", label: "offering.benefit", of: benefit },
  { field: "requirement", label: "offering.tier", of: (one) => one.requirement },
  { field: "requirement", label: "offering.reaches", of: (one) => o("offering.reaches.n", { n: one.tiersReached.length, names: list(one.tiersReached) }) },
  { field: "terms", label: "offering.terms", of: (one) => one.terms },
  { field: "startsAt", label: "offering.from", of: (one) => day(one.startsAt) },
  { field: "endsAt", label: "offering.to", of: (one) => day(one.endsAt) },
  { field: "perPerson", label: "offering.perPerson", of: (one) => String(one.perPerson) },
  { field: "perPersonPeriod", label: "offering.period", of: (one) => (one.perPersonPeriod ? t(`Period.${one.perPersonPeriod}`) : o("offering.period.none")) },
  { field: "stock", label: "offering.stock", of: (one) => String(one.stock) },
  { field: "stores", label: "offering.stores", of: (one) => list(one.stores.map(({ name }) => name)) },
  { field: "budgetYuan", label: "offering.budget", of: (one) => (one.budgetYuan === null ? o("offering.budget.none") : `¥${one.budgetYuan}`) },
  { field: "storeBudgets", label: "offering.budget.parts", of: (one) => list(one.storeBudgets.map(({ store, yuan }) => `${store} ¥${yuan}`)) || "—" },
  { field: "combinesWith", label: "offering.combining", of: combining },
  { field: "worksOffline", label: "offering.offline", of: (one) => o(`offering.offline.${one.worksOffline ? "yes" : "no"}`) },
  { field: "note", label: "offering.note", of: (one) => one.note ?? "—" },
];

function combining({ combinesWith }: OfferVersionPartsFragment): string {
  if (combinesWith === null) return o("offering.combining.any");
  return combinesWith.length ? o("offering.combining.some", { n: combinesWith.length }) : o("offering.combining.alone");
}

function benefit(one: OfferVersionPartsFragment): string {
  const { kind, percent, yuan, capYuan, days } = one.benefit;
  const sum = yuan ?? capYuan;
  const figures = [percent && `${percent}%`, sum && (percent ? o("offering.cap", { yuan: sum }) : `¥${sum}`), days && `${String(days)}d`].filter(Boolean);
  return [o(`BenefitKind.${kind}`), ...figures, one.benefitText].join(" · ");
}
