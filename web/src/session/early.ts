import { askAhead } from "./ahead";
import { silently } from "./protocol";

/** Paths that need no sign-in. Behind every other one there is mostly somebody whom the issuer still knows. */
const OPEN = new Set(["/", "/check", "/privacy", "/signed-in"]);

/** The silent sign-in, begun while the app itself is still on the line. Null where nobody needs one. */
export const early = OPEN.has(location.pathname) ? null : silently(null, location.pathname);
early?.then(
  (held) => (held && location.pathname === "/home" ? askAhead(held) : undefined),
  () => undefined, // whoever waits for it hears of it
);
