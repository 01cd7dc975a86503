import { beginning, ending } from "@/shared/moments";

/** From the first day's first instant to the last day's end, in the city's time, and no later than now. */
export function stretch(first: string, last: string, now: number): { since: string; until: string } {
  return { since: new Date(beginning(first)).toISOString(), until: new Date(Math.min(ending(last), now)).toISOString() };
}
