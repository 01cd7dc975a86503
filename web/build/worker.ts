import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import type { Plugin } from "vite";

const SOURCE = new URL("worker.js", import.meta.url);

/** Emits `sw.js`: the service worker with the list of this build's files. Its name for them is a hash of their names. */
export function worker(): Plugin {
  return {
    name: "haihe:worker",
    apply: "build",
    generateBundle: {
      order: "post", // after the page itself, which drops a file that only leads to another
      handler(_options, bundle) {
        const files = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name)).sort();
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("no page to keep");
        const hash = createHash("sha256").update(files.join("\n")).update(page.source);
        const text = readFileSync(SOURCE, "utf-8")
          .replace("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 16)))
          .replace("__FILES__", JSON.stringify(["/", ...files.map((name) => `/${name}`)]));
        this.emitFile({ type: "asset", fileName: "sw.js", source: text });
      },
    },
  };
}
