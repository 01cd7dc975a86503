import { speaker } from "@/shared/words";
import { en } from "./en";
import { zh, type AuditingKey } from "./zh";

export type { AuditingKey };

/** A sentence of the compliance auditor's desk. Its words come with its page. */
export const s = speaker<AuditingKey>(zh, en);
