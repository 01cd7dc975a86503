import type { BenefitKind, ConditionInput, OfferDraftInput, OfferVersionPartsFragment, Period, Sector } from "@/gql/graphql";
import { calendarDay } from "@/shared/moments";

export type Figure = "percent" | "yuan" | "capYuan" | "days";
export type Terms = Omit<OfferDraftInput, "idempotencyKey">;

/** What each kind of benefit says in figures; the service refuses anything else. */
export const FIGURES: Readonly<Record<BenefitKind, readonly Figure[]>> = {
  DISCOUNT: ["percent"],
  FEE_WAIVER: ["yuan"],
  DEPOSIT_FREE: ["capYuan"],
  PAY_LATER: ["capYuan", "days"],
  PRIORITY: [],
  EXTRA_QUOTA: [],
  GIFT: [],
};
/** What a kind may say besides. */
export const OPTIONAL: Readonly<Partial<Record<BenefitKind, readonly Figure[]>>> = { DISCOUNT: ["capYuan"], DEPOSIT_FREE: ["days"] };
export const figuresOf = (kind: BenefitKind): readonly Figure[] => [...FIGURES[kind], ...(OPTIONAL[kind] ?? [])];
export const KINDS = Object.keys(FIGURES) as BenefitKind[];
export const SECTORS: readonly Sector[] = ["HEALTHCARE", "CHILDCARE", "ELDERCARE", "DOMESTIC_SERVICE", "TRAVEL", "SHOPPING", "TRANSPORT", "OTHER"];
/** The city's tiers, as text so that none can be chosen among them. */
export const TIERS = ["none", "1", "2", "3", "4", "5"] as const;
/** Stands among the tiers for a condition that is more than one of them. */
export const KEPT = "kept";
/** With which offers it may be used in one order; "kept" stands for a list of them, which is kept as it is. */
export const COMBINING = ["any", "alone", KEPT] as const;
export const OFFLINE = ["no", "yes"] as const;
export const PERIODS = ["none", "DAY", "WEEK", "MONTH"] as const satisfies readonly ("none" | Period)[];

/** An offer as it is typed: days and figures are text until they are sent. */
export interface Typed {
  title: string;
  sector: Sector;
  kind: BenefitKind;
  text: string;
  figures: Record<Figure, string>;
  tier: (typeof TIERS)[number] | typeof KEPT;
  /** What it asks when that is more than a tier: it is kept as it is unless a tier is chosen instead. */
  kept: { said: string; condition: ConditionInput } | null;
  terms: string;
  from: string;
  to: string;
  perPerson: string;
  period: (typeof PERIODS)[number];
  stock: string;
  storeIds: string[];
  /** The money for it, and each store's part of it by the store's id; nothing typed is no limit. */
  budget: string;
  parts: Record<string, string>;
  combining: (typeof COMBINING)[number];
  combinesWith: string[];
  /** Whether it is used at tills without a network. */
  offline: (typeof OFFLINE)[number];
  note: string;
}

export function blank(now: number): Typed {
  return {
    title: "",
    sector: "SHOPPING",
    kind: "DISCOUNT",
    text: "",
    figures: { percent: "", yuan: "", capYuan: "", days: "" },
    tier: "none",
    kept: null,
    terms: "",
    from: calendarDay(now),
    to: "",
    perPerson: "1",
    period: "none",
    stock: "",
    storeIds: [],
    budget: "",
    parts: {},
    combining: "any",
    combinesWith: [],
    offline: "no",
    note: "",
  };
}

/** A version, to be rewritten. */
export function typed(version: OfferVersionPartsFragment): Typed {
  const { benefit } = version;
  const condition = again(version.condition) as ConditionInput;
  const tier = tierOf(condition);
  return {
    title: version.title,
    sector: version.sector,
    kind: benefit.kind,
    text: version.benefitText,
    figures: { percent: benefit.percent ?? "", yuan: benefit.yuan ?? "", capYuan: benefit.capYuan ?? "", days: benefit.days === null ? "" : String(benefit.days) },
    tier,
    kept: tier === KEPT ? { said: version.requirement, condition } : null,
    terms: version.terms,
    from: calendarDay(Date.parse(version.startsAt)),
    to: calendarDay(Date.parse(version.endsAt)),
    perPerson: String(version.perPerson),
    period: PERIODS.find((period) => period === version.perPersonPeriod) ?? "none",
    stock: String(version.stock),
    storeIds: version.stores.map(({ id }) => id),
    budget: version.budgetYuan ?? "",
    parts: Object.fromEntries(version.storeBudgets.map(({ storeId, yuan }) => [storeId, yuan])),
    combining: version.combinesWith === null ? "any" : version.combinesWith.length ? KEPT : "alone",
    combinesWith: version.combinesWith ?? [],
    offline: version.worksOffline ? "yes" : "no",
    note: "",
  };
}

/** As the service is asked; a figure that is no number is sent as none, and refused where it stands. */
export function termsOf(one: Typed): Terms {
  const has = (figure: Figure) => figuresOf(one.kind).includes(figure) && one.figures[figure].trim() !== "";
  const sum = (figure: Figure) => (has(figure) ? one.figures[figure].trim() : null);
  return {
    title: one.title.trim(),
    sector: one.sector,
    benefit: { kind: one.kind, text: one.text.trim(), percent: sum("percent"), yuan: sum("yuan"), capYuan: sum("capYuan"), days: has("days") ? whole(one.figures.days) : null },
    condition: conditionOf(one),
    terms: one.terms.trim(),
    startsAt: `${one.from}T00:00:00+08:00`,
    endsAt: `${one.to}T23:59:59+08:00`,
    perPerson: whole(one.perPerson),
    perPersonPeriod: one.period === "none" ? null : one.period,
    stock: whole(one.stock),
    storeIds: one.storeIds,
    budgetYuan: one.budget.trim() || null,
    storeBudgets: partsOf(one),
    combinesWith: one.combining === "any" ? null : one.combining === "alone" ? [] : one.combinesWith,
    worksOffline: one.offline === "yes",
    note: one.note.trim() || null,
  };
}

function partsOf({ storeIds, parts }: Typed) {
  const given = storeIds.flatMap((storeId) => (parts[storeId]?.trim() ? [{ storeId, yuan: parts[storeId].trim() }] : []));
  return given.length ? given : null;
}

function conditionOf({ tier, kept }: Typed): ConditionInput | null {
  if (tier === KEPT) return kept?.condition ?? null;
  return tier === "none" ? null : { tier: Number(tier) };
}

function tierOf(condition: ConditionInput): Typed["tier"] {
  if (condition.all?.length === 0) return "none";
  return TIERS.find((tier) => tier === String(condition.tier)) ?? KEPT;
}

/** A tree as it was read, to be sent again: of each place the one thing that is there. */
function again(place: unknown): unknown {
  if (Array.isArray(place)) return place.map(again);
  if (typeof place !== "object" || place === null) return place;
  const said = Object.entries(place).filter(([name, value]) => value !== null && name !== "__typename");
  return Object.fromEntries(said.map(([name, value]) => [name, again(value)]));
}

/** Whether there is enough to be sent; whether it is right is the service's to say. */
export function isWhole(one: Typed): boolean {
  const texts = [one.title, one.text, one.terms, one.from, one.to, one.perPerson, one.stock, ...FIGURES[one.kind].map((figure) => one.figures[figure])];
  return texts.every((text) => text.trim() !== "") && one.storeIds.length > 0;
}

function whole(text: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : 0;
}
