import { settings } from "@/session/settings";
import { en } from "./en";
import { zh, type Key } from "./zh";

export type { Key };
type Table<K extends string> = Readonly<Record<K, string>>;
type Values = Readonly<Record<string, string | number>>;

/** Says the sentences of two tables, Chinese and English. A room that few people enter brings tables of its own. */
export function speaker<K extends string>(chinese: Table<K>, english: Table<K>): (key: K, values?: Values) => string {
  return (key, values = {}) => {
    const table = settings.language === "en" ? english : chinese;
    return table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** A sentence in the language in force, its {names} filled in. Text only: what is put in is never read as markup. */
export const t = speaker<Key>(zh, en);

/** Several words as one enumeration. */
export function list(words: readonly string[]): string {
  return words.join(settings.language === "en" ? ", " : "、");
}
