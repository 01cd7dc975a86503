import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type SharingKey } from "./zh";

export type { SharingKey };

/** A sentence about shares. Its words come with its pages, so that no other desk loads them. */
export const s = speaker<SharingKey>(zh, en);
