import type { GrantTermsInput, GrantWholeFragment, LendingStage, RecordCategory } from "@/gql/graphql";
import { ends, PERIODS, type Period } from "./terms";

type Asked = Pick<GrantWholeFragment, "categories" | "stages" | "includesEvaluation" | "validUntil" | "usesLeft">;

/** What is left of a request after tapping. An instant, not a number of days: preview and approval must be of the same terms. */
export interface Narrowing {
  categories: RecordCategory[];
  stages: LendingStage[];
  evaluation: boolean;
  validUntil: string;
  uses: number | null;
}

/** Everything as it was asked. */
export function asAsked(asked: Asked): Narrowing {
  return { categories: [...asked.categories], stages: [...asked.stages], evaluation: asked.includesEvaluation, validUntil: asked.validUntil, uses: asked.usesLeft };
}

/** What differs from the request, in the API's words; null when nothing does. */
export function termsOf(asked: Asked, left: Narrowing): GrantTermsInput | null {
  const terms: GrantTermsInput = {};
  if (left.categories.length < asked.categories.length) terms.categories = left.categories;
  if (left.stages.length < asked.stages.length) terms.stages = left.stages;
  if (left.evaluation !== asked.includesEvaluation) terms.includesEvaluation = left.evaluation;
  if (left.validUntil !== asked.validUntil) terms.validUntil = left.validUntil;
  if (left.uses !== asked.usesLeft) terms.uses = left.uses;
  return Object.keys(terms).length ? terms : null;
}

/** Whether there is still something to agree to. */
export function isWhole(asked: Asked, left: Narrowing): boolean {
  return left.categories.length > 0 && (asked.stages.length === 0 || left.stages.length > 0);
}

/** Shorter times than asked, each with the instant at which it ends, counted from `now`. */
export function shorter(asked: Asked, now: number): { period: Period; validUntil: string }[] {
  const all = PERIODS.map((period) => ({ period, validUntil: ends(period, now) }));
  return all.filter((one) => Date.parse(one.validUntil) < Date.parse(asked.validUntil));
}

/** Fewer looks than asked. */
export function fewer(asked: Asked): number[] {
  return [1, 3, 10].filter((uses) => asked.usesLeft === null || uses < asked.usesLeft);
}

/** A list with one member more or less, in the order of `all`. */
export function tapped<T>(all: readonly T[], kept: readonly T[], one: T): T[] {
  return all.filter((member) => (member === one ? !kept.includes(one) : kept.includes(member)));
}
