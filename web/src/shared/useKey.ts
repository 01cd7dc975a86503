import { freshKey } from "./ask";

/** Keys for what is sent: the same content has the same key however often it is sent, other content another. */
export function useKey() {
  let sent = { content: "", key: "" };

  function of(content: unknown): string {
    const text = JSON.stringify(content);
    if (sent.content !== text) sent = { content: text, key: freshKey() };
    return sent.key;
  }

  /** After a refusal: a key that was refused stays refused. */
  function drop(): void {
    sent = { content: "", key: "" };
  }
  return { of, drop };
}
