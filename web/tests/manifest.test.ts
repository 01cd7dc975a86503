// @vitest-environment node
import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { manifest } from "../build/operations";

test("the manifest holds every document by the hash of its text", async () => {
  const found = Object.entries(await manifest());
  expect(found.length).toBeGreaterThan(15);
  for (const [hash, text] of found) expect(createHash("sha256").update(text).digest("hex")).toBe(hash);
});

test("home is one document, and says everything home shows", async () => {
  const home = Object.values(await manifest()).find((text) => text.startsWith("query Home"));
  for (const field of ["viewer", "score", "notices", "accessHistory", "offers"]) expect(home).toContain(field);
});
