import { describe, expect, test, vi } from "vitest";
import { reactive } from "vue";

import type { ObjectionOutcome, RecordPartsFragment } from "@/gql/graphql";
import { likely, outcomes } from "@/handling/outcomes";
import { useLetter } from "@/handling/useLetter";
import { others } from "@/handling/versions";

const { ask } = vi.hoisted(() => ({ ask: vi.fn() }));
vi.mock("@/shared/ask", async (whole) => ({ ...(await whole<object>()), ask }));

describe("a letter that is read before it is sent", () => {
  // Each is answered when the test says so, with what it was asked for.
  const begun: (() => void)[] = [];
  ask.mockImplementation((_document: unknown, asked: { reason: string }) => new Promise((done) => begun.push(() => done({ data: { handling: { letterPreview: `信：${asked.reason}` } } }))));
  const written = () => reactive({ id: "obj_1", outcome: "DELETED" as ObjectionOutcome, reason: "甲" });

  test("is there as long as what it was asked for stands", async () => {
    const said = written();
    const { letter, preview } = useLetter(() => said);
    const first = preview();
    begun.pop()!();
    await first;
    expect(letter.value).toBe("信：甲");
    said.outcome = "CORRECTED";
    expect(letter.value).toBe("");
  });

  test("is not there for another word that was written while it was on its way, and the older one comes too late", async () => {
    const said = written();
    const { letter, preview } = useLetter(() => said);
    const first = preview();
    said.reason = "乙";
    const second = preview();
    const [answerFirst, answerSecond] = begun.splice(0);
    answerSecond!();
    await second;
    expect(letter.value).toBe("信：乙");
    answerFirst!();
    await first;
    expect(letter.value).toBe("信：乙");
  });

  test("that comes after an edit enables nothing", async () => {
    const said = written();
    const { letter, preview } = useLetter(() => said);
    const first = preview();
    said.reason = "乙";
    begun.pop()!();
    await first;
    expect(letter.value).toBe("");
  });
});

describe("what stands chosen at first for whoever answers", () => {
  const record = { target: "RECORD", track: "PROVIDER_VERIFICATION", requests: ["CORRECT"] } as const;
  test.each([
    ["CORRECT", "CORRECTED"],
    ["DELETE", "DELETED"],
    ["REASSIGN", "REASSIGNED"],
    ["ADD", "ADDED"],
    // Nobody corrects what its provider stands by without having chosen so.
    ["CONFIRM", "NOT_CORRECTED"],
  ] as const)("its provider says %s: %s", (answer, outcome) => expect(likely(record, answer)).toBe(outcome));

  test("a filing that joined has its answer too", () => {
    expect(outcomes({ ...record, requests: ["EXPLAIN"] })).toContain("EXPLAINED");
    expect(outcomes({ ...record, requests: ["EXPLAIN", "CORRECT"] })).not.toContain("EXPLAINED");
  });

  test("nobody was asked", () => expect(likely({ ...record, track: "OWN_SCOPE" }, null)).toBe("CORRECTED"));
});

describe("what a record said before", () => {
  const titled = (title: string, objections: { filedAt: string }[] = []) => ({
    record: { title, objections, items: [], status: "CURRENT", occurredOn: null, documentNumber: null, publicityUntil: null, queryUntil: null, dateLabel: null } as unknown as RecordPartsFragment,
  });
  const titles = (now: string, before: string[]) => others(titled(now).record, before.map((title) => titled(title))).map(({ record }) => record.title).join();

  test.each([
    ["a mark alone makes no other version", "甲", ["甲", "甲"], ""],
    ["the last of those that said the same stands for them", "乙", ["乙", "甲", "甲"], "甲"],
    ["what came back is there twice", "甲", ["乙", "甲"], "乙,甲"],
  ])("%s", (_name, now, before, said) => expect(titles(now, before)).toBe(said));
});
