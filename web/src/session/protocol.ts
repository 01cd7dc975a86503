/** Authorisation code with PKCE (RFC 6749, 7636), without a word of the page: this runs before the app has come. */
import { config, type Config } from "./config";
import { ownPath } from "./paths";
import { challenge, random } from "./pkce";
import type { Held } from "./token";

/** What must outlive the redirect, and nothing longer: state and verifier, and where to go then. */
export interface Journey {
  state: string;
  verifier: string;
  returnTo: string;
  mandate: string | null;
  silent: boolean;
}

/** The issuer did not sign anybody in; `code` is its own word (RFC 6749), or `state` when the answer was not for us. */
export class SignInRefused extends Error {
  constructor(readonly code: string, readonly journey: Journey | null) {
    super(code);
  }
}

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
    code_challenge: await challenge(journey.verifier),
    code_challenge_method: "S256",
  };
  if (journey.silent) asked.prompt = "none";
  if (journey.mandate) asked.mandate = journey.mandate;
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** A new journey, with fresh secrets. */
export function journey(returnTo: string, mandate: string | null, silent: boolean): Journey {
  return { state: random(), verifier: random(), returnTo: ownPath(returnTo), mandate, silent };
}

/** Whether the issuer is of our own origin, and can be asked without leaving the page. */
export async function isNear(): Promise<boolean> {
  return new URL((await config()).authorizationEndpoint, location.origin).origin === location.origin;
}

/** A token without leaving the page, where the issuer is of our own origin; null when it no longer knows us. */
export async function silently(mandate: string | null): Promise<Held | null> {
  if (!(await isNear())) return null;
  const begun = journey("/", mandate, true);
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

/** The token for what came back; throws `SignInRefused`. */
export async function exchange(answer: URLSearchParams, begun: Journey | null): Promise<Held> {
  if (!begun || answer.get("state") !== begun.state) throw new SignInRefused("state", begun);
  const code = answer.get("code");
  if (!code) throw new SignInRefused(answer.get("error") ?? "server_error", begun);
  const { tokenEndpoint, clientId } = await config();
  const response = await fetch(tokenEndpoint, {
    method: "POST",
    credentials: "omit",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri(),
      client_id: clientId,
      code_verifier: begun.verifier,
    }),
  });
  if (!response.ok) throw new SignInRefused("invalid_grant", begun);
  const body = (await response.json()) as { access_token: string; expires_in: number };
  return { token: body.access_token, expiresAt: Date.now() + body.expires_in * 1000, mandate: begun.mandate };
}
