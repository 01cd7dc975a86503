import type { Config } from "./config";

interface Claims {
  iss?: unknown;
  aud?: unknown;
  nonce?: unknown;
}

/** Whether an ID token is the answer to this very request (OpenID Connect Core 3.1.3.7). It came from the token endpoint
 * itself, so TLS stands for its signature; nobody is known by it: who is signed in the service says. */
export function isFor(text: unknown, { issuer, clientId }: Config, nonce: string): boolean {
  const claims = typeof text === "string" ? read(text) : null;
  if (!claims) return false;
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  return claims.iss === issuer && claims.nonce === nonce && audience.length === 1 && audience[0] === clientId;
}

function read(text: string): Claims | null {
  try {
    const part = text.split(".")[1] ?? "";
    return JSON.parse(atob(part.replace(/-/g, "+").replace(/_/g, "/"))) as Claims | null;
  } catch {
    return null;
  }
}
