/** The reader beside this kiosk. It signs what it read, and this page only carries that to the service.
 *
 *  A real kiosk's shell hands its reader in as `window.haiheReader`; the demonstration's lies behind `/demonstration/cards`. */
import type { HolderCheck } from "@/gql/graphql";
import { config } from "@/session/config";

export interface Asked {
  /** Which kiosk the statement is for. */
  device: string;
  /** How its bearer wants to be checked. */
  checked: HolderCheck;
  /** Whether they agreed, separately, to have their face compared. */
  agreed: boolean;
  /** Of the demonstration: which invented document is laid down. */
  card: string;
}

export interface Card {
  card: string;
  name: string;
}

interface Shell {
  read: (asked: Omit<Asked, "card">) => Promise<string>;
}

const CARDS = "/demonstration/cards";
const shell = () => (globalThis as { haiheReader?: Shell }).haiheReader;

/** The invented documents that lie ready; none where there is a reader. */
export async function cards(): Promise<readonly Card[]> {
  if (shell() || !(await config()).demonstration) return [];
  const response = await fetch(CARDS, { credentials: "omit", cache: "no-store" });
  return response.ok ? ((await response.json()) as Card[]) : [];
}

/** What the reader states of the document on it; null when it read none. */
export async function stated({ card, ...asked }: Asked): Promise<string | null> {
  const reader = shell();
  if (reader) return reader.read(asked).catch(() => null);
  const response = await fetch(CARDS, { method: "POST", credentials: "omit", cache: "no-store", body: JSON.stringify({ card, ...asked }) });
  return response.ok ? ((await response.json()) as { statement: string }).statement : null;
}
