import { shallowRef, ref } from "vue";

import { ConsentNoticeDocument, type ConsentNoticeQuery, type ConsentNoticeQueryInput } from "@/gql/graphql";
import { ask, type Fault } from "./ask";

type Notice = ConsentNoticeQuery["consentNotice"];

/** The notice that is read before a consent: fetched when it is needed, and again when it changed. */
export function useNotice(query: () => ConsentNoticeQueryInput) {
  const notice = shallowRef<Notice | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const isAgreed = ref(false);

  async function fetchNotice(): Promise<void> {
    isAgreed.value = false;
    notice.value = null;
    const answer = await ask(ConsentNoticeDocument, { query: query() });
    notice.value = answer.data?.consentNotice ?? null;
    fault.value = answer.fault ?? null;
  }
  return { notice, fault, isAgreed, fetchNotice };
}
