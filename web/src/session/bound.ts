/** Which pages look at other people's records: a token that is used there is bound to a key of this page (ADR 0104). */
const DESKS = /^\/(recipient|agency)(\/|$)/;

/** Whether a path is a desk's. */
export function isDesk(path: string): boolean {
  return DESKS.test(path.split(/[?#]/, 1)[0] ?? "");
}
