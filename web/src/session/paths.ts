/** A path to come back to after signing in: one of our own, or the home page. Never another host, never a loop. */
export function ownPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])[\w\-/.~%?=&]*$/.test(wanted)) return "/home";
  const { origin, pathname, search } = new URL(wanted, "https://own.invalid");
  if (origin !== "https://own.invalid" || pathname.startsWith("//") || pathname === "/signed-in") return "/home";
  return pathname + search;
}
