import { computed, shallowRef } from "vue";

import { LetterPreviewDocument, type ObjectionOutcome } from "@/gql/graphql";
import { ask, type Fault } from "@/shared/ask";

/** What makes a letter another one. */
export interface Asked {
  id: string;
  outcome: ObjectionOutcome;
  reason: string;
}

/** The letter as it would be read. It is there only while what it was read for still stands: with another word, also
 * one that was written while the letter was on its way, it has to be read again. */
export function useLetter(asked: () => Asked) {
  const read = shallowRef<{ of: string; text: string; fault: Fault | null }>({ of: "", text: "", fault: null });
  const now = computed(() => JSON.stringify(asked()));
  const held = computed(() => (read.value.of === now.value ? read.value : null));

  async function preview(): Promise<void> {
    const of = now.value;
    const answer = await ask(LetterPreviewDocument, { ...asked() });
    if (of === now.value) read.value = { of, text: answer.data?.handling.letterPreview ?? "", fault: answer.fault ?? null };
  }
  return { letter: computed(() => held.value?.text ?? ""), unread: computed(() => held.value?.fault ?? null), preview };
}
