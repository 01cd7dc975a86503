import { createHash } from "node:crypto";

import { stringifyDocument, type TypedDocumentNode } from "@urql/core";
import type { Plugin } from "vite";

const DOCUMENTS = new URL("../src/gql/graphql.ts", import.meta.url).href;

type Documents = Record<string, TypedDocumentNode>;

/** Every generated document by its name. */
export async function documents(): Promise<Documents> {
  const found = (await import(/* @vite-ignore */ DOCUMENTS)) as Documents;
  return Object.fromEntries(Object.entries(found).filter(([name]) => name.endsWith("Document")));
}

/** sha256 → text of every document this bundle can send, byte for byte as the client sends it, sorted. */
export async function manifest(): Promise<Record<string, string>> {
  const pairs = Object.values(await documents()).map((document) => {
    const text = stringifyDocument(document);
    return [createHash("sha256").update(text).digest("hex"), text] as const;
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Emits `operations.json`, the manifest a service can take as its list of trusted documents. */
export function operations(): Plugin {
  return {
    name: "haihe:operations",
    apply: "build",
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: "operations.json", source: `${JSON.stringify(await manifest(), null, 1)}\n` });
    },
  };
}
