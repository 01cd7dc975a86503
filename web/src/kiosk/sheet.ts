/** A report's data as it goes on a sheet: head, parts, and in each its records with their marks. */
import { day, moment } from "@/shared/moments";
import { k, type KioskKey } from "./words";

interface Item {
  label: string;
  value: string;
}

interface Entry {
  id: string;
  title: string;
  dateLabel: string;
  occurredOn: string | null;
  documentNumber: string | null;
  authority: string;
  publicityUntil: string | null;
  repair: string | null;
  source: string;
  items: Item[];
  objections: string[];
  statement: string | null;
}

interface Evaluation {
  state: string;
  grade?: string;
  assessedOn?: string;
  validUntil?: string;
  objections?: string[];
  basisChangedAt?: string | null;
}

interface Said {
  number: string;
  issuedAt: string;
  demonstration: boolean;
  objections: string[];
  evaluation: Evaluation | null;
  records: Entry[];
  layout: { title: string; head: [string, string][]; counts: [string, string][]; parts: { title: string; records: string[]; empty: string | null }[] };
}

/** One line of a sheet. */
export interface Line {
  label: string;
  value: string;
}

export interface Shown {
  title: string;
  lines: Line[];
  marks: string[];
  statement: string | null;
}

export interface Sheet {
  title: string;
  isDemonstration: boolean;
  head: Line[];
  marks: string[];
  parts: { title: string; empty: string | null; entries: Shown[] }[];
}

/** What of a repair is said; who may ask for one reads where. */
const REPAIRS: Readonly<Record<string, KioskKey>> = { REPAIRABLE: "sheet.repair.able", UNDER_REPAIR: "sheet.repair.under", REPAIRED: "sheet.repair.done" };
const line = ([label, value]: [string, string]): Line => ({ label, value });
const mark = (at: string) => k("sheet.mark", { at: moment(at) });

function entry(of: Entry): Shown {
  const lines: [string, string | null][] = [
    [of.dateLabel, of.occurredOn && day(of.occurredOn)],
    [k("sheet.number"), of.documentNumber],
    [k("sheet.authority"), of.authority],
    ...of.items.map(({ label, value }): [string, string] => [label, value]),
    [k("sheet.public"), of.publicityUntil && day(of.publicityUntil)],
    [k("sheet.repair"), of.repair && of.repair in REPAIRS ? k(REPAIRS[of.repair]!) : null],
    [k("sheet.source"), of.source],
  ];
  const said = lines.filter((one): one is [string, string] => Boolean(one[1])).map(line);
  return { title: of.title, lines: said, marks: of.objections.map(mark), statement: of.statement };
}

function graded(of: Evaluation): Shown {
  if (of.state !== "HELD") return { title: k("sheet.evaluation"), lines: [], marks: [k("sheet.evaluation.none")], statement: null };
  const lines = [line([k("sheet.grade"), of.grade ?? ""]), line([k("sheet.assessed"), day(of.assessedOn ?? "")]), line([k("sheet.valid"), day(of.validUntil ?? "")])];
  const changed = of.basisChangedAt ? [k("sheet.evaluation.changed", { at: moment(of.basisChangedAt) })] : [];
  return { title: k("sheet.evaluation"), lines, marks: [...changed, ...(of.objections ?? []).map(mark)], statement: null };
}

/** The sheet that a report's canonical JSON says. */
export function sheetOf(data: string): Sheet {
  const said = JSON.parse(data) as Said;
  const by = new Map(said.records.map((one) => [one.id, one]));
  const parts = said.layout.parts.map(({ title, records, empty }) => ({
    title,
    empty,
    entries: records.flatMap((id) => (by.has(id) ? [entry(by.get(id)!)] : [])),
  }));
  if (said.evaluation) parts.unshift({ title: k("sheet.evaluation"), empty: null, entries: [graded(said.evaluation)] });
  // A part that says something in words of its own (who it is, what can be done) says it elsewhere on this sheet.
  const shown = parts.filter(({ empty, entries }) => empty !== null || entries.length > 0);
  return {
    title: said.layout.title,
    isDemonstration: said.demonstration,
    head: said.layout.head.map(line),
    marks: said.objections.map((at) => k("sheet.omission", { at: moment(at) })),
    parts: shown,
  };
}
