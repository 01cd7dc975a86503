import type { WaitingKind } from "@/gql/graphql";

const PLACES: Readonly<Partial<Record<WaitingKind, (id: string) => string>>> = {
  GLASS: () => "/security/emergencies",
  GLASS_REVIEW: () => "/security/emergencies",
  REFUSAL: (id) => `/handling/refusals/${id}`,
  OFFER: (id) => `/handling/offers/${id}`,
  POST: () => "/security/posts",
  PARTY: () => "/security/freeze",
  PARTY_ACT: () => "/security/freeze",
  SIGN_IN: () => "/security/freeze",
  MISUSE: () => "/security",
  INCIDENT: (id) => `/security/incidents/${id}`,
  BATCH: () => "/agency/batches",
  WITHHOLDING: () => "/agency/orders",
};

/** Where the word on such a thing is given; null where it is given in the list itself, or on no page. */
export function placeOf(kind: WaitingKind, id: string): string | null {
  return PLACES[kind]?.(id) ?? null;
}
