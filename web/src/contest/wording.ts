import type { RefusalPartsFragment } from "@/gql/graphql";

/** What a refusal says about one input, in the service's own sentences. */
export function faultsOf(refusal: Pick<RefusalPartsFragment, "details"> | null, name: string): string[] {
  return (refusal?.details ?? []).filter(({ path }) => path.includes(name)).map(({ message }) => message);
}
