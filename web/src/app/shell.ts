const WORKER = "/sw.js";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => string };
}

/** Registers the service worker that keeps the shell. Without one the app works too. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) return;
  // The page's policy lets no plain text name a script; this rule lets one.
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  const policy = types?.createPolicy("haihe-worker", { createScriptURL: (url) => (url === WORKER ? url : "") });
  navigator.serviceWorker.register(policy ? policy.createScriptURL(WORKER) : WORKER).catch(() => undefined);
}
