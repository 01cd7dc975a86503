import type { LayoutName, ObjectionTarget, RightItemInput, VerificationAnswer } from "@/gql/graphql";

/** What a provider may answer about a record of its own, and about one that is said to be missing. */
export function answers(target: ObjectionTarget): readonly VerificationAnswer[] {
  return target === "MISSING_RECORD" ? ["ADD", "CONFIRM"] : ["CORRECT", "DELETE", "REASSIGN", "CONFIRM"];
}

/** What kinds of record can be added so; the others come in a file. */
export const KINDS = ["HONOUR", "LICENCE", "QUALIFICATION", "PENALTY", "COMMITMENT", "ASSESSMENT"] as const satisfies readonly LayoutName[];

/** Lines of "column: value" as items; a line without either is left out. */
export function labelled(text: string): RightItemInput[] {
  return text.split("\n").flatMap((line) => {
    const [, code, value] = /^\s*([^:：=]+?)\s*[:：=]\s*(.+?)\s*$/.exec(line) ?? [];
    return code && value ? [{ code, value }] : [];
  });
}
