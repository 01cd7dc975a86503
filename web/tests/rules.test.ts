import { CombinedError } from "@urql/core";
import { decodeQR } from "qr/decode.js";
import { beforeEach, describe, expect, test } from "vitest";

import { ends, isComplete, type Terms } from "@/phone/grants/terms";
import { arc, share, spot } from "@/phone/home/gauge";
import { byDay } from "@/phone/looks/days";
import { current, grouped, isLow, left } from "@/phone/offers/codes";
import { byCategory } from "@/phone/record/order";
import { faultOf } from "@/shared/ask";
import { month } from "@/shared/moments";
import { qrPath } from "@/shared/qr";
import { digitsIn, keyOf, wasTried } from "@/till/key";

test("records stand by category, favourable first among and within them", () => {
  const record = (category: string, nature: string, n: number) => ({ category, nature, n }) as never as Parameters<typeof byCategory>[0][number] & { n: number };
  const found = byCategory([record("JUDICIAL", "ADVERSE", 1), record("ADMINISTRATIVE", "ADVERSE", 2), record("ADMINISTRATIVE", "NEUTRAL", 3), record("HONOUR", "FAVOURABLE", 4)]);
  expect(found.map((group) => [group.category, group.records.map((one) => one.n)])).toEqual([["HONOUR", [4]], ["ADMINISTRATIVE", [3, 2]], ["JUDICIAL", [1]]]);
});

describe("rotating codes", () => {
  const at = (minute: number) => `2026-11-25T09:0${minute}:00Z`;
  const codes = [0, 1, 2, 3].map((n) => ({ digits: String(n), validFrom: at(n), validUntil: at(n + 1) }));
  const ms = (text: string) => Date.parse(text);

  test("the code of now is half-open: at its end the next one is shown", () => {
    expect(current(codes, ms(at(1)))?.digits).toBe("1");
    expect(current(codes, ms(at(2)) - 1)?.digits).toBe("1");
    expect(current(codes, ms(at(2)))?.digits).toBe("2");
    expect(current(codes, ms(at(4)))).toBeNull();
    expect(current([], 0)).toBeNull();
  });

  test("more are fetched when half are used up", () => {
    expect(isLow(codes, ms(at(0)))).toBe(false);
    expect(isLow(codes, ms(at(2)))).toBe(true);
    expect(left(codes[0]!, ms(at(1)) - 1500)).toBe(2);
    expect(left(codes[0]!, ms(at(3)))).toBe(0);
  });

  test("eighteen digits are three groups, and the QR code says the same", () => {
    const digits = "283192510560555585";
    expect(grouped(digits)).toEqual(["283192", "510560", "555585"]);
    const { path, size } = qrPath(digits);
    const scale = 4;
    const data = new Uint8ClampedArray((size * scale) ** 2 * 4).fill(255);
    for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
      for (let dy = 0; dy < scale; dy++)
        for (let dx = 0; dx < scale; dx++) data.fill(0, ((Number(y) * scale + dy) * size * scale + Number(x) * scale + dx) * 4, ((Number(y) * scale + dy) * size * scale + Number(x) * scale + dx) * 4 + 3);
    expect(decodeQR({ width: size * scale, height: size * scale, data })).toBe(digits);
  });
});

describe("the till", () => {
  beforeEach(() => sessionStorage.clear());

  test("a code keeps its key over every try and a reload", () => {
    expect(wasTried("1".repeat(18))).toBe(false);
    const key = keyOf("1".repeat(18));
    expect(keyOf("1".repeat(18))).toBe(key);
    expect(keyOf("2".repeat(18))).not.toBe(key);
    expect(wasTried("1".repeat(18))).toBe(true);
  });

  test("digits are read however they are written", () => {
    expect(digitsIn(" 283192 510560-555585 ")).toBe("283192510560555585");
    expect(digitsIn("２８３１９２５１０５６０５５５５８５")).toBe("283192510560555585");
    for (const text of ["", "123", "https://x.example/283192510560555585", "28319251056055558x", "2831925105605555850"]) expect(digitsIn(text)).toBeNull();
  });
});

describe("faults", () => {
  const answered = (code: string) => new CombinedError({ graphQLErrors: [{ message: "m", extensions: { code } }] });

  test("a broken network is never a no", () => {
    expect(faultOf(new CombinedError({ networkError: new TypeError("fetch failed") })).kind).toBe("offline");
    expect(faultOf(new CombinedError({ networkError: new DOMException("", "TimeoutError") })).kind).toBe("slow");
    expect(faultOf(new CombinedError({ networkError: new Error("no JSON"), response: { status: 502 } })).kind).toBe("broken");
  });

  test.each([["UNAUTHENTICATED", "signed-out"], ["FORBIDDEN", "forbidden"], ["NOT_AVAILABLE", "absent"], ["UNAVAILABLE", "busy"], ["FAULT", "broken"], ["BAD_CURSOR", "refused"]])(
    "%s is %s",
    (code, kind) => expect(faultOf(answered(code))).toEqual({ kind, message: "m" }),
  );
});

test("the gauge ends where the scale ends", () => {
  const scale = { min: 300, max: 1000 };
  expect([share(300, scale), share(650, scale), share(1000, scale), share(1200, scale), share(0, scale)]).toEqual([0, 0.5, 1, 1, 0]);
  expect(share(1, { min: 1, max: 1 })).toBe(0);
  expect(spot(0.5).x).toBeCloseTo(0);
  expect(spot(0.5).y).toBe(-100);
  expect(arc(0, 1)).toContain("A100 100 0 1 1");
});

test("looks are grouped by the city's day", () => {
  const look = (at: string) => ({ at });
  expect(byDay([look("2026-11-25T16:30:00Z"), look("2026-11-25T16:00:00Z"), look("2026-11-25T15:59:00Z")]).map((group) => [group.day, group.looks.length])).toEqual([["2026-11-26", 2], ["2026-11-25", 1]]);
  expect(month(new Date("2026-11-30T16:00:00Z"))).toBe("2026-12");
});

test("a grant needs its purpose, its kinds, and a stage when it is about a loan", () => {
  const terms: Terms = { purpose: "EMPLOYMENT", stages: [], categories: ["HONOUR"], period: "30", once: false };
  expect(isComplete(terms)).toBe(true);
  expect(isComplete({ ...terms, purpose: null })).toBe(false);
  expect(isComplete({ ...terms, categories: [] })).toBe(false);
  expect(isComplete({ ...terms, purpose: "FINANCING" })).toBe(false);
  expect(ends("30", Date.parse("2026-11-25T09:00:00.123Z"))).toBe("2026-12-25T09:00:00Z");
});
