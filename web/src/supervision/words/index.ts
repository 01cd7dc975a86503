import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type SupervisionKey } from "./zh";

export type { SupervisionKey };

/** A sentence of the supervisor's desk. Its words come with its pages. */
export const s = speaker<SupervisionKey>(zh, en);
