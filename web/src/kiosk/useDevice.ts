/** As which kiosk this browser acts: by its own key; in a demonstration without one, by whoever signed in as the kiosk. */
import { ref } from "vue";

import { deviceToken } from "@/session/device";
import { leave, renew } from "@/session/oidc";
import { isNear } from "@/session/protocol";
import { held } from "@/session/token";

export type Standing = "asking" | "here" | "out";

export function useDevice() {
  const standing = ref<Standing>("asking");
  const canSignIn = ref(false);

  async function enter(): Promise<void> {
    try {
      const own = await deviceToken();
      if (own) held.value = own;
      else if (await isNear()) {
        canSignIn.value = true;
        if (held.value || (await renew(null, "/kiosk"))) held.value = { ...held.value!, device: "sign-in" };
      }
      standing.value = held.value ? "here" : "out";
    } catch {
      standing.value = "out"; // put out, or there is no network: nobody is helped here
    }
  }
  return { standing, canSignIn, enter, signIn: () => leave("/kiosk") };
}
