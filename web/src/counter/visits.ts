import type { CounterKind, PaperCheck, PaperForm } from "@/gql/graphql";

/** As what somebody comes; one's own first, because most do. */
export const KINDS: readonly CounterKind[] = ["OWN", "OTHER_PERSON", "ORGANISATION", "GUARDIAN", "NEAR_RELATIVE"];

/** Whether a case rests on a written authorisation. */
export const isAuthorised = (kind: CounterKind) => kind === "OTHER_PERSON" || kind === "ORGANISATION";

/** Whether who stands there reads who looked: for themselves, or for their ward. */
export const isForOneself = (kind: CounterKind) => kind === "OWN" || kind === "GUARDIAN";

/** The form in which a paper is asked for: the first of those that do. */
export const usual = (forms: readonly PaperForm[]): PaperForm => forms[0] ?? "ORIGINAL";

/** What must be seen on a paper in this form: an electronic licence bears its seal in itself. */
export const toSee = (checks: readonly PaperCheck[], form: PaperForm) => (form === "ELECTRONIC_LICENCE" ? checks.filter((check) => check !== "SEAL") : [...checks]);
