/** How long nobody has to touch the screen until we ask, and how often: nobody is thrown out without two questions. */
export const ASK_AFTER_MS = 8 * 60_000;
export const ANSWER_WITHIN_MS = 3 * 60_000;

export type Presence = "here" | "asked" | "asked-again" | "gone";

/** Where a session stands that was last touched at `touched`. */
export function presence(touched: number, now: number): Presence {
  const idle = now - touched;
  if (idle < ASK_AFTER_MS) return "here";
  if (idle < ASK_AFTER_MS + ANSWER_WITHIN_MS) return "asked";
  return idle < ASK_AFTER_MS + 2 * ANSWER_WITHIN_MS ? "asked-again" : "gone";
}

/** Whether a token that ends at `expiresAt` is to be renewed now. */
export function isDue(expiresAt: number, now: number): boolean {
  return expiresAt - now < 2 * 60_000;
}
