import { freshKey } from "@/shared/ask";

const STORE = "haihe.till";

/** The idempotency key of a code: the same for every try, also after a reload, so that a code is redeemed once. */
export function keyOf(code: string): string {
  const keys = read();
  const known = keys[code];
  if (known) return known;
  const key = freshKey();
  // Codes live for minutes; the last fifty are more than a queue at a till.
  const kept = [...Object.entries(keys).slice(-49), [code, key]];
  sessionStorage.setItem(STORE, JSON.stringify(Object.fromEntries(kept)));
  return key;
}

/** The code's next try is another one: the last was answered, and spent nothing. */
export function forgetKey(code: string): void {
  sessionStorage.setItem(STORE, JSON.stringify(Object.fromEntries(Object.entries(read()).filter(([known]) => known !== code))));
}

/** Whether this code was sent to be redeemed before. */
export function wasTried(code: string): boolean {
  return code in read();
}

/** The 18 digits in what was scanned or typed, or null. */
export function digitsIn(text: string): string | null {
  const digits = text.normalize("NFKC").replace(/[\s-]/g, "");
  return /^\d{18}$/.test(digits) ? digits : null;
}

function read(): Record<string, string> {
  try {
    return (JSON.parse(sessionStorage.getItem(STORE) ?? "{}") ?? {}) as Record<string, string>;
  } catch {
    return {};
  }
}
