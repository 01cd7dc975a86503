import type { Kept } from "./verify";

// A checkpoint of the public log and its keys: the same for everybody, so it may outlive the session, and must: a log that was
// rewritten while nobody was signed in shows only against what was kept before.
const KEY = "haihe.log";

/** What was kept last time, or null. */
export function kept(): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Kept> | null;
    return typeof found?.note === "string" && typeof found.keys === "string" ? { note: found.note, keys: found.keys } : null;
  } catch {
    return null; // no storage, or not ours: the first time again
  }
}

/** Keeps the checkpoint for next time. */
export function keep(found: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(found));
  } catch {
    // storage may be forbidden: every time is the first
  }
}
