import { stringifyDocument } from "@urql/core";
import { createClient } from "graphql-ws";

import { ChangesDocument, type ChangesSubscription } from "@/gql/graphql";
import { bearing } from "@/session/headers";
import { renew } from "@/session/oidc";
import { held } from "@/session/token";
import { now } from "./ask";
import type { Change } from "./useChanges";

/** Listens over a socket from a cursor on, and comes back with the last one heard; what is returned ends it. A socket ends
 * with its token, so a fresh one is fetched before each. `lost`: the cursor is forgotten, and everything is to be read anew. */
export function follow(after: string, heard: (change: Change) => void, lost: () => void): () => void {
  const client = createClient({
    url: async () => {
      if (held.value && held.value.expiresAt <= now()) await renew().catch(() => false);
      return new URL("/graphql", location.href).href.replace(/^http/, "ws");
    },
    connectionParams: () => (held.value ? { ...bearing(held.value) } : {}),
    shouldRetry: () => true,
  });
  const variables = { after }; // each return asks with what it is then
  client.subscribe<ChangesSubscription>(
    { query: stringifyDocument(ChangesDocument), variables },
    {
      next({ data }) {
        if (!data) return;
        variables.after = data.changes.cursor;
        heard(data.changes);
      },
      // A list is the service's word; whatever else is a network that did not come back, and the next page begins anew.
      error: (why) => (Array.isArray(why) ? lost() : undefined),
      complete: () => undefined,
    },
  );
  return () => void client.dispose();
}
