import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

const START = /\/app\/start\.ts$/;

/** Names in the page what its small first script will import, so that the browser fetches it at once. */
export function ahead(): Plugin {
  return {
    name: "haihe:ahead",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((file) => file.type === "chunk");
        const start = chunks.find((chunk) => chunk.moduleIds.some((id) => START.test(id)));
        if (!start) throw new Error("no chunk of app/start.ts");
        return [...scripts(start, chunks), ...styles(start)];
      },
    },
  };
}

function scripts(start: Rolldown.OutputChunk, chunks: readonly Rolldown.OutputChunk[]): HtmlTagDescriptor[] {
  const entries = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
  const files = [start.fileName, ...start.imports].filter((name) => !entries.has(name));
  return files.map((name) => link({ rel: "modulepreload", href: `/${name}` }));
}

function styles(start: Rolldown.OutputChunk): HtmlTagDescriptor[] {
  return [...(start.viteMetadata?.importedCss ?? [])].map((name) => link({ rel: "stylesheet", href: `/${name}` }));
}

function link(attrs: Record<string, string>): HtmlTagDescriptor {
  return { tag: "link", injectTo: "head", attrs: { ...attrs, crossorigin: true } };
}
