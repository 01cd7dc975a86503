/** Proofs that a token is this page's own (RFC 9449). Whoever looks at other people's records sends one with each request. */
import { heard, now } from "./clock";
import { freshPair, signed, type PublicKey } from "./jws";
import { digest, random } from "./pkce";

interface Holder {
  privateKey: CryptoKey;
  /** The public half, as a proof's header names it. */
  jwk: PublicKey;
}
/** The page's key, made when it is first needed. No script can read its private half, and it is gone with the page. */
let holder: Promise<Holder> | undefined;
/** What each server wants to read in the next proof. */
const nonces = new Map<string, string>();

async function proof(method: string, url: URL, token: string | null): Promise<string> {
  const { privateKey, jwk } = await (holder ??= freshPair());
  const nonce = nonces.get(url.origin);
  const claims = {
    jti: random(),
    htm: method,
    htu: url.origin + url.pathname,
    iat: Math.floor(now() / 1000),
    ...(token === null ? {} : { ath: await digest(token) }),
    ...(nonce === undefined ? {} : { nonce }),
  };
  return signed(privateKey, { typ: "dpop+jwt", jwk }, claims);
}

/** Whether an answer asks for a proof with the nonce that it brings: nothing was done, and nothing was spent. */
async function wantsNonce(response: Response): Promise<boolean> {
  if (response.status === 401) return (response.headers.get("WWW-Authenticate") ?? "").includes("use_dpop_nonce");
  if (response.status !== 400) return false;
  const said = (await response.clone().json().catch(() => null)) as { error?: string } | null;
  return said?.error === "use_dpop_nonce";
}

/** `fetch` with a fresh proof, for a token or, where one is being asked for, without. A server that wants its nonce is
 *  asked once more. */
export async function proving(place: string, init: RequestInit, token: string | null = null): Promise<Response> {
  const url = new URL(place, location.origin);
  const once = async () => {
    const headers = new Headers(init.headers);
    headers.set("DPoP", await proof(init.method ?? "GET", url, token));
    const response = heard(await fetch(url, { ...init, headers }));
    const nonce = response.headers.get("DPoP-Nonce");
    if (nonce) nonces.set(url.origin, nonce);
    return response;
  };
  const response = await once();
  return (await wantsNonce(response)) ? once() : response;
}
