import { describe, expect, it } from "vitest";

import { placeOf } from "@/security/places";
import { stretch } from "@/security/stretch";

describe("an incident's stretch", () => {
  it("is the city's days, from the first one's beginning to the last one's end", () => {
    const now = Date.parse("2026-11-28T01:00:00Z");
    expect(stretch("2026-11-20", "2026-11-22", now)).toEqual({ since: "2026-11-19T16:00:00.000Z", until: "2026-11-22T16:00:00.000Z" });
  });

  it("ends now where its last day has not ended", () => {
    const now = Date.parse("2026-11-28T01:00:00Z");
    expect(stretch("2026-11-28", "2026-11-28", now)).toEqual({ since: "2026-11-27T16:00:00.000Z", until: "2026-11-28T01:00:00.000Z" });
  });
});

describe("where a word is given", () => {
  it("is a page of its own, or the list itself", () => {
    expect(placeOf("REFUSAL", "obj_1")).toBe("/handling/refusals/obj_1");
    expect(placeOf("INCIDENT", "inc_1")).toBe("/security/incidents/inc_1");
    expect(placeOf("RELEASE", "rls_1")).toBeNull();
  });
});
