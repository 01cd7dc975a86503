import { expect, test } from "vitest";

import type { OfferVersionPartsFragment } from "@/gql/graphql";
import { blank, figuresOf, isWhole, KINDS, termsOf, typed, type Figure, type Terms } from "@/offering/writing";

const NOW = Date.parse("2026-11-23T16:30:00Z"); // the 24th in the city

const written = {
  ...blank(NOW),
  title: "满百减二十",
  text: "八折",
  figures: { percent: "20", yuan: "5", capYuan: "1000", days: "10" },
  terms: "不与其他优惠同时使用。",
  to: "2026-12-31",
  stock: "50",
  storeIds: ["sto_a"],
};

/** A version that says these terms, as it is read. */
function read(terms: Omit<Terms, "condition">) {
  return { ...terms, number: 1, benefitText: terms.benefit.text, condition: { ...NONE, all: [] }, storeBudgets: [], stores: [{ id: "sto_a", name: "一店" }] };
}

test("an offer begins on the city's day and lasts through its last one", () => {
  const terms = termsOf(written);
  expect([terms.startsAt, terms.endsAt]).toEqual(["2026-11-24T00:00:00+08:00", "2026-12-31T23:59:59+08:00"]);
});

test("a benefit is sent with its own kind's figures and no other's", () => {
  for (const kind of KINDS) {
    const { benefit } = termsOf({ ...written, kind });
    const given = (["percent", "yuan", "capYuan", "days"] as const).filter((figure) => benefit[figure] !== null);
    expect(given).toEqual(["percent", "yuan", "capYuan", "days"].filter((figure) => figuresOf(kind).includes(figure as Figure)));
  }
});

test("what is no number is sent as none, and nothing is left out for the service to guess", () => {
  const terms = termsOf({ ...written, stock: "many", perPerson: "2.5", tier: "3", period: "WEEK" });
  expect([terms.stock, terms.perPerson, terms.condition, terms.perPersonPeriod, terms.note]).toEqual([0, 0, { tier: 3 }, "WEEK", null]);
  expect(isWhole(written)).toBe(true);
  expect(isWhole({ ...written, storeIds: [] })).toBe(false);
  expect(isWhole({ ...written, figures: { ...written.figures, percent: " " } })).toBe(false);
});

const PARTS = [{ storeId: "sto_a", yuan: "60.00" }];
// Money and what goes with it, as they are typed and as they are sent.
const MONEY = [
  { typed: {}, sent: { budgetYuan: null, storeBudgets: null, combinesWith: null } },
  { typed: { budget: " 100 ", combining: "alone" as const }, sent: { budgetYuan: "100", storeBudgets: null, combinesWith: [] } },
  { typed: { budget: "100", parts: { sto_a: "60.00", sto_gone: "9" } }, sent: { budgetYuan: "100", storeBudgets: PARTS, combinesWith: null } },
  { typed: { combining: "kept" as const, combinesWith: ["ofr_b"] }, sent: { budgetYuan: null, storeBudgets: null, combinesWith: ["ofr_b"] } },
];

test.each(MONEY)("money is sent as it is typed, and read again as it was sent: $sent", ({ typed: given, sent }) => {
  const terms = termsOf({ ...written, ...given });
  expect(terms).toMatchObject(sent);
  const version = { ...read(terms), ...sent, storeBudgets: (sent.storeBudgets ?? []).map((part) => ({ ...part, store: "一店" })) };
  expect(termsOf(typed(version as unknown as OfferVersionPartsFragment))).toMatchObject(sent);
});

const NONE = { tier: null, age: null, district: null, fact: null, kind: null, all: null, any: null, not: null };
const OLD = { not: { age: ["UNDER_18"] } };
// What is asked, as it is read and as it is sent again; and what stands chosen.
const ASKED = [
  { read: { ...NONE, all: [] }, sent: null, tier: "none" },
  { read: { ...NONE, tier: 2 }, sent: { tier: 2 }, tier: "2" },
  { read: { ...NONE, all: [{ ...NONE, not: { ...NONE, age: ["UNDER_18"] } }, { ...NONE, tier: 4 }] }, sent: { all: [OLD, { tier: 4 }] }, tier: "kept" },
  { read: { ...NONE, any: [{ ...NONE, all: [{ ...NONE, all: [] }] }] }, sent: { any: [{ all: [{ all: [] }] }] }, tier: "kept" },
];

test.each(ASKED)("a version that is rewritten unchanged is the same version: $tier", ({ read: asked, sent, tier }) => {
  const terms = { ...termsOf({ ...written, period: "DAY" }), condition: sent };
  const version = { ...read(terms), condition: asked, requirement: "60岁及以上" } as unknown as OfferVersionPartsFragment;
  expect(termsOf(typed(version))).toEqual(terms);
  expect(typed(version).tier).toBe(tier);
  expect(termsOf({ ...typed(version), tier: "3" }).condition).toEqual({ tier: 3 });
});
