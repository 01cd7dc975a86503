const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" });

/** Looks by the city's calendar day, in the order they came. */
export function byDay<L extends { at: string }>(looks: readonly L[]): { day: string; looks: L[] }[] {
  const groups: { day: string; looks: L[] }[] = [];
  for (const look of looks) {
    const day = DAY.format(new Date(look.at));
    const last = groups.at(-1);
    if (last?.day === day) last.looks.push(look);
    else groups.push({ day, looks: [look] });
  }
  return groups;
}
