import type { CaseFilePartsFragment, CasePartsFragment, ObjectionOutcome, ObjectionRequest, VerificationAnswer } from "@/gql/graphql";

/** What decides: the thing, the term that runs, and everything that was asked for, by filings that joined too. */
export interface Standing extends Pick<CasePartsFragment, "target" | "track"> {
  requests: readonly ObjectionRequest[];
}

/** The same of a case that is read. */
export function standingOf({ case: one, objection }: Pick<CaseFilePartsFragment, "case" | "objection">): Standing {
  return { ...one, requests: [one.request, ...objection.steps.flatMap(({ request }) => request ?? [])] };
}

const OWN: Readonly<Record<CasePartsFragment["target"], readonly ObjectionOutcome[]>> = {
  RECORD: ["CORRECTED", "DELETED", "REASSIGNED", "NOT_CORRECTED"],
  MISSING_RECORD: ["NOT_CORRECTED"],
  ACCESS: ["USE_STOPPED", "NOT_CORRECTED"],
  SCORE: ["CORRECTED", "NOT_CORRECTED"],
  EVALUATION: ["CORRECTED", "DELETED", "NOT_CORRECTED"],
  INDUSTRY_RESULT: ["CORRECTED", "NOT_CORRECTED"],
};

/** What may come of a case. Once its provider was asked, what it said decides among these, and the service refuses the others. */
export function outcomes(one: Standing): readonly ObjectionOutcome[] {
  const own = one.track === "PROVIDER_VERIFICATION" && one.target === "MISSING_RECORD" ? (["ADDED", "NOT_CORRECTED"] as const) : OWN[one.target];
  return one.requests.every((request) => request === "EXPLAIN") ? [...own, "EXPLAINED"] : own;
}

const BY_ANSWER: Readonly<Record<VerificationAnswer, ObjectionOutcome>> = {
  CORRECT: "CORRECTED",
  DELETE: "DELETED",
  REASSIGN: "REASSIGNED",
  ADD: "ADDED",
  CONFIRM: "NOT_CORRECTED",
};

/** What stands chosen at first: what follows from the provider's answer, where it has given one. */
export function likely(one: Standing, answer: VerificationAnswer | null): ObjectionOutcome {
  return answer ? BY_ANSWER[answer] : outcomes(one)[0]!;
}
