export interface Code {
  digits: string;
  validFrom: string;
  validUntil: string;
}

/** The code of now among those fetched ahead; null when the last of them is over. */
export function current<C extends Code>(codes: readonly C[], now: number): C | null {
  return codes.find((code) => Date.parse(code.validFrom) <= now && now < Date.parse(code.validUntil)) ?? null;
}

/** Whole seconds until a code changes. */
export function left(code: Code, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(code.validUntil) - now) / 1000));
}

/** Whether to fetch more: half of what was fetched ahead is used up. */
export function isLow(codes: readonly Code[], now: number): boolean {
  return codes.filter((code) => Date.parse(code.validUntil) > now).length <= codes.length / 2;
}

/** Digits in groups of six, to be read aloud. */
export function grouped(digits: string): string[] {
  return digits.match(/\d{1,6}/g) ?? [];
}
