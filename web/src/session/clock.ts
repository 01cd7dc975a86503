/** The service's clock minus the device's, in milliseconds: a rotating code must not depend on a phone's clock. */
let offset = 0;

/** Takes the time from an answer that came this moment, and hands the answer on. */
export function heard(response: Response): Response {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (!Number.isNaN(date)) offset = Math.abs(date - Date.now()) < 2_000 ? 0 : date - Date.now();
  return response;
}

/** The service's time. */
export function now(): number {
  return Date.now() + offset;
}
