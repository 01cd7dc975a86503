import { settings } from "@/session/settings";

const ZONE = "Asia/Shanghai";
const locale = () => (settings.language === "en" ? "en-GB" : "zh-CN");

/** An instant as the city's clock shows it: day and minute. */
export function moment(text: string): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, dateStyle: "long", timeStyle: "short" }).format(new Date(text));
}

/** The time of day. */
export function clock(text: string): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(text));
}

/** The day of an instant, or of a calendar day. */
export function day(text: string): string {
  const at = text.length === 10 ? new Date(`${text}T12:00:00+08:00`) : new Date(text);
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, dateStyle: "long" }).format(at);
}

const DAY_MS = 86_400_000;

/** When a calendar day (YYYY-MM-DD) begins in the city, which has no summer time; milliseconds. */
export const beginning = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

/** When it is over. */
export const ending = (day: string): number => beginning(day) + DAY_MS;

/** The last day of what is over at an instant: where a day ends, the next has not begun. */
export const lastDay = (text: string): string => day(new Date(Date.parse(text) - 1).toISOString());

/** The city's calendar month of an instant, YYYY-MM. */
export function month(at: Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit" }).formatToParts(at);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}`;
}

/** The city's calendar day of an instant, YYYY-MM-DD. */
export function calendarDay(at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}
