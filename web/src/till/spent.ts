import type { OfflineOutcome } from "@/gql/graphql";
import type { Bundle, OfflineCode } from "./offline";

const PLACE = "haihe.till.offline";

/** What was said yes to, as it is brought later; its outcome once it was. "NO": the service knows no such code. */
export interface Line {
  code: string;
  acceptance: string;
  acceptedAt: string;
  orderNumber: string | null;
  orderAmountYuan: string | null;
  outcome: OfflineOutcome | "NO" | null;
}
interface Kept {
  bundle: Bundle | null;
  spent: Record<string, Line>;
}

/** The bundle that this till follows, and what it spent: kept beyond a sign-out, since it has to be brought. A store that
 * cannot be read is an error: who cannot know says yes to nothing. */
export function kept(): Kept {
  const found = JSON.parse(localStorage.getItem(PLACE) ?? "null") as Kept | null;
  return found ?? { bundle: null, spent: {} };
}

export function keepBundle(bundle: Bundle): Promise<void> {
  return alone(() => keep({ ...kept(), bundle }));
}

/** Spend a code at this till, before anybody hears yes; the line of before when it was spent already. */
export function spend(text: string, code: OfflineCode, order: Pick<Line, "orderNumber" | "orderAmountYuan">, at: number): Promise<{ line: Line; isFresh: boolean }> {
  return alone(() => {
    const now = kept();
    const before = now.spent[code.use];
    if (before) return { line: before, isFresh: false };
    const line = { code: text, acceptance: crypto.randomUUID(), acceptedAt: new Date(at).toISOString(), ...order, outcome: null };
    keep({ ...now, spent: { ...now.spent, [code.use]: line } });
    return { line, isFresh: true };
  });
}

export function waiting(): [use: string, line: Line][] {
  return Object.entries(kept().spent).filter(([, { outcome }]) => outcome === null);
}

export function answer(use: string, outcome: Line["outcome"]): Promise<void> {
  return alone(() => {
    const now = kept();
    const line = now.spent[use];
    if (line) keep({ ...now, spent: { ...now.spent, [use]: { ...line, outcome } } });
  });
}

function keep(found: Kept): void {
  localStorage.setItem(PLACE, JSON.stringify(found));
}

/** One tab at a time: two of them are one till. */
function alone<T>(work: () => T): Promise<T> {
  return navigator.locks.request(PLACE, () => Promise.resolve(work())) as Promise<T>;
}
