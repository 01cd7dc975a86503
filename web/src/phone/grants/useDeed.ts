import type { TypedDocumentNode } from "@urql/core";
import { ref, shallowRef } from "vue";

import type { RefusalPartsFragment } from "@/gql/graphql";
import { act, type Fault } from "@/shared/ask";

type Results = Record<string, { __typename: string }>;
type Refused = { __typename: "Refusal" } & RefusalPartsFragment;
type Payload<T extends Results> = Exclude<T[keyof T], { __typename: "Refusal" }>;

/** One thing done at a time: whether it is under way, and what the service said no with. */
export function useDeed() {
  const doing = ref("");
  const refusal = shallowRef<RefusalPartsFragment | null>(null);
  const failed = shallowRef<Fault | null>(null);

  /** Does it; the payload, or null after a refusal or a fault, which are kept to be shown. */
  async function deed<T extends Results, V extends Record<string, unknown>>(name: string, document: TypedDocumentNode<T, V>, input: V): Promise<Payload<T> | null> {
    if (doing.value) return null;
    doing.value = name;
    refusal.value = failed.value = null;
    const answer = await act(document, input);
    doing.value = "";
    failed.value = answer.fault ?? null;
    if (!answer.data) return null;
    const result = Object.values(answer.data)[0]!;
    if (result.__typename !== "Refusal") return result as Payload<T>;
    refusal.value = result as Refused;
    return null;
  }
  return { doing, refusal, failed, deed };
}
