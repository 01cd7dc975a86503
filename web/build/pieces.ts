import type { Rolldown } from "vite";

const EARLY = /\/src\/main\.ts$/;
const FIRST = /\/src\/(app\/start\.ts|phone\/home\/HomePage\.vue)$/;

/** Two files instead of twenty small ones in rounds of six: what signs in early, and all that the first view needs.
 * Every other page stays a file of its own, fetched when it is opened. */
export const pieces: Rolldown.CodeSplittingOptions = {
  groups: [
    { name: named("early", EARLY), debugName: "early", priority: 2 },
    { name: named("first", FIRST), debugName: "first", priority: 1 },
  ],
};

/** A group of everything that these files import in turn, what is only imported when it is needed left out. */
function named(name: string, roots: RegExp): Rolldown.CodeSplittingNameFunction {
  return (id, graph) => (reaches(id, roots, graph) ? name : null);
}

/** Whether a root imports this file, through however many others. */
function reaches(id: string, roots: RegExp, graph: Rolldown.ChunkingContext): boolean {
  const seen = new Set([id]);
  for (const one of seen) {
    if (roots.test(one)) return true;
    for (const importer of graph.getModuleInfo(one)?.importers ?? []) seen.add(importer);
  }
  return false;
}
