import type { GrantRequestInput, IdentityInput, LendingStage, Period, Purpose, RecordCategory } from "@/gql/graphql";

export type Way = "IDENTITY" | "CODE" | "SCAN";

/** A request as it is being typed. */
export interface Draft {
  way: Way;
  subject: IdentityInput;
  code: string;
  purpose: Purpose | null;
  stages: LendingStage[];
  categories: RecordCategory[];
  validUntil: string;
  uses: string;
  perPeriod: string;
  period: Period | "";
  windowMonths: string;
  retentionDays: string;
  evaluation: boolean;
  monitoring: boolean;
  handledById: string;
  reference: string;
  reason: string;
}

/** Nothing is chosen beforehand but the way and a month's time. `today` is a day of the city. */
export function blank(today: string): Draft {
  const month = new Date(Date.parse(`${today}T00:00:00Z`) + 30 * 86_400_000).toISOString().slice(0, 10);
  const terms = { purpose: null, stages: [], categories: [], validUntil: month, uses: "", perPeriod: "", period: "" as const, windowMonths: "", retentionDays: "", evaluation: false, monitoring: false, handledById: "" };
  return { way: "IDENTITY", subject: { type: "RESIDENT_ID", number: "", name: "" }, code: "", ...terms, reference: "", reason: "" };
}

/** What the request still lacks, by the name of its input. */
export function lacking(draft: Draft): ("name" | "number" | "code" | "purpose" | "stages" | "categories" | "validUntil" | "reason")[] {
  const named = draft.way === "IDENTITY";
  const rules = [
    ["number", named && !draft.subject.number.trim()],
    ["name", named && !draft.subject.name.trim()],
    ["code", draft.way === "CODE" && !draft.code.trim()],
    ["purpose", draft.purpose === null],
    ["stages", draft.purpose === "FINANCING" && !draft.stages.length],
    ["categories", !draft.categories.length],
    ["validUntil", !draft.validUntil],
    ["reason", !draft.reason.trim()],
  ] as const;
  return rules.filter(([, isLacking]) => isLacking).map(([name]) => name);
}

/** Whether 贷后提示 can be asked for: it belongs to 贷后管理. */
export function mayMonitor(draft: Draft): boolean {
  return draft.purpose === "FINANCING" && draft.stages.includes("POST_LOAN");
}

/** The draft as the service takes it. */
export function toInput(draft: Draft, requestId: string): GrantRequestInput {
  return {
    requestId,
    subject: subjectOf(draft),
    purpose: draft.purpose!,
    handledById: draft.purpose === "FINANCING" && draft.handledById ? draft.handledById : null,
    stages: draft.purpose === "FINANCING" ? draft.stages : [],
    categories: draft.categories,
    validUntil: `${draft.validUntil}T23:59:59+08:00`,
    uses: figure(draft.uses),
    usesPerPeriod: figure(draft.perPeriod),
    period: draft.period || null,
    windowMonths: figure(draft.windowMonths),
    retentionDays: figure(draft.retentionDays),
    includesEvaluation: draft.evaluation,
    monitoring: mayMonitor(draft) && draft.monitoring,
    reference: draft.reference.trim() || null,
    reason: draft.reason.trim(),
  };
}

function subjectOf(draft: Draft): GrantRequestInput["subject"] {
  if (draft.way === "SCAN") return null;
  if (draft.way === "CODE") return { connectCode: draft.code.trim() };
  const { type, number, name } = draft.subject;
  return { identity: { type, number: number.trim(), name: name.trim() } };
}

/** A typed figure; empty is not said. What is no figure is asked of the service as it is none: out of range. */
function figure(text: string): number | null {
  const typed = text.normalize("NFKC").trim();
  if (!typed) return null;
  return /^\d{1,6}$/.test(typed) ? Number(typed) : -1;
}
