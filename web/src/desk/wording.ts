import type { RefusalDetailPartsFragment, RefusalPartsFragment } from "@/gql/graphql";
import type { Fault } from "@/shared/ask";
import { day } from "@/shared/moments";
import { list, t } from "@/shared/words";
import { zh as common } from "@/shared/words/zh";
import { d, type DeskKey } from "./words";
import { zh } from "./words/zh";

const LIST = /\b[A-Z][A-Z_]{2,}(?:\|[A-Z][A-Z_]{2,})*\b/g;
const DAYS = /\bP(\d+)D\b/g;
const INSTANT = /\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g;

/** A sentence of the service in which codes stand (a limit, a state), with their words in place of them. */
export function inWords(sentence: string): string {
  return sentence
    .replace(LIST, (codes) => list(codes.split("|").map(word)))
    .replace(DAYS, (_whole, n: string) => d("recipient.retention.days", { n }))
    .replace(INSTANT, (at) => day(at));
}

function word(code: string): string {
  const own = [`GrantStatus.${code}`, `Period.${code}`].find((one) => one in zh);
  if (own) return d(own as DeskKey);
  const key = [`RecordCategory.${code}`, `LendingStage.${code}`, `Purpose.${code}`].find((one) => one in common);
  return key ? t(key as keyof typeof common) : code;
}

/** Where a detail stands: the argument's own name, which is the same in every mutation, is left out. */
export function placeOf(detail: Pick<RefusalDetailPartsFragment, "path">): readonly string[] {
  return detail.path[0] === "input" ? detail.path.slice(1) : detail.path;
}

/** What a refusal, or a refused query, says about one input: its path, and whatever lies below it. */
export function faultsAt(refusal: Pick<RefusalPartsFragment, "details"> | Fault | null, ...path: readonly string[]): string[] {
  const found = refusal?.details?.filter((detail) => path.every((name, n) => placeOf(detail)[n] === name)) ?? [];
  return found.map((detail) => inWords(detail.message));
}

/** The refusal with only what no input shows. */
export function apartFrom(refusal: RefusalPartsFragment | null, shown: readonly string[]): RefusalPartsFragment | null {
  if (!refusal) return null;
  const rest = refusal.details.filter((detail) => !shown.includes(placeOf(detail)[0] ?? ""));
  return { ...refusal, details: rest.map((detail) => ({ ...detail, message: inWords(detail.message) })) };
}

/** A fault with its codes in words. */
export function toldIn(fault: Fault | null): Fault | null {
  if (!fault) return null;
  const details = fault.details?.map((detail) => ({ ...detail, message: inWords(detail.message) }));
  return { ...fault, message: inWords(fault.message), ...(details ? { details } : {}) };
}
