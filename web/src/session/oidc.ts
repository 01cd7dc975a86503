import { config, type Config } from "./config";
import { ownPath } from "./paths";
import { challenge, random } from "./pkce";
import { held, type Held } from "./token";

/** What must outlive the redirect, and nothing longer: state and verifier, and where to go then. */
interface Journey {
  state: string;
  verifier: string;
  returnTo: string;
  mandate: string | null;
  silent: boolean;
}

const KEY = "haihe.journey";

/** The issuer did not sign anybody in; `code` is its own word (RFC 6749), or `state` when the answer was not for us. */
export class SignInRefused extends Error {
  constructor(readonly code: string, readonly journey: Journey | null) {
    super(code);
  }
}

const redirectUri = () => `${location.origin}/signed-in`;

async function authorizeUrl(found: Config, journey: Journey): Promise<string> {
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

function journey(returnTo: string, mandate: string | null, silent: boolean): Journey {
  return { state: random(), verifier: random(), returnTo: ownPath(returnTo), mandate, silent };
}

/** Leaves for the issuer. `silent` asks whether it still knows us, without showing a page. */
export async function leave(returnTo: string, { mandate = null as string | null, silent = false } = {}): Promise<void> {
  const begun = journey(returnTo, mandate, silent);
  const url = await authorizeUrl(await config(), begun);
  sessionStorage.setItem(KEY, JSON.stringify(begun));
  location.assign(url);
}

/** Back from the issuer: holds the token and says where to go. Throws `SignInRefused`; the journey is over either way. */
export async function arrive(search: string): Promise<string> {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  const begun = text ? (JSON.parse(text) as Journey) : null;
  held.value = await exchange(new URLSearchParams(search), begun);
  return ownPath(begun?.returnTo);
}

/** Whether the issuer is of our own origin, and can be asked without leaving the page. */
export async function isNear(): Promise<boolean> {
  return new URL((await config()).authorizationEndpoint, location.origin).origin === location.origin;
}

/** Renews without leaving the page, where the issuer is of our own origin. False when it no longer knows us. */
export async function renew(mandate: string | null = held.value?.mandate ?? null): Promise<boolean> {
  if (!(await isNear())) return false;
  const begun = journey("/", mandate, true);
  const url = await authorizeUrl(await config(), begun);
  const response = await fetch(url, { credentials: "same-origin" });
  const reached = new URL(response.url);
  if (reached.origin !== location.origin || reached.pathname !== "/signed-in") return false;
  try {
    held.value = await exchange(reached.searchParams, begun);
    return true;
  } catch (error) {
    if (error instanceof SignInRefused) return false;
    throw error;
  }
}

async function exchange(answer: URLSearchParams, begun: Journey | null): Promise<Held> {
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

/** Ends the issuer's session too. What this page holds is forgotten first, whatever the network does. */
export async function signOut(): Promise<void> {
  held.value = null;
  sessionStorage.clear();
  await fetch("/sign-out", { method: "POST", credentials: "same-origin", redirect: "manual" }).catch(() => undefined);
}
