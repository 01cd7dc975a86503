import { describe, expect, test } from "vitest";

import { faultOfFile } from "@/contest/evidence";
import { grounds, REQUESTS } from "@/contest/offered";
import { drawn, termOf, type Day, type Term } from "@/contest/term";

/** Days from a date on: w worked, r of rest, W and R the same and not announced. */
function days(from: string, letters: string): Day[] {
  return [...letters].map((letter, n) => ({
    on: new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10),
    isWorkday: letter.toLowerCase() === "w",
    provisional: letter !== letter.toLowerCase(),
  }));
}
// Friday, a weekend, a week.
const WEEK = days("2026-11-20", "wrrwwwww");
const term: Term = { days: WEEK, dueOn: "2026-11-25", forwardedOn: null, endedOn: null, stops: [] };
const kinds = (of: Term, today: string) => drawn(of, today, 100).cells.map(({ kind, nth }) => (nth ? `${nth}` : kind)).join(" ");

describe("a case's clock as a line", () => {
  test("the day of receipt does not count, rest is thin, working days are counted", () => {
    expect(kinds({ ...term, days: WEEK.slice(0, 6) }, "2026-11-23")).toBe("receipt rest 1 2 3");
    const { cells } = drawn({ ...term, days: WEEK.slice(0, 6) }, "2026-11-23", 100);
    const [receipt, rest, first, second] = cells;
    expect(rest!.days).toBe(2);
    expect(rest!.width).toBeLessThan(first!.width);
    expect([receipt!.width, second!.width]).toEqual([first!.width, first!.width]);
    expect(cells.at(-1)!.isDue).toBe(true);
  });

  test("it fills its width, without gaps", () => {
    for (const today of ["2026-11-20", "2026-11-22", "2026-11-27"]) {
      const { cells } = drawn({ ...term, stops: [{ startedOn: "2026-11-23", endedOn: null }] }, today, 340);
      let x = 0;
      for (const cell of cells) {
        expect(cell.x).toBeCloseTo(x);
        x += cell.width;
      }
      expect(x).toBeCloseTo(340);
    }
  });

  test("received on a day of rest, it begins there all the same", () => {
    expect(kinds({ ...term, days: days("2026-11-21", "rrwww") }, "2026-11-23")).toBe("receipt rest 1 2 3");
  });

  test("a swapped Saturday is a working day like any other", () => {
    expect(kinds({ ...term, days: days("2026-02-13", "wwrww"), dueOn: "2026-02-17" }, "2026-02-13")).toBe("receipt 1 rest 2 3");
  });

  test("stopped days are one block, overlaps once, and what follows is counted on", () => {
    const stops = [{ startedOn: "2026-11-21", endedOn: "2026-11-24" }, { startedOn: "2026-11-23", endedOn: "2026-11-24" }];
    expect(kinds({ ...term, dueOn: "2026-11-27", stops }, "2026-11-23")).toBe("receipt stopped 1 2 3");
    expect(drawn({ ...term, dueOn: "2026-11-27", stops }, "2026-11-23", 100).cells[1]).toMatchObject({ from: "2026-11-21", to: "2026-11-24", days: 4 });
  });

  test("a stop that nobody has ended reaches to today, and the date is drawn as if it ended then", () => {
    const stops = [{ startedOn: "2026-11-23", endedOn: null }];
    expect(kinds({ ...term, dueOn: "2026-11-27", stops }, "2026-11-24")).toBe("receipt rest stopped 1 2 3");
  });

  test("a long stop is no wider than two and a half days", () => {
    const long = { ...term, days: days("2026-11-20", `wrr${"wwwwwrr".repeat(8)}www`), dueOn: "2027-01-20", stops: [{ startedOn: "2026-11-23", endedOn: "2027-01-17" }] };
    const { cells } = drawn(long, "2026-11-23", 100);
    const stop = cells.find(({ kind }) => kind === "stopped")!;
    const work = cells.find(({ nth }) => nth === 1)!;
    expect(stop.days).toBe(56);
    expect(stop.width).toBeLessThanOrEqual(work.width * 2.5);
  });

  test("today stands on its day, in a run in proportion, and nowhere once it is over", () => {
    const { cells, today } = drawn(term, "2026-11-24", 100);
    const cell = cells.find(({ from }) => from === "2026-11-24")!;
    expect(today).toBeCloseTo(cell.x + cell.width / 2);
    const onSunday = drawn(term, "2026-11-22", 100);
    expect(onSunday.today).toBeCloseTo(onSunday.cells[1]!.x + onSunday.cells[1]!.width * 0.75);
    expect(drawn({ ...term, endedOn: "2026-11-24" }, "2026-11-25", 100).today).toBeNull();
  });

  test("days after the due day are late, many of them one block", () => {
    expect(kinds(term, "2026-11-27")).toBe("receipt rest 1 2 3 late late");
    const months = { ...term, days: days("2026-11-20", `wrr${"wwwwwrr".repeat(6)}`) };
    expect(drawn(months, "2026-12-31", 100).cells.filter(({ kind }) => kind === "late").length).toBeLessThan(8);
  });

  test("the day on which a provider was asked, and days that nobody has announced", () => {
    const { cells } = drawn({ ...term, days: days("2026-12-30", "wwRWW"), dueOn: "2027-01-03", forwardedOn: "2026-12-31" }, "2026-12-31", 100);
    expect(cells.map(({ isForwarded }) => isForwarded)).toEqual([false, true, false, false, false]);
    expect(cells.map(({ provisional }) => provisional)).toEqual([false, false, true, true, true]);
  });

  test("while the clock stands, the day that is said anew counts and not the one that was noted", () => {
    const noted = { dueOn: "2026-11-25", since: "2026-11-23T03:00:00Z", provisional: false, cause: "STOPPED" } as const;
    const of = { status: "STOPPED", dueAt: "2026-12-01T16:00:00Z", notifiedAt: null, days: [], dueDates: [noted], stops: [], steps: [] } satisfies Parameters<typeof termOf>[0];
    expect(termOf(of).dueOn).toBe("2026-12-01");
    expect(termOf({ ...of, status: "FILED" }).dueOn).toBe("2026-11-25");
  });

  test("without any day there is a line without any cell", () => expect(drawn({ ...term, days: [] }, "2026-11-24", 100)).toEqual({ cells: [], today: null, gone: 0, all: 0 }));
});

describe("what is offered to whoever contests", () => {
  test("each thing has something to ask for, and a missing record only what can be done about it", () => {
    for (const one of Object.values(REQUESTS)) expect(one.length).toBeGreaterThan(1);
    expect(REQUESTS.MISSING_RECORD).not.toContain("DELETE");
    expect(grounds("MISSING_RECORD", true)).toEqual(["OMISSION", "OTHER"]);
  });

  test("a person's privacy and a company's secret", () => {
    expect(grounds("RECORD", true)).not.toContain("TRADE_SECRET");
    expect(grounds("RECORD", false)).not.toContain("PRIVACY");
  });
});

describe("a file before it is sent", () => {
  test.each([
    [{ size: 0, type: "image/jpeg" }, "empty"],
    [{ size: 20 * 1024 * 1024, type: "image/jpeg" }, null],
    [{ size: 20 * 1024 * 1024 + 1, type: "application/pdf" }, "large"],
    [{ size: 10, type: "image/heic" }, "kind"],
    [{ size: 10, type: "text/html" }, "kind"],
    [{ size: 10, type: "" }, "kind"],
  ] as const)("%o: %s", (file, fault) => expect(faultOfFile(file)).toBe(fault));
});
