import { gql } from "@urql/core";
import { afterEach, expect, test, vi } from "vitest";

import { ask } from "@/shared/ask";

afterEach(() => vi.unstubAllGlobals());

test("what is asked again while it is on its way is answered anew, and not by what was known before", async () => {
  const answers: ((text: string) => void)[] = [];
  const answered = (body: string) => new Response(body, { headers: { "Content-Type": "application/json" } });
  vi.stubGlobal("fetch", () => new Promise((done) => answers.push((state) => done(answered(JSON.stringify({ data: { state } }))))));
  const document = gql<{ state: string }, Record<string, unknown>>("{ state }");
  const before = ask(document, {});
  await vi.waitUntil(() => answers.length === 1);
  const after = ask(document, {});
  await vi.waitUntil(() => answers.length === 2);
  answers[0]!("before the act");
  expect((await before).data).toEqual({ state: "before the act" });
  answers[1]!("after the act");
  expect((await after).data).toEqual({ state: "after the act" });
});
