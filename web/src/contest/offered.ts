import type { ObjectionGround, ObjectionRequest, ObjectionTarget } from "@/gql/graphql";

/** What can be asked of each kind of thing, the likeliest first. The service refuses any other. */
export const REQUESTS: Readonly<Record<ObjectionTarget, readonly ObjectionRequest[]>> = {
  RECORD: ["CORRECT", "NOT_ME", "DELETE", "EXPLAIN", "STOP_USE", "ADD"],
  MISSING_RECORD: ["ADD", "EXPLAIN"],
  ACCESS: ["EXPLAIN", "STOP_USE", "NOT_ME"],
  SCORE: ["CORRECT", "EXPLAIN"],
  EVALUATION: ["CORRECT", "EXPLAIN", "STOP_USE"],
  INDUSTRY_RESULT: ["CORRECT", "EXPLAIN"],
};

/** Why it can be contested. A natural person has no trade secret to name, an organisation no privacy. */
export function grounds(target: ObjectionTarget, isPerson: boolean): readonly ObjectionGround[] {
  if (target === "MISSING_RECORD") return ["OMISSION", "OTHER"];
  const all: readonly ObjectionGround[] = isPerson ? ["ERROR", "OMISSION", "PRIVACY", "PERSONAL_INFORMATION", "OTHER"] : ["ERROR", "OMISSION", "TRADE_SECRET", "OTHER"];
  return target === "ACCESS" ? all.filter((one) => one !== "OMISSION") : all;
}
