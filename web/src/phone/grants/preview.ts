import { stringifyDocument } from "@urql/core";

import { GrantedAnswerDocument, GrantedAnswerEvaluatedDocument, type EvaluatedByGrantFragment, type LendingStage, type SeenByGrantFragment } from "@/gql/graphql";

/** Everything that a recipient may ask under a grant, as one document. */
export function everything(evaluation: boolean): string {
  return stringifyDocument(evaluation ? GrantedAnswerEvaluatedDocument : GrantedAnswerDocument);
}

export type Shown = SeenByGrantFragment & Partial<EvaluatedByGrantFragment>;
/** The recipient's answer, read: what it shows, or in the service's words why it shows nothing. */
export type Foreseen = { shown: Shown; refused?: undefined } | { shown?: undefined; refused: string };

/** The recipient's variables, as JSON text. A loan's look names a stage, and so does its preview. */
export function variables(grantId: string, stage: LendingStage | undefined, after: string | null = null): string {
  return JSON.stringify({ query: { grantId, operator: "预览", stage: stage ?? null }, after });
}

/** Reads an answer's bytes. */
export function read(body: string): Foreseen {
  const answer = JSON.parse(body) as { data?: { granted: Shown | null } | null; errors?: readonly { message: string }[] };
  const shown = answer.data?.granted;
  return shown ? { shown } : { refused: answer.errors?.[0]?.message ?? "" };
}
