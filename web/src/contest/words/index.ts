import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type ContestKey } from "./zh";

export type { ContestKey };

/** A sentence about contesting. The phone and the desks that deal with it share these words, and no other page loads them. */
export const c = speaker<ContestKey>(zh, en);
