import type { TypedDocumentNode } from "@urql/core";
import { ref, shallowRef } from "vue";

import { LookDocument, LookEvaluatedDocument, type EvaluatedByGrantFragment, type LendingStage, type LookPartsFragment, type LookQueryVariables } from "@/gql/graphql";
import { ask, now, type Fault } from "@/shared/ask";
import { attemptOf, isFresh, wasSent } from "./attempts";

type View = LookPartsFragment & Partial<EvaluatedByGrantFragment>;
/** What was seen, when, and whether it had been asked before under the same attempt. */
export interface Seen {
  view: View;
  at: string;
  stage: LendingStage | null;
  again: boolean;
  sentAt: number;
}
/** Faults after which nobody knows whether a use was spent: the same attempt is tried again. */
const UNKNOWN = new Set(["offline", "slow", "busy", "broken"]);

/** Both answer alike but for the evaluation. */
const documentOf = (evaluation: boolean) => (evaluation ? LookEvaluatedDocument : LookDocument) as TypedDocumentNode<{ granted: View | null }, LookQueryVariables>;

/** Reads one grant, a stage at a time. Each look has an attempt of its own, and a repeated one is the same look. */
export function useLook(grantId: () => string, evaluation: () => boolean) {
  const seen = shallowRef<Seen | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const isUnknown = ref(false);
  const isBusy = ref(false);

  async function send(stage: LendingStage | null, operator: string, after: string | null) {
    const again = wasSent(grantId(), stage);
    const { attempt, at } = attemptOf(grantId(), stage);
    isBusy.value = true;
    const answer = await ask(documentOf(evaluation()), { query: { grantId: grantId(), stage, operator, attempt }, after });
    isBusy.value = false;
    fault.value = answer.fault ?? null;
    isUnknown.value = !!answer.fault && UNKNOWN.has(answer.fault.kind);
    return answer.data?.granted ? { view: answer.data.granted, again, sentAt: at } : null;
  }

  /** Looks; false when there was no answer. */
  async function look(stage: LendingStage | null, operator: string): Promise<boolean> {
    if (isBusy.value) return false;
    const found = await send(stage, operator, null);
    if (!isUnknown.value) seen.value = found && { ...found, stage, at: new Date(now()).toISOString() };
    return found !== null;
  }

  /** The next records of what was seen, while it is still the same look. */
  async function more(operator: string): Promise<void> {
    const shown = seen.value;
    if (!shown || isBusy.value || isOver()) return;
    const found = await send(shown.stage, operator, shown.view.records.pageInfo.endCursor);
    if (!found || seen.value !== shown) return;
    const edges = [...shown.view.records.edges, ...found.view.records.edges];
    seen.value = { ...shown, view: { ...shown.view, objections: found.view.objections, records: { edges, pageInfo: found.view.records.pageInfo } } };
  }

  const isOver = () => !seen.value || !isFresh({ attempt: "", at: seen.value.sentAt });
  return { seen, fault, isUnknown, isBusy, look, more, isOver };
}
