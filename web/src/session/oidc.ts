import { config } from "./config";
import { early } from "./early";
import { ownPath } from "./paths";
import { authorizeUrl, exchange, journey, silently, type Journey } from "./protocol";
import { held } from "./token";

const KEY = "haihe.journey";

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

let begun = early;

/** Renews without leaving the page, where the issuer is of our own origin. False when it no longer knows us. */
export async function renew(mandate: string | null = held.value?.mandate ?? null): Promise<boolean> {
  const under = mandate === null ? begun : null;
  begun = null;
  const found = await (under ?? silently(mandate));
  if (found) held.value = found;
  return found !== null;
}

/** Ends the issuer's session too. What this page holds is forgotten first, whatever the network does. */
export async function signOut(): Promise<void> {
  held.value = null;
  sessionStorage.clear();
  await fetch("/sign-out", { method: "POST", credentials: "same-origin", redirect: "manual" }).catch(() => undefined);
}
