import { joined, sha256, unbase64, utf8Of, type Bytes } from "@/phone/looks/log/bytes";
import { isSigned } from "@/phone/looks/log/ed25519";

// As `incentives/offline.py` has it, which says why.
const LIFE_MS = 12 * 3_600_000;
const SKEW_MS = 5 * 60_000;
const FORM = 35;
const FOR_CODE = utf8Of("haihe offline code 1\n");
const FOR_BUNDLE = utf8Of("haihe till bundle 1\n");

/** One of our public keys, and since when it signs no more. */
interface Signer {
  kid: string;
  public: string;
  retiredAt: string | null;
}

/** What a till is given while there is a network. */
export interface Bundle {
  store: string;
  madeAt: string;
  keys: readonly Signer[];
  offers: readonly { tag: string; title: string; benefit: string }[];
}

/** What an offline code says; which of a claim's uses it is for. */
export interface OfflineCode {
  use: string;
  issuedAt: number;
  expiresAt: number;
  needsOrder: boolean;
  store: string;
  offer: string;
}

/** Whether a text has an offline code's form; what it says is another matter. */
export function isOfflineCode(text: string): boolean {
  return /^[A-Za-z0-9_-]{132}$/.test(text.trim());
}

/** What a text says that one of these keys signed while it was in use; null for every other text. */
export async function readCode(text: string, keys: readonly Signer[]): Promise<OfflineCode | null> {
  if (!isOfflineCode(text)) return null;
  const data = unbase64(plain(text.trim()));
  const form = data.slice(0, FORM);
  const view = new DataView(form.buffer);
  const kid = hex(form.slice(1, 5));
  const signer = keys.find((one) => one.kid === kid);
  if (form[0] !== 1 || !signer || !(await isSigned(unhex(signer.public), joined(FOR_CODE, form), data.slice(FORM)))) return null;
  const code = {
    use: `${view.getUint32(5)}.${view.getUint8(9)}`,
    issuedAt: view.getUint32(10) * 1000,
    expiresAt: view.getUint32(14) * 1000,
    needsOrder: view.getUint8(18) !== 0,
    store: hex(form.slice(19, 27)),
    offer: hex(form.slice(27, 35)),
  };
  const life = code.expiresAt - code.issuedAt;
  const isInUse = signer.retiredAt === null || code.issuedAt <= Date.parse(signer.retiredAt) + SKEW_MS;
  return life > 0 && life <= LIFE_MS && isInUse ? code : null;
}

/** Whether a code is for this store and its time is now. */
export async function isGoodAt(code: OfflineCode, storeId: string, now: number): Promise<boolean> {
  return code.store === hex((await sha256(utf8Of(`store\x1f${storeId}`))).slice(0, 8)) && code.issuedAt - SKEW_MS <= now && now < code.expiresAt;
}

/** A bundle that takes the place of the one before, whose keys it is signed with; the first is trusted for how it came.
 * Null for anything else. */
export async function readBundle(text: string, before: Bundle | null): Promise<Bundle | null> {
  const [body64, kid, signature64] = text.split(".");
  if (body64 === undefined || kid === undefined || signature64 === undefined) return null;
  try {
    const body = unbase64(plain(body64));
    const bundle = JSON.parse(new TextDecoder().decode(body)) as Bundle;
    const trusted = before ? before.keys.filter(({ retiredAt }) => retiredAt === null) : bundle.keys;
    const key = trusted.find((one) => one.kid === kid);
    if (!key || !(await isSigned(unhex(key.public), joined(FOR_BUNDLE, body), unbase64(plain(signature64), 64)))) return null;
    const follows = !before || (before.store === bundle.store && Date.parse(before.madeAt) <= Date.parse(bundle.madeAt));
    return follows ? bundle : null;
  } catch {
    return null;
  }
}

function plain(base64url: string): string {
  return base64url.replaceAll("-", "+").replaceAll("_", "/");
}

function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function unhex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
