import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type DeskKey } from "./zh";

export type { DeskKey };

/** A sentence of the desks. Their words come with their pages, so that no citizen's phone loads them. */
export const d = speaker<DeskKey>(zh, en);
