import { CombinedError } from "@urql/core";

import { spoken } from "@/session/headers";
import { send } from "@/session/sending";
import { settings } from "@/session/settings";
import { faultOf, type Fault } from "@/shared/ask";

const PATIENCE_MS = 60_000;
type Sent = { id: string; fault?: undefined } | { id?: undefined; fault: Fault };

/** Sends a file to be named afterwards. Never throws; a file that nothing names is forgotten by the service. */
export async function upload(file: Blob): Promise<Sent> {
  try {
    const response = await send("/uploads", {
      method: "POST",
      body: file,
      credentials: "omit",
      headers: spoken(settings.language),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body = (await response.json()) as { id?: string; errors?: { message: string }[] };
    if (body.id) return { id: body.id };
    return { fault: faultOf(new CombinedError({ graphQLErrors: body.errors ?? [], response })) };
  } catch (error) {
    return { fault: faultOf(new CombinedError({ networkError: error instanceof Error ? error : new Error(String(error)) })) };
  }
}
