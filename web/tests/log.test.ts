// @vitest-environment node
import { readFileSync } from "node:fs";

import { describe, expect, test, vi } from "vitest";

import { Broken, unbase64 } from "@/phone/looks/log/bytes";
import { isSigned } from "@/phone/looks/log/ed25519";
import { checkConsistency, consistency } from "@/phone/looks/log/merkle";
import { checkpointIn, keysIn } from "@/phone/looks/log/notes";
import { checkReceipt, type Receipt } from "@/phone/looks/log/receipts";
import { pathOf } from "@/phone/looks/log/tiles";
import { verify, type Kept, type Line, type Verdict } from "@/phone/looks/log/verify";

interface Vectors {
  keys: string;
  lines: (Line & { receipt: Receipt })[];
  old: string;
  forked: string;
  longer: string;
  tiles: Record<string, string>;
}
// Made by the service's own code: tests/audit/test_app_vectors.py.
const log = JSON.parse(readFileSync(new URL("log.json", import.meta.url), "utf-8")) as Vectors;
const read = async (path: string) => unbase64(log.tiles[path] ?? "");
const away = () => Promise.reject(new TypeError("no network"));
const kept = (note: string): Kept => ({ keys: log.keys, note });
const fault = (verdict: Verdict) => (verdict.kind === "broken" ? verdict.fault : verdict.kind);
const changed = (at: number, part: Partial<Line>) => log.lines.map((line, n) => (n === at ? { ...line, ...part } : line));

describe("verify this list", () => {
  test("what the service made holds, and the checkpoint is kept for next time", async () => {
    const verdict = await verify(log.lines, log.keys, null, read);
    expect(verdict).toMatchObject({ kind: "whole", count: 12, unsealed: 0, log: "first", isNewKey: false });
    const next = await verify(log.lines, log.keys, kept(log.old), read);
    expect(next).toMatchObject({ kind: "whole", log: "grown" });
    expect(next.kind === "whole" && next.kept?.note).toContain("haihe.test/log\n300\n");
    expect(await verify(log.lines, log.keys, next.kind === "whole" ? next.kept : null, away)).toMatchObject({ kind: "whole", log: "grown" });
  });

  test("without a network the receipts still hold, and nothing newer is kept", async () => {
    expect(await verify(log.lines, log.keys, kept(log.old), away)).toMatchObject({ kind: "whole", count: 12, log: "unreached", kept: { note: log.old } });
  });

  test("where nothing is sealed yet nothing is said of the log, and what was kept stays", async () => {
    const young = log.lines.map((line) => ({ ...line, receipt: null }));
    const nothing = { kind: "whole", count: 0, unsealed: 12, log: "none", isNewKey: false };
    expect(await verify(young, log.keys, kept(log.old), away)).toEqual({ ...nothing, kept: kept(log.old) });
    expect(await verify(young, log.keys, null, read)).toEqual({ ...nothing, kept: null });
  });

  test("a log that was rewritten or cut shows against what was kept", async () => {
    expect(fault(await verify(log.lines, log.keys, kept(log.forked), read))).toBe("fork");
    expect(fault(await verify(log.lines, log.keys, kept(log.longer), read))).toBe("cut");
  });

  test("a missing line is a gap, and one that is not sealed yet is none", async () => {
    expect(await verify(log.lines.filter((_, n) => n !== 4 && n !== 5), log.keys, null, read)).toEqual({ kind: "gaps", gaps: [[7, 8]] });
    expect(await verify(changed(0, { receipt: null }), log.keys, null, read)).toMatchObject({ kind: "whole", count: 11, unsealed: 1 });
  });

  test.each<[string, Partial<Line>]>([
    ["another hour", { at: "2026-11-02T03:00:00Z" }],
    ["another party", { actor: { name: "别的银行", operator: "信贷员甲" } }],
    ["another sentence", { summary: "本人查询" }],
    ["another clerk", { actor: { name: "海津示例银行", operator: "信贷员乙" } }],
    ["fewer records", { recordCount: 0 }],
    ["another basis", { basis: "STATUTE" }],
    ["another id", { id: "acc_1" }],
    ["another grant", { grant: { id: "grt_2" } }],
  ])("a line that says %s than the log differs", async (_name, part) => {
    expect(await verify(changed(3, part), log.keys, null, read)).toMatchObject({ kind: "broken", fault: "differs" });
  });

  test("a receipt of another line, another log's key, and keys that are none", async () => {
    expect(fault(await verify(changed(3, { receipt: log.lines[4]!.receipt }), log.keys, null, read))).toBe("differs");
    const other = "haihe.test/log+00000000+AAAA";
    expect(fault(await verify(log.lines, other, null, read))).toBe("form");
    expect(fault(await verify(log.lines, "", null, read))).toBe("key");
  });
});

