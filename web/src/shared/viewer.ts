import { shallowRef, watch } from "vue";

import type { WhoFragment } from "@/gql/graphql";
import { held } from "@/session/token";

/** Who is signed in and for whom they act, as the last answer said. Every page asks for it along with its own. */
export const viewer = shallowRef<WhoFragment["viewer"] | null>(null);

/** Takes note of who an answer was for. */
export function note(data: unknown): void {
  const found = (data as Partial<WhoFragment> | null)?.viewer;
  if (found) viewer.value = found;
}

watch(held, (token) => {
  if (!token) viewer.value = null;
});
