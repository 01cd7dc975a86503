import { ending } from "@/shared/moments";

/** What an order lasts unless somebody says otherwise. */
export const A_MONTH_MS = 30 * 24 * 3600 * 1000;

/** The instant until which what lasts through a day lasts. */
export const untilEndOf = (day: string): string => new Date(ending(day)).toISOString();
