import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

import { ahead } from "./build/ahead.ts";
import { operations } from "./build/operations.ts";
import { pieces } from "./build/pieces.ts";
import { homeQuestion } from "./build/question.ts";
import { worker } from "./build/worker.ts";

export default defineConfig({
  plugins: [vue(), homeQuestion(), ahead(), operations(), worker()],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: false },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the policy allows our own files, and an inlined one is not a file
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: pieces } },
  },
  server: { proxy: Object.fromEntries(["/graphql", "/oauth", "/sign-in", "/sign-out", "/app/"].map((path) => [path, { target: "http://127.0.0.1:8000", ws: path === "/graphql" }])) },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
