import { describe, expect, test } from "vitest";

import { namedIn, read, written } from "@/provider/rows";

const CELLS = ["", "甲", "a,b", 'say "yes"', "two\r\nlines", "=1+1"];

describe("rejected rows", () => {
  test("are read with the line and the reason apart", () => {
    const found = read('\uFEFF名称,内容,行号,拒绝原因\r\n甲,"一,二",3,“内容”超过2个字\r\n');
    expect(found).toEqual({ header: ["名称", "内容"], rows: [{ line: "3", reason: "“内容”超过2个字", cells: ["甲", "一,二"] }] });
  });

  test("come back as they were written, whatever stands in them", async () => {
    const rows = CELLS.flatMap((one) => CELLS.map((other) => [one, other]));
    const text = await written(["甲", "乙"], rows.map((row) => [...row, "1", "why"])).text();
    const head = text.replace('"甲","乙"', '"甲","乙","行号","拒绝原因"');
    expect(read(head).rows.map((row) => row.cells)).toEqual(rows);
  });

  test("a file without a row has none", () => {
    expect(read("甲,行号,拒绝原因\n").rows).toEqual([]);
  });

  test("a reason names its columns", () => {
    expect(namedIn("“处罚日期”早于“公示日期”")).toEqual(["处罚日期", "公示日期"]);
    expect(namedIn("列数与表头不一致")).toEqual([]);
  });
});
