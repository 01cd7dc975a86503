import { computed, shallowRef } from "vue";

/** An access token, in memory and nowhere else: a reload forgets it, and no storage can be stolen from. */
export interface Held {
  token: string;
  expiresAt: number;
  mandate: string | null;
}

export const held = shallowRef<Held | null>(null);
export const isSignedIn = computed(() => held.value !== null);
