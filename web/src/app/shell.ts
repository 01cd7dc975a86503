const WORKER = "/sw.js";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => string };
  createPolicy(name: string, rules: { createHTML: (text: string) => string | null }): unknown;
}

// The page's policy lets no plain text become markup or name a script.
const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;

/** Lets anything be emptied by `innerHTML = ""`, as the chart library does when its page is left, and nothing be written. */
export function letEmpty(): void {
  types?.createPolicy("default", { createHTML: (text) => (text === "" ? "" : null) });
}

/** Registers the service worker that keeps the shell. Without one the app works too. */
export function keepShell(): void {
  if (!("serviceWorker" in navigator)) return;
  const policy = types?.createPolicy("haihe-worker", { createScriptURL: (url) => (url === WORKER ? url : "") });
  navigator.serviceWorker.register(policy ? policy.createScriptURL(WORKER) : WORKER).catch(() => undefined);
}
