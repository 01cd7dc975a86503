import type { Settings } from "./stored";
import type { Held } from "./token";

/** How long an answer is waited for. */
export const PATIENCE_MS = 20_000;

/** In which language the service answers. */
export function spoken(language: Settings["language"]): Record<string, string> {
  return { "Accept-Language": language === "en" ? "en" : "zh-CN" };
}

/** By whose right. */
export function bearing(held: Held): Record<string, string> {
  return { Authorization: `${held.bound ? "DPoP" : "Bearer"} ${held.token}` };
}
