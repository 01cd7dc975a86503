import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type PhoneKey } from "./zh";

export type { PhoneKey };

/** A sentence of the phone's rarer pages. Their words come with those pages, so that the first page does not wait for them. */
export const w = speaker<PhoneKey>(zh, en);
