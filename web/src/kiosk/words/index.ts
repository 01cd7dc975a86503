import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type KioskKey } from "./zh";

export type { KioskKey };

/** A sentence of the kiosk. Its words come with its page, so that no citizen's phone loads them. */
export const k = speaker<KioskKey>(zh, en);
