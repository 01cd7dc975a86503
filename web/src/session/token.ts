import { computed, shallowRef } from "vue";

/** An access token, in memory and nowhere else: a reload forgets it, and no storage can be stolen from. */
export interface Held {
  token: string;
  expiresAt: number;
  mandate: string | null;
  /** Whether it is bound to this page's key, and shown with proofs. */
  bound: boolean;
  /** Whether it was asked for to be used at a desk; an issuer that binds no tokens gives one all the same. */
  forDesk: boolean;
  /** Whether it is a device's, where nobody is signed in: by its own key, or in a demonstration by a sign-in. */
  device?: "key" | "sign-in";
  /** What the issuer knows the session by, where it speaks OpenID. */
  idToken?: string | undefined;
}

export const held = shallowRef<Held | null>(null);
export const isSignedIn = computed(() => held.value !== null);
