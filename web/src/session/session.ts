import { ref, watch } from "vue";

import { isDue, presence, type Presence } from "./idle";
import { renew, signOut } from "./oidc";
import { held } from "./token";

/** Whether anybody is there; `App.vue` asks when it is not "here". */
export const attendance = ref<Presence>("here");
const WHY = ["idle", "asked", "expired"] as const;
type Why = (typeof WHY)[number];

/** Why, when an issuer elsewhere sends back who signed out. */
function said(): "" | Why {
  const state = new URLSearchParams(location.search).get("state");
  return location.pathname === "/" ? (WHY.find((one) => one === state) ?? "") : "";
}

/** Why there is no session any more, said once on the front page. */
export const ended = ref<"" | Why | "elsewhere">(said());

let touched = Date.now();
const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("haihe-session");

/** Someone touched the screen. While we are asking, only the button counts. */
export function touch(): void {
  if (attendance.value === "here") touched = Date.now();
}

/** 还在: the button was pressed. */
export async function stay(): Promise<void> {
  touched = Date.now();
  attendance.value = "here";
  await renewIfDue();
}

/** Ends the session here and in the other tabs. */
export async function end(why: Why): Promise<void> {
  ended.value = why;
  tabs?.postMessage("ended");
  await signOut(why);
}

async function renewIfDue(): Promise<void> {
  const now = held.value;
  if (now && isDue(now.expiresAt, Date.now())) await renew().catch(() => false);
}

/** Watches the clock, the finger and the other tabs while the app runs. */
export function attend(): void {
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true, capture: true });
  setInterval(() => {
    if (!held.value) return;
    // A device is no session: whoever stands there has a visit, which asks by itself.
    if (held.value.device) return void renewIfDue();
    attendance.value = presence(touched, Date.now());
    if (attendance.value === "gone") void end("idle");
    else if (attendance.value === "here") void renewIfDue();
  }, 5_000);
  watch(held, (now, before) => {
    if (now && !before) {
      touched = Date.now();
      ended.value = "";
    }
    if (!now) attendance.value = "here";
  });
  tabs?.addEventListener("message", () => {
    if (!held.value) return;
    ended.value = "elsewhere";
    held.value = null;
    sessionStorage.clear();
  });
}
