import type { IdentityType, MandateKind, ObjectionDelivery, ObjectionTarget } from "@/gql/graphql";

/** Whether a number is a person's, and not an organisation's. */
export const isPerson = (type: IdentityType) => type !== "USCC";

/** In which capacity somebody files at the counter, for a person or for an organisation. The service refuses any other. */
export const capacities = (person: boolean): readonly MandateKind[] => (person ? ["SELF", "AGENT", "GUARDIAN", "NEAR_RELATIVE"] : ["LEGAL_REPRESENTATIVE", "AGENT"]);

/** What can be contested: people have a score, organisations an evaluation. */
export const targets = (person: boolean): readonly ObjectionTarget[] => ["RECORD", "MISSING_RECORD", "ACCESS", person ? "SCORE" : "EVALUATION"];

/** How they are told. Nobody signs in as a near relative. */
export const ways = (capacity: MandateKind): readonly ObjectionDelivery[] => (capacity === "NEAR_RELATIVE" ? ["POST", "COUNTER"] : ["POST", "COUNTER", "SMS", "APP"]);
