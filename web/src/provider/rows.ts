/** Rejected rows as a person mends them: the columns that were sent, and why each row was not taken. */
export interface Rejected {
  header: string[];
  rows: { line: string; reason: string; cells: string[] }[];
}

const OURS = 2; // the line and the reason, which stand behind the columns that were sent

/** Reads a CSV of rejected rows. */
export function read(text: string): Rejected {
  const [header = [], ...rows] = parsed(text.replace(/^\uFEFF/, ""));
  return {
    header: header.slice(0, -OURS),
    rows: rows.map((row) => ({ line: row.at(-2) ?? "", reason: row.at(-1) ?? "", cells: row.slice(0, -OURS) })),
  };
}

/** Writes rows as a CSV to send: without the line and the reason. */
export function written(header: readonly string[], rows: readonly (readonly string[])[]): Blob {
  const lines = [header, ...rows].map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
  return new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" });
}

/** Which columns a reason names. */
export function namedIn(reason: string): string[] {
  return [...reason.matchAll(/“([^”]+)”/g)].map((found) => found[1]!);
}

function parsed(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", ends = ""] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (ends === "" && !row.length && quoted === undefined && !plain) break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (ends === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
