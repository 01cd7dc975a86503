const REQUEST = /^(?:haihe:\/\/grant-request\/|https?:\/\/[^/\s]+\/grant-request\/|\/grant-request\/)?(grt_[0-9A-Za-z]{8,36})$/;

/** The request that a scanned or pasted text names, or null. Only the id is taken from it: never a host to go to. */
export function requestIn(text: string): string | null {
  return REQUEST.exec(text.trim())?.[1] ?? null;
}
