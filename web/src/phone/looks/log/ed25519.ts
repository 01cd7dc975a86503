import type { Bytes } from "./bytes";

/** Whether the key signed the text (RFC 8032). By the browser itself where it knows Ed25519, else by a library. */
export async function isSigned(key: Bytes, text: Bytes, signature: Bytes): Promise<boolean> {
  if (signature.length !== 64) return false;
  const own = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch(() => null);
  if (own) return crypto.subtle.verify("Ed25519", own, signature, text);
  const { verifyAsync } = await import("@noble/ed25519");
  return verifyAsync(signature, text, key, { zip215: false }).catch(() => false);
}
