import type { TypedDocumentNode } from "@urql/core";
import { onScopeDispose, ref, shallowRef, triggerRef, watch, type Ref, type ShallowRef } from "vue";

import { settings } from "@/session/settings";
import { held } from "@/session/token";
import { ask, type Fault } from "./ask";
import { note } from "./viewer";

const SLOW_AFTER_MS = 3_000;

/** One page's question: its data, or why there is none, and whether it takes long. */
export interface Loading<T> {
  data: ShallowRef<T | null>;
  fault: ShallowRef<Fault | null>;
  isLoading: Ref<boolean>;
  isSlow: Ref<boolean>;
  again: () => Promise<void>;
}

/** Asks now, whenever the variables or the language change, and after the network came back. A late answer to an earlier
 * question is dropped. */
export function useLoading<T, V extends Record<string, unknown>>(document: TypedDocumentNode<T, V>, variables: () => V): Loading<T> {
  const data = shallowRef<T | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const isLoading = ref(false);
  const isSlow = ref(false);
  let turn = 0;

  async function again(): Promise<void> {
    const mine = ++turn;
    isLoading.value = true;
    const timer = setTimeout(() => (isSlow.value = true), SLOW_AFTER_MS);
    const answer = await ask(document, variables());
    clearTimeout(timer);
    if (mine !== turn) return;
    isLoading.value = isSlow.value = false;
    fault.value = answer.fault ?? null;
    // What was shown stays while the network is away, and goes when the service says no.
    if (answer.data) {
      note(answer.data);
      data.value = answer.data;
    }
    if (answer.fault && answer.fault.kind !== "offline" && answer.fault.kind !== "slow") data.value = null;
  }

  const back = () => {
    if (fault.value?.kind === "offline") void again();
  };
  addEventListener("online", back);
  onScopeDispose(() => {
    turn++;
    removeEventListener("online", back);
  });
  watch([() => JSON.stringify(variables()), () => settings.language], () => void again(), { immediate: true });
  watch(held, (token) => {
    if (!token) data.value = null;
  });
  return { data, fault, isLoading, isSlow, again };
}

interface Connection<N> {
  edges: { node: N }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** A list that grows: `more()` asks for the next page and puts it behind the ones that are shown. */
export interface Pages<T, N> extends Loading<T> {
  isMore: Ref<boolean>;
  more: () => Promise<void>;
  put: (node: N) => void;
}

/** Asks for the first page as `useLoading` does; `of` finds the list in the answer. */
export function usePages<T, V extends Record<string, unknown>, N extends { id: string }>(
  document: TypedDocumentNode<T, V>,
  variables: () => V,
  of: (data: T) => Connection<N>,
): Pages<T, N> {
  const loading = useLoading(document, variables);
  const isMore = ref(false);

  async function more(): Promise<void> {
    const shown = loading.data.value;
    if (shown === null || isMore.value) return;
    isMore.value = true;
    const answer = await ask(document, { ...variables(), after: of(shown).pageInfo.endCursor });
    isMore.value = false;
    if (loading.data.value !== shown) return; // the list has been asked for anew meanwhile
    if (answer.fault) loading.fault.value = answer.fault;
    else {
      of(answer.data).edges.unshift(...of(shown).edges);
      loading.data.value = answer.data;
    }
  }

  /** Puts a changed node in its place. */
  function put(node: N): void {
    const shown = loading.data.value;
    if (shown === null) return;
    for (const edge of of(shown).edges) if (edge.node.id === node.id) edge.node = node;
    triggerRef(loading.data);
  }
  return { ...loading, isMore, more, put };
}