describe("no bit can change", () => {
  const flips = (text: string, step: number) => Array.from({ length: Math.ceil(text.length / step) }, (_, n) => n * step);
  const flipped = (text: string, at: number) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (at % 7))) + text.slice(at + 1);

  test.each(["data", "salt", "link", "linkSalt", "proof"] as const)("of %s", async (part) => {
    const keys = await keysIn(log.keys);
    const { receipt } = log.lines[2]!;
    for (const at of flips(receipt[part]!, part === "proof" ? 5 : 3)) {
      await expect(checkReceipt({ ...receipt, [part]: flipped(receipt[part]!, at) }, keys), `${part} ${at}`).rejects.toThrow(Error);
    }
  });

  test("half a link, and a link cut off, never pass for a whole one", async () => {
    const keys = await keysIn(log.keys);
    await expect(checkReceipt({ ...log.lines[2]!.receipt, linkSalt: null }, keys)).rejects.toThrow(Broken);
  });
});

describe("forms", () => {
  // RFC 8032, 7.1, TEST 2.
  const hex = (text: string) => Uint8Array.from(text.match(/../g)!, (two) => parseInt(two, 16));
  const key = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

  test.each(["its own", "the library's"])("Ed25519 by %s", async (whose) => {
    const own = vi.spyOn(crypto.subtle, "importKey");
    if (whose !== "its own") own.mockRejectedValue(new DOMException("", "NotSupportedError"));
    expect(await isSigned(key, hex("72"), signature)).toBe(true);
    expect(await isSigned(key, hex("73"), signature)).toBe(false);
    expect(await isSigned(key, hex("72"), signature.with(0, 0))).toBe(false);
    expect(await isSigned(key, hex("72"), signature.slice(1))).toBe(false);
    own.mockRestore();
  });

  test("tiles are where c2sp.org/tlog-tiles puts them", () => {
    expect([pathOf(0, 0, 256), pathOf(1, 1234067, 256), pathOf(0, 273, 112), pathOf(2, 1000, 1)]).toEqual(["0/000", "1/x001/x234/067", "0/273.p/112", "2/x001/000.p/1"]);
  });

  test("consistency is RFC 6962's", async () => {
    expect(consistency(3, 7)).toEqual([[2, 3], [3, 4], [0, 2], [4, 7]]);
    expect(consistency(4, 7)).toEqual([[4, 7]]);
    expect(consistency(6, 7)).toEqual([[4, 6], [6, 7], [0, 4]]);
    await expect(checkConsistency(3, new Uint8Array(32), 3, new Uint8Array(32).fill(1), [])).rejects.toThrow(Broken);
  });

  test("a checkpoint by an unknown key is nobody's", async () => {
    await expect(checkpointIn(log.old, [])).rejects.toMatchObject({ fault: "key" });
    await expect(checkpointIn(log.old.replace("270", "0270"), await keysIn(log.keys))).rejects.toMatchObject({ fault: "signature" });
  });
});
