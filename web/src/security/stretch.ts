const DAY_MS = 86_400_000;

/** From the first day's first instant to the last day's end, in the city's time, and no later than now. */
export function stretch(first: string, last: string, now: number): { since: string; until: string } {
  const begins = Date.parse(`${first}T00:00:00+08:00`);
  const ends = Math.min(Date.parse(`${last}T00:00:00+08:00`) + DAY_MS, now);
  return { since: new Date(begins).toISOString(), until: new Date(ends).toISOString() };
}
