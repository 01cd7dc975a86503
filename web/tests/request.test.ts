import { describe, expect, test } from "vitest";

import { named, said } from "@/phone/grants/attributes";
import { asAsked, fewer, isWhole, shorter, tapped, termsOf } from "@/phone/grants/narrowing";
import { everything, read, variables } from "@/phone/grants/preview";
import { requestIn } from "@/phone/grants/requests";

const NOW = Date.parse("2026-11-25T09:00:00Z");
const asked = { categories: ["HONOUR", "ADMINISTRATIVE"], stages: ["PRE_LOAN"], includesEvaluation: true, validUntil: "2026-12-30T00:00:00Z", usesLeft: null } as Parameters<typeof asAsked>[0];

describe("making a request narrower", () => {
  test("what was not touched is not said", () => expect(termsOf(asked, asAsked(asked))).toBeNull());

  test("only what is narrower is said", () => {
    const left = { ...asAsked(asked), categories: tapped(asked.categories, asked.categories, "HONOUR"), evaluation: false, uses: 1 };
    expect(termsOf(asked, left)).toEqual({ categories: ["ADMINISTRATIVE"], includesEvaluation: false, uses: 1 });
    expect(termsOf(asked, { ...asAsked(asked), validUntil: "2026-12-02T09:00:00Z" })).toEqual({ validUntil: "2026-12-02T09:00:00Z" });
  });

  test("tapping twice is not tapping, and keeps the order", () => {
    const once = tapped(asked.categories, asked.categories, "HONOUR");
    expect(tapped(asked.categories, once, "HONOUR")).toEqual(asked.categories);
  });

  test("nothing longer and nothing more often is ever offered", () => {
    expect(shorter(asked, NOW).map((one) => one.period)).toEqual(["7", "30"]);
    expect(shorter({ ...asked, validUntil: "2026-12-02T09:00:00Z" }, NOW)).toEqual([]);
    expect([fewer(asked), fewer({ ...asked, usesLeft: 3 }), fewer({ ...asked, usesLeft: 1 })]).toEqual([[1, 3, 10], [1], []]);
  });

  test("of nothing there is nothing to agree to", () => {
    expect(isWhole(asked, asAsked(asked))).toBe(true);
    expect(isWhole(asked, { ...asAsked(asked), categories: [] })).toBe(false);
    expect(isWhole(asked, { ...asAsked(asked), stages: [] })).toBe(false);
    expect(isWhole({ ...asked, stages: [] }, { ...asAsked(asked), stages: [] })).toBe(true);
  });
});

describe("a scanned text", () => {
  const id = "grt_0123456789ABCDEFGHJK";
  test.each([id, ` ${id}\n`, `haihe://grant-request/${id}`, `https://credit.example/grant-request/${id}`])("%s names a request", (text) => expect(requestIn(text)).toBe(id));
  test.each(["", "grt_", "javascript:alert(1)", `https://evil.test/${id}`, `${id}/../x`, `${id}?x`, "grt_0123456789ABCDEFGHJK<b>", "283192510560555585"])("%s names none", (text) =>
    expect(requestIn(text)).toBeNull(),
  );
});

test("the answer's bytes are read: what it shows, or why it shows nothing", () => {
  expect(read('{"data":{"granted":{"subject":{"name":"林"}}}}').shown?.subject.name).toBe("林");
  expect(read('{"data":null,"errors":[{"message":"未获授权"}]}')).toEqual({ refused: "未获授权" });
  expect(everything(false)).toContain("objections");
  expect([everything(false), everything(true)].map((document) => document.includes("EvaluationParts"))).toEqual([false, true]);
  expect(JSON.parse(variables("grt_1", undefined))).toEqual({ query: { grantId: "grt_1", operator: "预览", stage: null }, after: null });
});

test("what goes beyond is said in words", () => {
  expect(said("categories", "HONOUR|JUDICIAL")).toBe("诚实守信相关荣誉、司法裁判与执行");
  expect([said("uses", "*"), said("uses", "3"), said("stages", ""), said("usesPerPeriod", "2/MONTH")]).toEqual(["不限", "最多 3 次", "没有", "每月最多 2 次"]);
  expect([named("retentionDays"), named("somethingNew"), said("somethingNew", "x")]).toEqual(["对方保存多久", "somethingNew", "x"]);
});
