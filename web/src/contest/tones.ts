import type { ObjectionOutcome, ObjectionStatus, ObjectionTarget } from "@/gql/graphql";
import { day } from "@/shared/moments";
import { c } from "./words";

interface Told {
  status: ObjectionStatus;
  outcome: ObjectionOutcome | null;
  overdue: boolean;
}

/** Where a case stands, in a word. Before it is told, an outcome is nobody's to read. */
export function standing(one: Told): string {
  return one.status === "CLOSED" && one.outcome ? c(`ObjectionOutcome.${one.outcome}`) : c(`ObjectionStatus.${one.status}`);
}

/** And its colour. A refusal is no fault of the person: it is not red. */
export function tone(one: Told): "good" | "warn" | "accent" | "" {
  if (one.overdue || one.status === "STOPPED") return "warn";
  if (one.status === "WITHDRAWN" || one.outcome === "NOT_CORRECTED") return "";
  return one.status === "CLOSED" ? "good" : "accent";
}

/** What is contested, by its name. */
export function aboutOf(one: { target: ObjectionTarget; described?: string | null; record?: { title: string } | null }): string {
  return one.record?.title ?? one.described ?? c(`ObjectionTarget.${one.target}`);
}

/** The last day of a term, of which the service names the first instant that is too late. */
export function dueDay(dueAt: string): string {
  return day(new Date(Date.parse(dueAt) - 1).toISOString());
}
