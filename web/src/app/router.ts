import { createRouter, createWebHistory } from "vue-router";

import { leave } from "@/session/oidc";
import { ended } from "@/session/session";
import { isSignedIn } from "@/session/token";
import { routes } from "./routes";

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

// A room needs a sign-in. After a reload the issuer mostly still knows us: ask it without showing a page.
router.beforeEach(async (to) => {
  if (!to.meta.room || isSignedIn.value) return true;
  if (ended.value) return "/";
  try {
    await leave(to.fullPath, { silent: true });
  } catch {
    return { path: "/", query: { offline: "1" } };
  }
  return new Promise<false>(() => undefined); // the browser is leaving this page
});
