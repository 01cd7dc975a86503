/** The address that a report's QR code holds: what stands after the # is sent to nobody. */
export function checkUrl(origin: string, number: string, code: string): string {
  return `${origin}/check#${number}.${code}`;
}

/** Number and code out of what stands after the #, or nothing of either. */
export function readHash(hash: string): { number: string; code: string } {
  const found = /^#([0-9A-Z-]{1,60})\.([0-9A-Z-]{1,60})$/i.exec(hash);
  return { number: found?.[1] ?? "", code: found?.[2] ?? "" };
}
