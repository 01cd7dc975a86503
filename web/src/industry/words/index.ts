import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type IndustryKey } from "./zh";

export type { IndustryKey };

/** A sentence of the keeper's desk. Its words come with its pages. */
export const i = speaker<IndustryKey>(zh, en);
