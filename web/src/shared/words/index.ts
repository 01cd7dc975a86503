import { settings } from "@/session/settings";
import { en } from "./en";
import { zh, type Key } from "./zh";

export type { Key };

/** A sentence in the language in force, its {names} filled in. Text only: what is put in is never read as markup. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  const table: Readonly<Record<Key, string>> = settings.language === "en" ? en : zh;
  return table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Several words as one enumeration. */
export function list(words: readonly string[]): string {
  return words.join(settings.language === "en" ? ", " : "、");
}
