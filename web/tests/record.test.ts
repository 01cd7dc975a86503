import { describe, expect, test } from "vitest";

import { isCode, isCodeLike, isPersonal } from "@/phone/front/numbers";
import { drawn, whenRepairable } from "@/phone/record/dates";

describe("what is typed into the public search", () => {
  test.each([
    ["110105199003070015", true],
    ["11010519900307002X", true],
    ["11010519900307002x", true],
    ["110105900307001", true],
    ["110105199013070015", false], // no thirteenth month
    ["91129904000000003K", false],
    ["海津示例餐饮管理有限公司", false],
  ])("%s is somebody's own number: %s", (text, personal) => expect(isPersonal(text)).toBe(personal));

  test("an organisation's code that has a day's form is asked for all the same", () => {
    const body = "12120119190307001";
    const last = [..."0123456789ABCDEFGHJKLMNPQRTUWXY"].filter((one) => isCode(body + one));
    expect(last).toHaveLength(1);
    for (const one of "0123456789") expect(isPersonal(body + one)).toBe(one !== last[0]);
  });

  test("one mistyped character is seen", () => {
    expect(isCode("91129904000000003K")).toBe(true);
    expect(isCode("91129904000000003k")).toBe(true);
    expect(isCode("91129904000000008K")).toBe(false);
    expect(isCode("9112990400000000OK")).toBe(false);
    expect(isCodeLike("91129904000000008K")).toBe(true);
    expect(isCodeLike("9112990400000000")).toBe(false);
  });
});

describe("from when a repair may be asked for", () => {
  test.each([
    [null, { is: "open", days: 0 }],
    ["2026-11-26", { is: "now", days: 0 }],
    ["2026-11-27", { is: "now", days: 0 }],
    ["2026-11-28", { is: "later", days: 1 }],
    ["2027-02-27", { is: "later", days: 92 }],
  ])("%s", (from, said) => expect(whenRepairable(from, "2026-11-27")).toEqual(said));
});

describe("a record's three ends on one line", () => {
  const record = { occurredOn: "2026-01-01", recordedAt: "2026-01-05T00:00:00Z", publicity: "PUBLIC", publicityUntil: "2026-04-01", queryUntil: "2031-01-01", scoreUntil: null, status: "CURRENT" } as const;
  const states = (changed: object, today: string) => drawn({ ...record, ...changed }, today).terms.map(({ state }) => state).join();

  test("each ends only its own use, and its last day counts", () => {
    expect(states({}, "2026-04-01")).toBe("running,running,open");
    expect(states({}, "2026-04-02")).toBe("over,running,open");
    expect(states({}, "2031-01-02")).toBe("over,over,open");
    expect(states({ publicity: "ON_AUTHORISATION" }, "2026-04-01")).toBe("never,running,open");
  });

  test("what is repaired or withdrawn is used for nothing", () => {
    for (const status of ["REPAIRED", "WITHDRAWN", "SUPERSEDED"]) expect(states({ status }, "2026-02-01")).toBe("stopped,stopped,stopped");
  });

  test("the line goes from the beginning to the last day, and today is on it", () => {
    const line = drawn({ ...record, queryUntil: "2026-04-11" }, "2026-02-20");
    expect([line.begins, line.ends, line.today]).toEqual(["2026-01-01", "2026-04-11", 50]);
    expect(line.terms.map(({ from, to, daysLeft }) => [from, to, daysLeft])).toEqual([[0, 90, 40], [0, 100, 50], [0, 100, 0]]);
    const undated = drawn({ ...record, occurredOn: null }, "2026-12-31");
    expect([undated.begins, undated.ends]).toEqual(["2026-01-05", "2031-01-01"]);
  });

  test("a record of today without any end has a line too", () => {
    const line = drawn({ ...record, occurredOn: "2026-02-20", publicityUntil: null, queryUntil: null }, "2026-02-20");
    expect(Number.isFinite(line.today)).toBe(true);
  });
});
