import { expect, test } from "vitest";

import type { ModelContentFragment } from "@/gql/graphql";
import { compared, valuesOf } from "@/industry/saying";
import { binsOf, blank, blankIndicator, faultsHere, isWhole, scorecardOf, typed, type Typed } from "@/industry/writing";

const bin = (start: string, value: string, points: string, reason = "") => ({ key: 0, start, value, points, reason });

function written(): Typed {
  const [grade, own] = [blankIndicator("EVALUATION"), blankIndicator("RECORD_FACT")];
  return {
    name: " 商贸企业 ",
    instrument: "办法",
    indicators: [
      { ...grade, code: "GRADE", label: "综合评价", description: "等级", weight: "0.6", bins: binsOf("EVALUATION").map((one, n) => ({ ...one, points: String(100 - n * 10) })) },
      { ...own, code: "PENALTY", label: "处罚", description: "次数", weight: "0.4", bins: [bin("9", "", "100"), bin("1", "", "20", "SOME")] },
    ],
    classes: [{ key: 1, code: "C", start: "" }, { key: 2, code: "A", start: "80" }],
  };
}

/** As it is read after it was sent. */
function read(one: Typed): ModelContentFragment {
  const card = scorecardOf(one);
  const indicators = card.indicators.map((each) => ({ category: null, nature: null, years: null, ...each }));
  return { id: "imd_a", code: "SM", edition: 1, ...card, indicators } as unknown as ModelContentFragment;
}

test("a figure is sent as it was typed, and a reason that nobody typed is the bin's number", () => {
  const [grade, fact] = scorecardOf(written()).indicators;
  expect(grade!.bins[0]).toEqual({ start: null, value: "A", points: "100", reason: "GRADE_A" });
  expect(fact!.bins.map(({ reason, value }) => [reason, value])).toEqual([["R1", null], ["SOME", null]]);
  expect([fact!.category, fact!.nature, fact!.years]).toEqual(["ADMINISTRATIVE", "ADVERSE", 2]);
  expect(grade!.category).toBeUndefined();
});

test("a version that is written anew unchanged is the same version", () => {
  expect(scorecardOf(typed(read(written())))).toEqual(scorecardOf(written()));
});

test.each([
  ["nothing typed", blank()],
  ["a weight that is no number", { ...written(), indicators: written().indicators.map((one) => ({ ...one, weight: "half" })) }],
  ["a start that is no number", { ...written(), classes: [{ key: 1, code: "C", start: "" }, { key: 2, code: "A", start: "1e2" }] }],
])("what is not whole is not sent: %s", (_what, one) => {
  expect(isWhole(one)).toBe(false);
  expect(isWhole(written())).toBe(true);
});

test("what is wrong stands at its own place and at no other", () => {
  const detail = (...path: string[]) => ({ path: ["input", "scorecard", ...path], code: "X", message: path.join("/"), limit: null });
  const refusal = { details: [detail("indicators", "1", "label"), detail("indicators"), detail("indicators", "1", "bins", "0", "reason")] };
  expect(faultsHere(refusal, "indicators", 1, "label")).toEqual(["indicators/1/label"]);
  expect(faultsHere(refusal, "indicators")).toEqual(["indicators"]);
  expect(faultsHere(refusal, "indicators", 0, "label")).toEqual([]);
  expect(faultsHere(refusal, "indicators", 1, "bins")).toEqual([]);
});

test("stretches are said by where they begin, and what differs between editions is found", () => {
  const model = read(written());
  expect([0, 1].map((n) => valuesOf(model.indicators[1]!, n))).toEqual(["9 以上不足 1", "1 以上"]);
  const next = written();
  next.indicators[0]!.weight = "0.5";
  next.indicators[1]!.code = "FINES";
  const rows = compared(model, read(next));
  expect(rows.filter(({ differs }) => differs).map(({ key }) => key)).toEqual(["GRADE head", "FINES head", "FINES bins", "PENALTY head", "PENALTY bins"]);
  expect(rows.find(({ key }) => key === "PENALTY head")!.values[1]).toBeNull();
});
