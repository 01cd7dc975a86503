import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type SecurityKey } from "./zh";

export type { SecurityKey };

/** A sentence of the security desk. Its words come with its page, so that no citizen's phone loads them. */
export const s = speaker<SecurityKey>(zh, en);
