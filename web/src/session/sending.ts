import { bearing } from "./headers";
import { held } from "./token";

/** `fetch` by the right of whoever is signed in, with a proof where their token is bound to a key. */
export async function send(place: string, init: RequestInit): Promise<Response> {
  const by = held.value;
  if (by === null) return fetch(place, init);
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(bearing(by))) headers.set(name, value);
  if (!by.bound) return fetch(place, { ...init, headers });
  const { proving } = await import("./dpop");
  return proving(place, { ...init, headers }, by.token);
}
