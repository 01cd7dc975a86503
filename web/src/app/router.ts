import { shallowRef } from "vue";
import { createRouter, createWebHistory, loadRouteLocation } from "vue-router";

import { leave, renew } from "@/session/oidc";
import { isNear } from "@/session/protocol";
import { ended } from "@/session/session";
import { held } from "@/session/token";
import { routes } from "./routes";

// No scrollBehavior: the router would keep scroll positions by path in the session's storage, and a path can name a claim.
export const router = createRouter({ history: createWebHistory(), routes });

// A room needs a sign-in, and a desk one whose token is bound to this page. After a reload the issuer mostly still knows
// us: ask it without showing a page, and fetch the page's own files meanwhile.
router.beforeEach(async (to) => {
  const by = held.value;
  if (!to.meta.room || (by && (by.forDesk || to.meta.room !== "desk"))) return true;
  if (ended.value && !by) return "/";
  void loadRouteLocation(to).catch(() => undefined);
  try {
    if (await isNear()) return (await renew(by?.mandate ?? null, to.path)) || { path: "/", query: { next: to.fullPath } };
    await leave(to.fullPath, { mandate: by?.mandate ?? null, silent: true });
  } catch {
    return { path: "/", query: { offline: "1", next: to.fullPath } };
  }
  return new Promise<false>(() => undefined); // the browser is leaving this page
});

/** Where somebody wanted to go when the page's own files could not be fetched; empty when all is well. */
export const unreached = shallowRef("");
router.onError((_error, to) => (unreached.value = to.fullPath));
router.afterEach((to, from, failure) => {
  if (failure) return;
  unreached.value = "";
  if (to.path !== from.path) scrollTo(0, 0);
});
addEventListener("online", () => {
  if (unreached.value) location.assign(unreached.value);
});
