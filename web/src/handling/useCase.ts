import { useDeed } from "@/phone/grants/useDeed";
import type { CasePartsFragment } from "@/gql/graphql";

export type Deed = ReturnType<typeof useDeed>;

/** What every act on a case names: which, and as it was read. */
export function asRead(one: CasePartsFragment): { objectionId: string; expectedVersion: number } {
  return { objectionId: one.id, expectedVersion: one.version };
}
