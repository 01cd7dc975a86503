import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type OfferingKey } from "./zh";

export type { OfferingKey };

/** A sentence of where offers are written and approved. Their words come with their pages. */
export const o = speaker<OfferingKey>(zh, en);
