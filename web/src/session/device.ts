/** A kiosk's own key: made on the device and never off it, and the tokens it is given for what it signs (RFC 7523).
 *
 *  It is all that a kiosk keeps, and it says nothing about anybody who stood there. */
import { now } from "./clock";
import { freshPair, signed, type PublicKey } from "./jws";
import { random } from "./pkce";
import { SignInRefused } from "./protocol";
import type { Held } from "./token";

const NAME = "haihe-kiosk";
const STORE = "device";
const TOKENS = "/oauth/token";
const ISSUER = "urn:haihe:clients";
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LIFE_S = 60;

/** What this device is; without a client until its institution has registered it. */
export interface Device {
  privateKey: CryptoKey;
  jwk: PublicKey;
  clientId: string;
  kid: string;
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(NAME));
  });
}

async function once<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await new Promise<T>((resolve, reject) => {
      const asked = ask(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error(NAME));
    });
  } finally {
    database.close();
  }
}

/** What this device is, or null before it was set up. */
export async function kept(): Promise<Device | null> {
  return ((await once("readonly", (store) => store.get(STORE))) as Device | undefined) ?? null;
}

/** The device with a key: the one it has, or a fresh one. */
export async function prepared(): Promise<Device> {
  const found = await kept();
  if (found) return found;
  const made: Device = { ...(await freshPair()), clientId: "", kid: "" };
  await once("readwrite", (store) => store.put(made, STORE));
  return made;
}

/** What the institution registered it as. */
export async function named(clientId: string, kid: string): Promise<void> {
  const device = await prepared();
  await once("readwrite", (store) => store.put({ ...device, clientId, kid }, STORE));
}

/** A token for this device; null when it is none. Throws `SignInRefused` for one that was put out. */
export async function deviceToken(): Promise<Held | null> {
  const device = await kept();
  if (!device?.clientId) return null;
  const at = Math.floor(now() / 1000);
  const claims = { iss: device.clientId, sub: device.clientId, aud: ISSUER, jti: random(), iat: at, exp: at + LIFE_S };
  const response = await fetch(TOKENS, {
    method: "POST",
    credentials: "omit",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: ASSERTION,
      client_assertion: await signed(device.privateKey, { kid: device.kid }, claims),
    }),
  });
  if (!response.ok) throw new SignInRefused(response.status < 500 ? "invalid_client" : "server_error", null);
  const body = (await response.json()) as { access_token: string; expires_in: number };
  return { token: body.access_token, expiresAt: Date.now() + body.expires_in * 1000, mandate: null, bound: false, forDesk: false, device: "key" };
}
