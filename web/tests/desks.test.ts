import { beforeEach, describe, expect, test, vi } from "vitest";

import { apartFrom, faultsAt, inWords } from "@/desk/wording";
import type { RefusalPartsFragment } from "@/gql/graphql";
import { attemptOf, wasSent } from "@/recipient/attempts";
import { blank, lacking, toInput, type Draft } from "@/recipient/asking";
import { endingOf, stateOf } from "@/recipient/states";
import { settings } from "@/session/settings";
import { calendarDay } from "@/shared/moments";

const whole: Draft = { ...blank("2026-11-26"), subject: { type: "RESIDENT_ID", number: " 1 ", name: " 甲 " }, purpose: "FINANCING", stages: ["PRE_LOAN"], categories: ["HONOUR"], reason: " 贷款 " };

beforeEach(() => {
  settings.language = "zh";
  sessionStorage.clear();
  vi.useRealTimers();
});

describe("an attempt", () => {
  test("is the same for one grant and stage, also after a reload, and another for another", () => {
    expect(wasSent("grt_1", "PRE_LOAN")).toBe(false);
    const first = attemptOf("grt_1", "PRE_LOAN");
    expect(attemptOf("grt_1", "PRE_LOAN")).toEqual(first);
    expect(wasSent("grt_1", "PRE_LOAN")).toBe(true);
    expect(attemptOf("grt_1", "POST_LOAN").attempt).not.toBe(first.attempt);
    expect(attemptOf("grt_2", "PRE_LOAN").attempt).not.toBe(first.attempt);
  });

  test("ends before the service's ten minutes do", () => {
    vi.useFakeTimers({ now: 0 });
    const first = attemptOf("grt_1", null).attempt;
    vi.setSystemTime(8 * 60_000);
    expect(attemptOf("grt_1", null).attempt).toBe(first);
    vi.setSystemTime(9 * 60_000);
    expect(attemptOf("grt_1", null).attempt).not.toBe(first);
  });
});

describe("a request", () => {
  test("says what it lacks by the way that was chosen", () => {
    expect(lacking(blank("2026-11-26"))).toEqual(["number", "name", "purpose", "categories", "reason"]);
    expect(lacking({ ...blank("2026-11-26"), way: "SCAN" })).toEqual(["purpose", "categories", "reason"]);
    expect(lacking({ ...whole, way: "CODE" })).toEqual(["code"]);
    expect(lacking({ ...whole, stages: [] })).toEqual(["stages"]);
    expect(lacking(whole)).toEqual([]);
  });

  test("carries only the subject of its way, and stages only for financing", () => {
    expect(toInput(whole, "key").subject).toEqual({ identity: { type: "RESIDENT_ID", number: "1", name: "甲" } });
    expect(toInput({ ...whole, way: "SCAN" }, "key").subject).toBeNull();
    expect(toInput({ ...whole, way: "CODE", code: " AB " }, "key").subject).toEqual({ connectCode: "AB" });
    expect(toInput({ ...whole, purpose: "EMPLOYMENT" }, "key").stages).toEqual([]);
    const watched = { ...whole, monitoring: true };
    expect([watched, { ...watched, stages: ["POST_LOAN" as const] }].map((draft) => toInput(draft, "key").monitoring)).toEqual([false, true]);
  });

  test("ends with its day in the city, and what is no figure is refused rather than dropped", () => {
    const input = toInput({ ...whole, validUntil: "2026-12-31", uses: "３", windowMonths: "two" }, "key");
    expect([input.validUntil, input.uses, input.windowMonths, input.retentionDays]).toEqual(["2026-12-31T23:59:59+08:00", 3, -1, null]);
    expect(blank("2026-12-15").validUntil).toBe("2027-01-14");
    expect(calendarDay(Date.parse("2026-11-26T16:30:00Z"))).toBe("2026-11-27");
  });
});

describe("a refusal", () => {
  const refusal = {
    code: "INVALID_INPUT", message: "有误", retryAt: null,
    details: [
      { path: ["input", "subject", "identity", "number"], code: "NUMBER_CHECK_DIGIT", message: "校验位有误。", limit: null },
      { path: ["input", "categories"], code: "NOT_FOR_PURPOSE", message: "该用途不能包括此项：HONOUR|PROFESSIONAL。", limit: "HONOUR|PROFESSIONAL" },
      { path: ["input", "handledById"], code: "X", message: "其他。", limit: null },
    ],
  } as unknown as RefusalPartsFragment;

  test("stands at the input that it names, and what no input shows stands by itself", () => {
    expect(faultsAt(refusal, "subject", "identity", "number")).toEqual(["校验位有误。"]);
    expect(faultsAt(refusal, "subject", "identity", "name")).toEqual([]);
    expect(apartFrom(refusal, ["subject", "categories"])?.details.map((detail) => detail.message)).toEqual(["其他。"]);
    expect(faultsAt(null, "categories")).toEqual([]);
    const query = { ...refusal, details: [{ ...refusal.details[0]!, path: ["query", "caseNumber"] }] };
    expect(faultsAt(query, "query", "caseNumber")).toEqual(["校验位有误。"]);
  });

  test("says its limits in words", () => {
    expect(faultsAt(refusal, "categories")).toEqual(["该用途不能包括此项：诚实守信相关荣誉、职称与职业。"]);
    expect(inWords("超出该用途的上限：3/MONTH。")).toBe("超出该用途的上限：3/月。");
    expect(inWords("期限过长，最长P1095D。")).toBe("期限过长，最长1095 天。");
    expect(inWords("授权已经终止或者暂停（PAUSED）。")).toBe("授权已经终止或者暂停（已暂停）。");
    expect(inWords("必须早于2026-12-31T15:59:59Z。")).toBe("必须早于2026年12月31日。");
    expect(inWords("SHA-256，USCC")).toBe("SHA-256，USCC");
  });
});

test("a grant that has ended says by whom, and what can still be ended is known", () => {
  expect(stateOf({ status: "TERMINATED", endedBy: "RECIPIENT" })).toBe("本单位交还了授权。");
  expect(stateOf({ status: "LAPSED", endedBy: "RECIPIENT" })).toBe("本单位撤回了申请。");
  expect(stateOf({ status: "LAPSED", endedBy: null })).toContain("没有得到同意");
  expect(["REQUESTED", "ACTIVE", "PAUSED", "EXHAUSTED", "REVOKED"].map((status) => endingOf(status as never))).toEqual(["withdraw", "relinquish", "relinquish", null, null]);
});
