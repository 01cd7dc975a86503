/** What a key of this browser signs, as ES256 (RFC 7515): proofs of a page's own key, assertions of a kiosk's. */
import { base64url } from "./pkce";

export const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** The public half of a key, as a JWK names it. */
export interface PublicKey {
  kty: string;
  crv: string;
  x: string;
  y: string;
}

/** A fresh key. No script can read its private half. */
export async function freshPair(): Promise<{ privateKey: CryptoKey; jwk: PublicKey }> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  const { kty = "", crv = "", x = "", y = "" } = await crypto.subtle.exportKey("jwk", publicKey);
  return { privateKey, jwk: { kty, crv, x, y } };
}

const part = (value: unknown) => base64url(new TextEncoder().encode(JSON.stringify(value)));

/** Header and claims, signed. */
export async function signed(key: CryptoKey, header: Record<string, unknown>, claims: Record<string, unknown>): Promise<string> {
  const text = `${part({ alg: "ES256", ...header })}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ ...ALGORITHM, hash: "SHA-256" }, key, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}
