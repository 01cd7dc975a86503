import { onScopeDispose, watch } from "vue";

import type { ChangesSubscription } from "@/gql/graphql";
import type { Loading } from "./loading";

export type Change = ChangesSubscription["changes"];

/** An import changes many things at once: what comes together is read together. */
const GATHER_MS = 150;

/** Asks a page's question again when something that concerns it has changed, told as it happens. It begins once the page
 * stands, with the cursor that came with its answer, so that nothing between is missed; a page that nobody sees listens
 * to nothing, and hears of everything when it is seen again. */
export function useChanges<T extends { viewer: { changesCursor: string | null } }>(page: Loading<T>, concerns: (change: Change) => boolean): void {
  let after: string | null = null;
  let end: (() => void) | null = null;
  let isOver = false;
  let gathering: ReturnType<typeof setTimeout> | undefined;

  function heard(change: Change): void {
    after = change.cursor;
    if (concerns(change)) gathering ??= setTimeout(read, GATHER_MS);
  }

  function read(): void {
    gathering = undefined;
    void page.again();
  }

  function stop(): void {
    end?.();
    end = null;
  }

  function lost(): void {
    stop();
    after = null; // the next answer has another
    read();
  }

  async function begin(): Promise<void> {
    const { follow } = await import("./following");
    if (!isOver && !document.hidden && end === null && after !== null) end = follow(after, heard, lost);
  }

  const seen = () => (document.hidden ? stop() : void begin());
  document.addEventListener("visibilitychange", seen);
  watch(page.data, (data) => {
    if (after !== null || !data?.viewer.changesCursor) return;
    after = data.viewer.changesCursor;
    void begin();
  });
  onScopeDispose(() => {
    isOver = true;
    stop();
    clearTimeout(gathering);
    document.removeEventListener("visibilitychange", seen);
  });
}
