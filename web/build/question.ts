import { createRequest, stringifyVariables } from "@urql/core";
import { makeFetchBody } from "@urql/core/internal";
import type { Plugin } from "vite";

import { documents } from "./operations.ts";

const NAME = "virtual:home-question";

/** What the client sends when the home page asks, byte for byte. */
export async function question(): Promise<string> {
  const { HomeDocument } = await documents();
  if (!HomeDocument) throw new Error("no document named Home");
  return stringifyVariables(makeFetchBody(createRequest(HomeDocument, {})));
}

/** Gives the page's first script the home page's question as a text, without the client and the other documents. */
export function homeQuestion(): Plugin {
  return {
    name: "haihe:home-question",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: async (id) => (id === `\0${NAME}` ? `export default ${JSON.stringify(await question())};` : null),
  };
}
