import type { IndicatorSource, IndustryScorecardInput, ModelContentFragment, RecordCategory, RecordNature, RefusalPartsFragment } from "@/gql/graphql";

export const SOURCES: readonly IndicatorSource[] = ["EVALUATION", "RECORD_FACT", "OWN_NUMBER", "OWN_CODE"];
export const NATURES: readonly RecordNature[] = ["ADVERSE", "FAVOURABLE", "NEUTRAL"];
export const CATEGORIES: readonly RecordCategory[] = [
  "ADMINISTRATIVE", "JUDICIAL", "ABNORMAL_OPERATION", "SERIOUS_DISHONESTY", "CONTRACT", "COMMITMENT", "HONOUR",
  "REGISTRATION", "PROFESSIONAL", "EVALUATION_RESULT", "COMPLIANCE", "INTELLECTUAL_PROPERTY", "SELF_SUBMITTED",
];
export const GRADES = ["A", "B", "C", "D"] as const;

/** A scorecard as it is typed: figures are text until they are sent. `key` is for the list on the screen alone. */
export interface TypedBin {
  key: number;
  start: string;
  value: string;
  points: string;
  reason: string;
}
export interface TypedIndicator {
  key: number;
  code: string;
  label: string;
  description: string;
  source: IndicatorSource;
  category: RecordCategory;
  nature: RecordNature;
  years: string;
  weight: string;
  missing: string;
  bins: TypedBin[];
}
export interface TypedClass {
  key: number;
  code: string;
  start: string;
}
export interface Typed {
  name: string;
  instrument: string;
  indicators: TypedIndicator[];
  classes: TypedClass[];
}

let keys = 0;
export const isCounted = (source: IndicatorSource) => source === "RECORD_FACT" || source === "OWN_NUMBER";
export const blankBin = (): TypedBin => ({ key: ++keys, start: "", value: "", points: "", reason: "" });
export const blankClass = (code = ""): TypedClass => ({ key: ++keys, code, start: "" });

/** What an indicator of this source begins with: grades have four bins, no more and no fewer. */
export function binsOf(source: IndicatorSource): TypedBin[] {
  return source === "EVALUATION" ? GRADES.map((value) => ({ ...blankBin(), value, reason: `GRADE_${value}` })) : [blankBin(), blankBin()];
}

export function blankIndicator(source: IndicatorSource = "OWN_NUMBER"): TypedIndicator {
  const about = { category: "ADMINISTRATIVE", nature: "ADVERSE", years: "2" } as const;
  return { key: ++keys, code: "", label: "", description: "", source, ...about, weight: "", missing: "0", bins: binsOf(source) };
}

export function blank(): Typed {
  return { name: "", instrument: "", indicators: [blankIndicator("EVALUATION"), blankIndicator()], classes: ["C", "B", "A"].map((code) => blankClass(code)) };
}

/** A version, to be written anew. */
export function typed(one: ModelContentFragment): Typed {
  return {
    name: one.name,
    instrument: one.instrument,
    indicators: one.indicators.map((each) => ({
      ...blankIndicator(each.source),
      ...{ code: each.code, label: each.label, description: each.description, weight: each.weight, missing: each.missing },
      ...(each.category && each.nature ? { category: each.category, nature: each.nature, years: String(each.years) } : {}),
      bins: each.bins.map((bin) => ({ key: ++keys, start: bin.start ?? "", value: bin.value ?? "", points: bin.points, reason: bin.reason })),
    })),
    classes: one.classes.map(({ code, start }) => ({ ...blankClass(code), start: start ?? "" })),
  };
}

/** As the service is asked; a reason code that nobody typed is the bin's number. */
export function scorecardOf(one: Typed): IndustryScorecardInput {
  return {
    name: one.name.trim(),
    instrument: one.instrument.trim(),
    indicators: one.indicators.map((each) => ({
      ...{ code: each.code.trim(), label: each.label.trim(), description: each.description.trim(), source: each.source },
      ...(each.source === "RECORD_FACT" ? { category: each.category, nature: each.nature, years: Number(each.years) } : {}),
      weight: each.weight.trim(),
      missing: each.missing.trim(),
      bins: each.bins.map((bin, n) => ({
        start: isCounted(each.source) ? bin.start.trim() || null : null,
        value: isCounted(each.source) ? null : bin.value.trim(),
        points: bin.points.trim(),
        reason: bin.reason.trim() || `R${String(n + 1)}`,
      })),
    })),
    classes: one.classes.map(({ code, start }) => ({ code: code.trim(), start: start.trim() || null })),
  };
}

export const isNumber = (text: string) => /^-?\d{1,9}(\.\d{1,9})?$/.test(text.trim());
const isAbsent = (text: string) => text.trim() === "";

/** Whether there is enough to be sent, and every figure is one; whether it can stand is the service's to say. */
export function isWhole(one: Typed): boolean {
  const texts = [one.name, one.instrument, ...one.indicators.flatMap(({ code, label, description }) => [code, label, description]), ...one.classes.map(({ code }) => code)];
  const figures = one.indicators.flatMap((each) => [each.weight, each.missing, ...(each.source === "RECORD_FACT" ? [each.years] : []), ...each.bins.map(({ points }) => points)]);
  const starts = [...one.indicators.flatMap(({ source, bins }) => (isCounted(source) ? bins.map(({ start }) => start) : [])), ...one.classes.map(({ start }) => start)];
  return !texts.some(isAbsent) && figures.every(isNumber) && starts.every((start) => isAbsent(start) || isNumber(start));
}

/** What a refusal says about one place of a scorecard, and of nothing below it. */
export function faultsHere(refusal: Pick<RefusalPartsFragment, "details"> | null, ...place: (string | number)[]): string[] {
  const wanted = ["input", "scorecard", ...place].join(".");
  return (refusal?.details ?? []).filter(({ path }) => path.join(".") === wanted).map(({ message }) => message);
}
