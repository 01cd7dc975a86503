import { onScopeDispose, ref, shallowRef } from "vue";

import { DeskEventsDocument, type DeskEventsQuery } from "@/gql/graphql";
import { ask, type Fault } from "@/shared/ask";
import { note } from "@/shared/viewer";

export type FeedEvent = DeskEventsQuery["recipient"]["events"]["edges"][number]["node"];
// The feed is read from its beginning, as programs catch up with it; it is pruned, so its end is not far.
const MOST_PAGES = 50;

/** What happened, newest first, each event once. */
export function useFeed() {
  const events = shallowRef<FeedEvent[] | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const isLoading = ref(false);
  let turn = 0;

  async function again(): Promise<void> {
    const mine = ++turn;
    const found = new Map<string, FeedEvent>();
    isLoading.value = true;
    fault.value = null;
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer: Awaited<ReturnType<typeof askPage>> = await askPage(after);
      if (mine !== turn) return;
      if (answer.fault) fault.value = answer.fault;
      if (!answer.data) break;
      note(answer.data);
      const { edges, pageInfo } = answer.data.recipient.events;
      for (const { node } of edges) found.set(node.id, node);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    isLoading.value = false;
    if (!fault.value) events.value = [...found.values()].reverse();
  }

  const askPage = (after: string | null) => ask(DeskEventsDocument, { after });
  onScopeDispose(() => turn++);
  void again();
  return { events, fault, isLoading, again };
}
