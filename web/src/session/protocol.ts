/** Authorisation code with PKCE (RFC 6749, 7636), without a word of the page: this runs before the app has come. */
import { isDesk } from "./bound";
import { config, type Config } from "./config";
import { isFor } from "./idtoken";
import { ownPath } from "./paths";
import { digest, random } from "./pkce";
import type { Held } from "./token";

/** What must outlive the redirect, and nothing longer: state, nonce and verifier, and where to go then. */
export interface Journey {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
  mandate: string | null;
  silent: boolean;
  /** Whether the token is for a desk, and is to be bound to this page's key. */
  forDesk: boolean;
}

interface Tokens {
  access_token: string;
  token_type?: string;
  expires_in?: number;
  id_token?: string;
}
/** How long a token lives whose issuer does not say: the longest that the service believes. */
const LIFE_S = 900;

/** The issuer did not sign anybody in; `code` is its own word (RFC 6749), or `foreign` when the answer was not for us. */
export class SignInRefused extends Error {
  constructor(readonly code: string, readonly journey: Journey | null) {
    super(code);
  }
}

const REACH_MS = 10_000;
const isOpenId = (found: Config) => found.scope.split(" ").includes("openid");
const redirectUri = () => `${location.origin}/signed-in`;

/** Where the issuer is asked. */
export async function authorizeUrl(found: Config, journey: Journey): Promise<string> {
  const url = new URL(found.authorizationEndpoint, location.origin);
  const asked: Record<string, string> = {
    response_type: "code",
    client_id: found.clientId,
    redirect_uri: redirectUri(),
    scope: found.scope,
    state: journey.state,
    code_challenge: await digest(journey.verifier),
    code_challenge_method: "S256",
  };
  if (isOpenId(found)) asked.nonce = journey.nonce;
  if (journey.silent) asked.prompt = "none";
  if (journey.mandate) asked.mandate = journey.mandate;
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** Where the issuer ends its own session and sends people back to the front page (OpenID RP-Initiated Logout). */
export function endUrl(found: Config, why: string, idToken: string | undefined): string {
  const url = new URL(found.endSessionEndpoint);
  const asked = { client_id: found.clientId, post_logout_redirect_uri: `${location.origin}/`, state: why, id_token_hint: idToken };
  for (const [name, value] of Object.entries(asked)) if (value) url.searchParams.set(name, value);
  return url.href;
}

/** A new journey, with fresh secrets; the path it returns to says whether it is for a desk. */
export function journey(returnTo: string, mandate: string | null, silent: boolean): Journey {
  const path = ownPath(returnTo);
  return { state: random(), nonce: random(), verifier: random(), returnTo: path, mandate, silent, forDesk: isDesk(path) };
}

/** Whether the issuer is of our own origin, and can be asked without leaving the page. */
export async function isNear(): Promise<boolean> {
  return new URL((await config()).authorizationEndpoint, location.origin).origin === location.origin;
}

/** Rejects when the issuer cannot be reached, so that nobody is sent to a page that does not come. */
export async function reach(found: Config): Promise<void> {
  await fetch(found.tokenEndpoint, { mode: "no-cors", credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(REACH_MS) });
}

/** A token for a path without leaving the page, where the issuer is of our own origin; null when it no longer knows us. */
export async function silently(mandate: string | null, path: string): Promise<Held | null> {
  if (!(await isNear())) return null;
  const begun = journey(path, mandate, true);
  const url = await authorizeUrl(await config(), begun);
  const response = await fetch(url, { credentials: "same-origin" });
  const reached = new URL(response.url);
  if (reached.origin !== location.origin || reached.pathname !== "/signed-in") return null;
  try {
    return await exchange(reached.searchParams, begun);
  } catch (error) {
    if (error instanceof SignInRefused) return null;
    throw error;
  }
}

/** The token for what came back; throws `SignInRefused`, or what `fetch` throws when the issuer cannot be reached. */
export async function exchange(answer: URLSearchParams, begun: Journey | null): Promise<Held> {
  if (!begun || answer.get("state") !== begun.state) throw new SignInRefused("foreign", begun);
  const found = await config();
  // An answer that names its issuer names ours (RFC 9207).
  if ((answer.get("iss") ?? found.issuer) !== found.issuer) throw new SignInRefused("foreign", begun);
  const code = answer.get("code");
  if (!code) throw new SignInRefused(answer.get("error") ?? "server_error", begun);
  const send = begun.forDesk ? (await import("./dpop")).proving : fetch;
  const response = await send(found.tokenEndpoint, {
    method: "POST",
    credentials: "omit",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri(),
      client_id: found.clientId,
      code_verifier: begun.verifier,
    }),
  });
  if (!response.ok) throw new SignInRefused(response.status < 500 ? "invalid_grant" : "server_error", begun);
  const body = (await response.json()) as Tokens;
  if (isOpenId(found) && !isFor(body.id_token, found, begun.nonce)) throw new SignInRefused("foreign", begun);
  return {
    token: body.access_token,
    expiresAt: Date.now() + (body.expires_in ?? LIFE_S) * 1000,
    mandate: begun.mandate,
    bound: begun.forDesk && body.token_type?.toLowerCase() === "dpop",
    forDesk: begun.forDesk,
    idToken: body.id_token,
  };
}
