export type Bytes = Uint8Array<ArrayBuffer>;

/** What is wrong, as a word that has its sentence; a screen says it, a test names it. */
export type Fault = "form" | "signature" | "key" | "leaf" | "link" | "differs" | "fork" | "cut" | "order";

/** Something that claims to come from the log does not. */
export class Broken extends Error {
  constructor(readonly fault: Fault, readonly about = "") {
    super(`${fault} ${about}`);
  }
}

const utf8 = new TextEncoder();

export function utf8Of(text: string): Bytes {
  return utf8.encode(text);
}

/** SHA-256 over parts, one after the other. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Base64 exactly as it is written, of this length: no bit of a text may change unnoticed. Throws `Broken`. */
export function unbase64(text: string, length?: number): Bytes {
  let found: Bytes;
  try {
    found = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  } catch {
    throw new Broken("form", "base64");
  }
  if (base64(found) !== text || (length !== undefined && found.length !== length)) throw new Broken("form", "base64");
  return found;
}

export function base64(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data));
}

/** A decimal number without leading zeros, small enough to be counted with. Throws `Broken`. */
export function natural(text: string): number {
  const found = Number(text);
  if (!/^(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(found)) throw new Broken("form", "number");
  return found;
}
