// @vitest-environment node
import { readFileSync } from "node:fs";

import { beforeEach, describe, expect, test, vi } from "vitest";

import { isGoodAt, readBundle, readCode, type Bundle } from "@/till/offline";
import { answer, keepBundle, kept, spend, waiting } from "@/till/spent";

interface Made {
  at: string;
  code: string;
  byRetired: string;
  bundles: Record<"first" | "next" | "older" | "elsewhere", string>;
}
const made = JSON.parse(readFileSync(new URL("offline.json", import.meta.url), "utf8")) as Made;

const at = Date.parse(made.at);
const minute = 60_000;
const bundle = async (name: keyof Made["bundles"], before: Bundle | null = null) => readBundle(made.bundles[name], before);

describe("a till without a network", () => {
  test("reads what the service signed, for its store and its time", async () => {
    const { keys, store } = (await bundle("first"))!;
    const code = (await readCode(made.code, keys))!;
    expect(code).toMatchObject({ use: "12345678.1", needsOrder: true, issuedAt: at, expiresAt: at + 720 * minute });
    expect(await isGoodAt(code, store, at - 5 * minute)).toBe(true);
    for (const [place, when] of [["sto_there", at], [store, at - 6 * minute], [store, at + 720 * minute]] as const) expect(await isGoodAt(code, place, when)).toBe(false);
  });

  test("reads nothing that was changed", async () => {
    const { keys } = (await bundle("first"))!;
    for (let place = 0; place < made.code.length; place += 1) {
      const other = made.code[place] === "A" ? "B" : "A";
      expect(await readCode(made.code.slice(0, place) + other + made.code.slice(place + 1), keys)).toBeNull();
    }
    for (const text of ["", made.code.slice(1), `${made.code}A`, "1".repeat(18)]) expect(await readCode(text, keys)).toBeNull();
  });

  test("follows its bundle from key to key, and a retired key signs nothing new", async () => {
    const first = (await bundle("first"))!;
    const next = (await bundle("next", first))!;
    expect(await readCode(made.byRetired, first.keys)).not.toBeNull();
    expect(await readCode(made.byRetired, next.keys)).toBeNull();
    expect(await readCode(made.code, next.keys)).not.toBeNull();
    for (const name of ["older", "elsewhere", "first"] as const) expect(await bundle(name, next)).toBeNull();
    expect(await readBundle(`${made.bundles.first.slice(0, 50)}A${made.bundles.first.slice(51)}`, null)).toBeNull();
    expect(await readBundle("nonsense", null)).toBeNull();
  });
});

describe("what a till spent", () => {
  const held = new Map<string, string>();
  const storage = { getItem: (key: string) => held.get(key) ?? null, setItem: (key: string, text: string) => void held.set(key, text) };
  beforeEach(() => {
    held.clear();
    vi.stubGlobal("localStorage", storage);
    vi.stubGlobal("navigator", { locks: { request: async (_: string, work: () => Promise<unknown>) => work() } });
  });

  test("is kept before anybody hears yes, once, until it was brought", async () => {
    const first = (await bundle("first"))!;
    await keepBundle(first);
    const code = (await readCode(made.code, first.keys))!;
    const order = { orderNumber: "D1", orderAmountYuan: "99" };
    const { line, isFresh } = await spend(made.code, code, order, at);
    expect(isFresh).toBe(true);
    expect(kept().spent[code.use]).toEqual(line);
    expect(await spend(made.code, code, order, at + minute)).toEqual({ line, isFresh: false });
    expect(waiting()).toEqual([[code.use, line]]);
    await answer(code.use, "REDEEMED");
    expect(waiting()).toEqual([]);
    expect((await spend(made.code, code, order, at)).isFresh).toBe(false);
    expect(kept().bundle).toEqual(first);
  });

  test("that cannot be read or written says yes to nothing", async () => {
    const code = (await readCode(made.code, (await bundle("first"))!.keys))!;
    const order = { orderNumber: null, orderAmountYuan: null };
    localStorage.setItem("haihe.till.offline", "{half");
    await expect(spend(made.code, code, order, at)).rejects.toThrow();
    held.clear();
    vi.spyOn(storage, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(spend(made.code, code, order, at)).rejects.toThrow();
    vi.restoreAllMocks();
  });
});
