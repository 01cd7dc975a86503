import { beforeEach, expect, test, vi } from "vitest";

import { isDesk } from "@/session/bound";
import { proving } from "@/session/dpop";
import { digest } from "@/session/pkce";
import { exchange, journey } from "@/session/protocol";
import { send } from "@/session/sending";
import { held } from "@/session/token";

interface Proof {
  header: { typ: string; alg: string; jwk: JsonWebKey };
  claims: { jti: string; htm: string; htu: string; iat: number; ath?: string; nonce?: string };
  holds: boolean;
}
const bytes = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

/** The proof in a request, checked by the key that it names. */
async function shown(call: Parameters<typeof fetch> | undefined): Promise<Proof> {
  const [head = "", body = "", signature = ""] = (new Headers(call?.[1]?.headers).get("DPoP") ?? "").split(".");
  const header = JSON.parse(atob(head.replace(/-/g, "+").replace(/_/g, "/"))) as Proof["header"];
  const key = await crypto.subtle.importKey("jwk", header.jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), new TextEncoder().encode(`${head}.${body}`));
  return { header, claims: JSON.parse(new TextDecoder().decode(bytes(body))) as Proof["claims"], holds };
}

const fetched = vi.fn<typeof fetch>();
const wanting = (nonce: string, status = 401) =>
  new Response('{"error":"use_dpop_nonce"}', { status, headers: { "DPoP-Nonce": nonce, "WWW-Authenticate": status === 401 ? 'DPoP error="use_dpop_nonce", algs="ES256"' : "" } });

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  held.value = null;
});

test("a proof is of this request, this token and this moment, and signed by the key it names", async () => {
  fetched.mockImplementation(async () => new Response("{}"));
  await proving("/graphql?x=1", { method: "POST", body: "{}" }, "T");
  await proving("/graphql", { method: "POST" }, "T");
  const [one, two] = [await shown(fetched.mock.calls[0]), await shown(fetched.mock.calls[1])];
  expect(one.holds && two.holds).toBe(true);
  expect(one.header).toMatchObject({ typ: "dpop+jwt", alg: "ES256" });
  expect(Object.keys(one.header.jwk).sort()).toEqual(["crv", "kty", "x", "y"]);
  expect(one.claims).toMatchObject({ htm: "POST", htu: `${location.origin}/graphql`, ath: await digest("T") });
  expect(Math.abs(one.claims.iat - Date.now() / 1000)).toBeLessThan(5);
  expect(one.claims.jti).not.toBe(two.claims.jti);
  expect(one.header.jwk).toEqual(two.header.jwk);
});

test.each([401, 400])("a server that wants its nonce is asked once more, and from then on told it (%d)", async (status) => {
  fetched.mockResolvedValueOnce(wanting("N1", status)).mockImplementation(async () => new Response("{}", { headers: { "DPoP-Nonce": "N2" } }));
  expect((await proving("https://id.example/token", { method: "POST" })).status).toBe(200);
  await proving("https://id.example/token", { method: "POST" });
  expect(fetched).toHaveBeenCalledTimes(3);
  expect((await shown(fetched.mock.calls[1])).claims).toMatchObject({ nonce: "N1", htu: "https://id.example/token" });
  expect((await shown(fetched.mock.calls[2])).claims.nonce).toBe("N2");
  expect((await shown(fetched.mock.calls[1])).claims.ath).toBeUndefined();
});

test("any other no is a no", async () => {
  fetched.mockImplementation(async () => new Response('{"error":"invalid_grant"}', { status: 400, headers: { "DPoP-Nonce": "N" } }));
  expect((await proving("/oauth/token", { method: "POST" })).status).toBe(400);
  fetched.mockImplementation(async () => wanting("never right"));
  expect((await proving("/graphql", { method: "POST" }, "T")).status).toBe(401);
  expect(fetched).toHaveBeenCalledTimes(3);
});

test("a token for a desk is asked for with a proof and shown with proofs; any other is not", async () => {
  const config = { tokenEndpoint: "/oauth/token", clientId: "haihe-app", authorizationEndpoint: "/a", issuer: "i", scope: "x", endSessionEndpoint: "", demonstration: true, counters: [] };
  fetched.mockImplementation(async (place) => {
    const url = String(place);
    return Response.json(url.includes("config") ? config : { access_token: "T", expires_in: 900, token_type: "DPoP" });
  });
  for (const [path, bound] of [["/recipient/new", true], ["/home", false]] as const) {
    const begun = journey(path, null, true);
    held.value = await exchange(new URLSearchParams({ code: "c", state: begun.state }), begun);
    expect(held.value).toMatchObject({ bound, forDesk: bound });
    await send("/graphql", { method: "POST" });
    const headers = new Headers(fetched.mock.calls.at(-1)?.[1]?.headers);
    expect([headers.get("Authorization"), headers.has("DPoP")]).toEqual([bound ? "DPoP T" : "Bearer T", bound]);
  }
});

test("desks are the rooms that look at other people", () => {
  for (const path of ["/recipient", "/recipient/new", "/agency", "/agency/batches?x=1", "/agency#a"]) expect(isDesk(path)).toBe(true);
  for (const path of ["/", "/home", "/recipients", "/till", "/grants/agency"]) expect(isDesk(path)).toBe(false);
});
