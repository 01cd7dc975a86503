import type { LendingStage, Purpose, RecordCategory } from "@/gql/graphql";

/** How long a grant may last, as it is offered: what most people need first. */
export const PERIODS = ["7", "30", "90", "365"] as const;
export type Period = (typeof PERIODS)[number];

/** What a grant can be about. Registration is public anyway; what is serious is asked for by its own name. */
export const CATEGORIES: readonly RecordCategory[] = [
  "ADMINISTRATIVE", "JUDICIAL", "REGISTRATION", "PROFESSIONAL", "ABNORMAL_OPERATION", "SERIOUS_DISHONESTY", "CONTRACT", "COMMITMENT",
  "EVALUATION_RESULT", "COMPLIANCE", "HONOUR", "INTELLECTUAL_PROPERTY", "SELF_SUBMITTED",
];
export const STAGES: readonly LendingStage[] = ["CUSTOMER_SCREENING", "PRE_LOAN", "LOAN_APPROVAL", "POST_LOAN"];

export interface Terms {
  purpose: Purpose | null;
  stages: LendingStage[];
  categories: RecordCategory[];
  period: Period;
  once: boolean;
}

/** Whether everything that the notice will name has been chosen. */
export function isComplete(terms: Terms): boolean {
  return terms.purpose !== null && terms.categories.length > 0 && (terms.purpose !== "FINANCING" || terms.stages.length > 0);
}

/** When a grant of that many days ends, counted from now. */
export function ends(period: Period, now: number): string {
  return new Date(now + Number(period) * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
}
