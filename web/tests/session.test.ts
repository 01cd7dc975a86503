import { beforeEach, describe, expect, test, vi } from "vitest";

import type { Config } from "@/session/config";
import { ANSWER_WITHIN_MS, ASK_AFTER_MS, isDue, presence } from "@/session/idle";
import { isFor } from "@/session/idtoken";
import { arrive, renew, signOut } from "@/session/oidc";
import { ownPath } from "@/session/paths";
import { digest, random } from "@/session/pkce";
import { authorizeUrl, SignInRefused, type Journey } from "@/session/protocol";
import { read } from "@/session/stored";
import { held } from "@/session/token";

describe("where to go after signing in", () => {
  test.each(["/home", "/claims/clm_1", "/offers?open=ofr_1", "/grants/new"])("%s is ours", (path) => expect(ownPath(path)).toBe(path));

  test.each(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/signed-in", "/signed-in?code=1", "/a/../signed-in", "", null, 7, "/x\n/y", "/a/..//evil.example"])(
    "%s is not",
    (path) => expect(ownPath(path)).toBe("/home"),
  );
});

describe("presence", () => {
  test("nobody is thrown out without two questions", () => {
    expect(presence(0, ASK_AFTER_MS - 1)).toBe("here");
    expect(presence(0, ASK_AFTER_MS)).toBe("asked");
    expect(presence(0, ASK_AFTER_MS + ANSWER_WITHIN_MS)).toBe("asked-again");
    expect(presence(0, ASK_AFTER_MS + 2 * ANSWER_WITHIN_MS)).toBe("gone");
  });

  test("the questions come before a token of a quarter of an hour ends", () => {
    expect(ASK_AFTER_MS + 2 * ANSWER_WITHIN_MS).toBeLessThan(15 * 60_000);
    expect(isDue(15 * 60_000, 0)).toBe(false);
    expect(isDue(15 * 60_000, 13 * 60_000 + 1)).toBe(true);
  });
});

test("S256 is RFC 7636's, appendix B", async () => {
  expect(await digest("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  expect(random()).toMatch(/^[\w-]{43}$/);
  expect(random()).not.toBe(random());
});

test("stored settings that are not ours are the defaults", () => {
  expect(read('{"language":"en","elder":true,"theme":"dark"}')).toEqual({ language: "en", elder: true, theme: "dark" });
  const defaults = { language: "zh", elder: false, theme: "system" };
  for (const text of [null, "", "null", "[]", "{", '{"language":"<b>","elder":"yes","theme":1}']) expect(read(text)).toEqual(defaults);
});

describe("coming back from the issuer", () => {
  const journey = { state: "s", nonce: "n", verifier: "v", returnTo: "/record", mandate: null, silent: false, forDesk: false };
  const config = { tokenEndpoint: "/oauth/token", clientId: "haihe-app", authorizationEndpoint: "/a", issuer: "i", scope: "x", endSessionEndpoint: "", demonstration: true, counters: [] };
  const fetched = vi.fn(async (url: RequestInfo | URL) => Response.json(String(url).includes("config") ? config : { access_token: "T", expires_in: 900 }));

  beforeEach(() => {
    held.value = null;
    sessionStorage.clear();
    localStorage.clear();
    fetched.mockClear();
    vi.stubGlobal("fetch", fetched);
  });

  test("holds the token in memory and in no storage", async () => {
    sessionStorage.setItem("haihe.journey", JSON.stringify(journey));
    expect(await arrive("?code=c&state=s")).toBe("/record");
    expect(held.value?.token).toBe("T");
    expect([...Object.values({ ...sessionStorage }), ...Object.values({ ...localStorage })].join()).not.toContain("T");
    expect(sessionStorage.length).toBe(0);
  });

  test.each(["?code=c&state=other", "?code=c", "?error=login_required&state=s", "?state=s"])("%s holds nothing", async (search) => {
    sessionStorage.setItem("haihe.journey", JSON.stringify(journey));
    await expect(arrive(search)).rejects.toBeInstanceOf(SignInRefused);
    expect(held.value).toBeNull();
    expect(sessionStorage.length).toBe(0);
  });

  test("without a journey of ours a code is nobody's", async () => {
    await expect(arrive("?code=c&state=s")).rejects.toMatchObject({ code: "foreign" });
    expect(fetched).not.toHaveBeenCalled();
  });

  test("a renewal that is answered after signing out signs nobody in again", async () => {
    const here = (asked: URL) => ({ url: `${location.origin}/signed-in?code=c&state=${asked.searchParams.get("state")}` });
    vi.stubGlobal("fetch", async (url: RequestInfo | URL) => {
      const asked = new URL(String(url), location.origin);
      return asked.pathname === "/a" ? here(asked) : fetched(url);
    });
    held.value = { token: "old", expiresAt: 0, mandate: null, bound: false, forDesk: false };
    expect(await renew(null, "/home")).toBe(true);
    expect(held.value?.token).toBe("T");
    const renewing = renew(null, "/home");
    held.value = null; // signed out, here or in another tab
    expect(await renewing).toBe(false);
    expect(held.value).toBeNull();
  });

  test("signing out forgets first, even without a network", async () => {
    held.value = { token: "T", expiresAt: 0, mandate: null, bound: false, forDesk: false };
    sessionStorage.setItem("haihe.till", "{}");
    fetched.mockRejectedValueOnce(new TypeError("offline"));
    await signOut("asked");
    expect(held.value).toBeNull();
    expect(sessionStorage.length).toBe(0);
  });
});

describe("at an issuer elsewhere that speaks OpenID", () => {
  const config: Config = { tokenEndpoint: "https://id.example/token", clientId: "haihe", authorizationEndpoint: "https://id.example/a", issuer: "https://id.example", scope: "openid self:read", endSessionEndpoint: "https://id.example/end", demonstration: false, counters: [] };
  const begun: Journey = { state: "s", nonce: "n", verifier: "v", returnTo: "/home", mandate: null, silent: false, forDesk: false };
  const idToken = (claims: object) => `x.${btoa(JSON.stringify({ iss: config.issuer, aud: "haihe", nonce: "n", ...claims }))}.y`;

  test("the nonce is asked with, and only there", async () => {
    expect(new URL(await authorizeUrl(config, begun)).searchParams.get("nonce")).toBe("n");
    expect(new URL(await authorizeUrl({ ...config, scope: "self:read" }, begun)).searchParams.has("nonce")).toBe(false);
  });

  test("an ID token answers this request of this client at this issuer, or it answers none", () => {
    expect(isFor(idToken({}), config, "n")).toBe(true);
    expect(isFor(idToken({ aud: ["haihe"] }), config, "n")).toBe(true);
    for (const claims of [{ nonce: "m" }, { nonce: undefined }, { iss: "https://evil.example" }, { aud: "other" }, { aud: ["haihe", "other"] }]) expect(isFor(idToken(claims), config, "n")).toBe(false);
    for (const text of [undefined, null, 7, "", "x", "x.!.y", `x.${btoa("null")}.y`, `x.${btoa("[")}.y`]) expect(isFor(text, config, "n")).toBe(false);
  });
});
