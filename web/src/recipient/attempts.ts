import { freshKey, now } from "@/shared/ask";

const STORE = "haihe.looks";
// The service holds ten minutes from the first of them; ours ends before, so that none ever counts unexpectedly.
const WINDOW_MS = 9 * 60_000;

interface Kept {
  attempt: string;
  at: number;
}

/** The attempt under which a grant is read for a stage: for nine minutes the same, also after a reload, so that a double
 * touch and a lost answer spend one use. It says nothing of whom. */
export function attemptOf(grantId: string, stage: string | null): Kept {
  const all = read();
  const place = `${grantId} ${stage ?? ""}`;
  const known = all[place];
  if (isFresh(known)) return known;
  const made = { attempt: freshKey(), at: now() };
  const live = Object.entries(all).filter(([, kept]) => isFresh(kept));
  sessionStorage.setItem(STORE, JSON.stringify(Object.fromEntries([...live.slice(-49), [place, made]])));
  return made;
}

/** Whether an attempt still holds. */
export function isFresh(kept: Kept | undefined): kept is Kept {
  return kept !== undefined && now() - kept.at < WINDOW_MS;
}

/** Whether a look for this stage was sent within the window: the next one is the same look. */
export function wasSent(grantId: string, stage: string | null): boolean {
  return isFresh(read()[`${grantId} ${stage ?? ""}`]);
}

function read(): Record<string, Kept> {
  try {
    return (JSON.parse(sessionStorage.getItem(STORE) ?? "{}") ?? {}) as Record<string, Kept>;
  } catch {
    return {};
  }
}
