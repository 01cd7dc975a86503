import { config } from "./config";
import { early } from "./early";
import { ownPath } from "./paths";
import { authorizeUrl, endUrl, exchange, isNear, journey, reach, silently, type Journey } from "./protocol";
import { held } from "./token";

const KEY = "haihe.journey";

/** Leaves for the issuer; rejects when it cannot be reached. `silent` asks whether it still knows us, without a page. */
export async function leave(returnTo: string, { mandate = null as string | null, silent = false } = {}): Promise<void> {
  const begun = journey(returnTo, mandate, silent);
  const found = await config();
  const [url] = await Promise.all([authorizeUrl(found, begun), reach(found)]);
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

/** Renews for a path without leaving the page, where the issuer is of our own origin. False when it no longer knows us. */
export async function renew(mandate: string | null = held.value?.mandate ?? null, path = location.pathname): Promise<boolean> {
  // The token that was asked for while the app was on the line is oneself's, for the path that was opened.
  const under = mandate === null && held.value === null ? begun : null;
  begun = null;
  const before = held.value;
  const device = before?.device;
  const found = await (device === "key" ? (await import("./device")).deviceToken() : (under ?? silently(mandate, path)));
  // Whoever was signed out meanwhile, here or in another tab, stays so.
  if (before !== null && held.value === null) return false;
  if (found) held.value = device ? { ...found, device } : found;
  return found !== null;
}

/** Ends the issuer's session too, where it lets us. What this page holds is forgotten first, whatever the network does. */
export async function signOut(why: string): Promise<void> {
  const idToken = held.value?.idToken;
  held.value = null;
  sessionStorage.clear();
  try {
    const found = await config();
    if (await isNear()) await fetch("/sign-out", { method: "POST", credentials: "same-origin", redirect: "manual" });
    // Whose token merely ended is still known there, and signs in again with one touch.
    else if (found.endSessionEndpoint && why !== "expired") {
      await reach(found);
      location.assign(endUrl(found, why, idToken));
    }
  } catch {
    // Nobody is told what they cannot change: here it is over.
  }
}
