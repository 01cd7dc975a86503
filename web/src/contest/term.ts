import type { TermPartsFragment } from "@/gql/graphql";
import { calendarDay } from "@/shared/moments";

/** A calendar day of a case, as the city's calendar has it; provisional while nobody has announced it. */
export interface Day {
  on: string;
  isWorkday: boolean;
  provisional: boolean;
}

/** 检验 检测 检疫 鉴定 专家评审: both days included. While nobody has named the last, the clock is counted as if it were today. */
export interface Stop {
  startedOn: string;
  endedOn: string | null;
}

/** A case's clock: every day from receipt to the due day, or on to the day on which it ended or is late. */
export interface Term {
  days: readonly Day[];
  dueOn: string | null;
  forwardedOn: string | null;
  endedOn: string | null;
  stops: readonly Stop[];
}

export type Kind = "receipt" | "work" | "rest" | "stopped" | "late";

/** A day on the drawn line, or a run of rest days, of stopped days, of many late ones. */
export interface Cell {
  kind: Kind;
  from: string;
  to: string;
  /** How many calendar days it holds. */
  days: number;
  /** Which working day of the term it is; 0 for any other. */
  nth: number;
  isPast: boolean;
  isDue: boolean;
  isForwarded: boolean;
  provisional: boolean;
  x: number;
  width: number;
}

export interface Line {
  cells: readonly Cell[];
  /** Where today stands on it; null when today is not on it. */
  today: number | null;
  /** How many working days have begun since receipt, stops left out, and how many the term has. */
  gone: number;
  all: number;
}

const REST = 0.3;
const MOST_REST = 1.2;
const RUN = 2.4;
const MOST_LATE = 5;

/** The line of a term, `width` wide: working days as wide as one another, rest days thin, a stop never wider than two and a half. */
export function drawn(term: Term, today: string, width: number): Line {
  const runs = merged(named(term, today));
  const whole = runs.reduce((sum, run) => sum + wide(run), 0);
  const scale = whole ? width / whole : 0;
  let x = 0;
  const cells = runs.map((run) => {
    const cell = { ...run, x, width: wide(run) * scale };
    x += cell.width;
    return cell;
  });
  const over = cells.find((cell) => cell.from <= today && today <= cell.to);
  const counted = cells.filter((cell) => cell.nth);
  return {
    cells,
    today: over && !isEnded(term, today) ? over.x + (over.width * (daysBetween(over.from, today) + 0.5)) / over.days : null,
    gone: counted.filter((cell) => cell.from <= today).length,
    all: counted.length,
  };
}

type Run = Omit<Cell, "x" | "width">;

/** Each day by what it is to the clock. */
function named(term: Term, today: string): Run[] {
  let nth = 0;
  const last = term.endedOn ?? today;
  return term.days.map((day, n) => {
    const kind = n === 0 ? "receipt" : kindOf(term, day, today);
    return {
      kind,
      from: day.on,
      to: day.on,
      days: 1,
      nth: kind === "work" ? ++nth : 0,
      isPast: day.on < last || day.on === term.endedOn,
      isDue: day.on === term.dueOn,
      isForwarded: day.on === term.forwardedOn,
      provisional: day.provisional,
    };
  });
}

function kindOf(term: Term, day: Day, today: string): Kind {
  if (term.stops.some((stop) => stop.startedOn <= day.on && day.on <= (stop.endedOn ?? (stop.startedOn > today ? stop.startedOn : today)))) return "stopped";
  if (!day.isWorkday) return "rest";
  return term.dueOn !== null && day.on > term.dueOn ? "late" : "work";
}

/** Neighbours that are drawn as one: rest, stopped days, and lateness once it is long. */
function merged(runs: readonly Run[]): Run[] {
  const isLong = runs.filter(({ kind }) => kind === "late").length > MOST_LATE;
  const found: Run[] = [];
  for (const run of runs) {
    const before = found.at(-1);
    const joins = run.kind === "rest" || run.kind === "stopped" || (run.kind === "late" && isLong);
    if (before && joins && before.kind === run.kind && !run.isDue && !run.isForwarded && before.provisional === run.provisional) {
      found[found.length - 1] = { ...before, to: run.to, days: before.days + 1, isPast: run.isPast };
    } else found.push(run);
  }
  return found;
}

function wide(run: Run): number {
  if (run.kind === "rest") return Math.min(MOST_REST, REST * run.days);
  return run.kind === "stopped" || run.days > 1 ? Math.min(RUN, run.days) : 1;
}

function isEnded(term: Term, today: string): boolean {
  return term.endedOn !== null && term.endedOn < today;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The clock of a case as the service tells of it: its days, the date in force, and when what was done in it. */
export function termOf(of: Pick<TermPartsFragment, "status" | "dueAt" | "notifiedAt" | "days" | "dueDates" | "stops" | "steps">): Term {
  const lastOf = (act: string) => of.steps.findLast((step) => step.act === act)?.at ?? null;
  const ended = { CLOSED: of.notifiedAt, WITHDRAWN: lastOf("WITHDRAW") }[of.status as string] ?? null;
  const on = (at: string | null) => (at === null ? null : calendarDay(Date.parse(at)));
  // While the clock stands the date that was noted is none: the day that is said anew each day is the earliest possible.
  const earliest = calendarDay(Date.parse(of.dueAt) - 1);
  const dueOn = of.status === "STOPPED" ? earliest : (of.dueDates.at(-1)?.dueOn ?? null);
  return { days: of.days, dueOn, forwardedOn: on(lastOf("FORWARD")), endedOn: on(ended), stops: of.stops };
}
