import { month } from "@/shared/moments";

/** A period that can be chosen: how it is written, and as the API asks for it. */
export interface Choice {
  text: string;
  year: number;
  quarter: number | null;
  month: number | null;
}

const pad = (n: number) => String(n).padStart(2, "0");

/** Read what is written: YYYY, YYYY-Qn or YYYY-MM. */
export function read(text: string): Choice {
  const year = Number(text.slice(0, 4));
  const rest = text.slice(5);
  if (rest.startsWith("Q")) return { text, year, quarter: Number(rest.slice(1)), month: null };
  return { text, year, quarter: null, month: rest ? Number(rest) : null };
}

/** This month and the twelve before it, the last four quarters and three years that have ended; the newest first. */
export function choices(at: Date): { months: string[]; quarters: string[]; years: string[] } {
  const [year = 0, now = 0] = month(at).split("-").map(Number);
  const monthsAgo = (n: number) => {
    const index = year * 12 + now - 1 - n;
    return `${Math.floor(index / 12)}-${pad((index % 12) + 1)}`;
  };
  const ended = year * 4 + Math.floor((now - 1) / 3);
  const quarter = (index: number) => `${Math.floor(index / 4)}-Q${(index % 4) + 1}`;
  return {
    months: Array.from({ length: 13 }, (_, n) => monthsAgo(n)),
    quarters: Array.from({ length: 4 }, (_, n) => quarter(ended - 1 - n)),
    years: Array.from({ length: 3 }, (_, n) => String(year - 1 - n)),
  };
}

/** The last month that has ended. */
export const endedMonth = (at: Date): string => choices(at).months[1] ?? "";
