/** One visit, from a document laid down to a screen that is empty again. All of it is in this page's memory, and goes with it. */
import { computed, onScopeDispose, ref, shallowRef } from "vue";

import {
  KioskPrintBeginDocument, KioskPrintEndDocument, KioskTrailDocument, KioskVisitBeginDocument, KioskVisitEndDocument, KioskVisitStayDocument,
  type HolderCheck, type KioskPrintPartsFragment, type KioskTrailQuery, type KioskVisitPartsFragment, type PrintOutcome,
} from "@/gql/graphql";
import { useDeed } from "@/phone/grants/useDeed";
import { now } from "@/session/clock";
import { act, ask, freshKey, type Fault } from "@/shared/ask";
import { stated } from "./reader";

/** How long before its end a visit asks, and how often at most a touch is told to the service. */
export const ASK_MS = 2 * 60_000;
const TOUCH_MS = 30_000;

/** `onOver` is called once the visit has ended, however it did. */
export function useVisit(onOver: () => void) {
  const visit = shallowRef<KioskVisitPartsFragment | null>(null);
  const report = shallowRef<KioskPrintPartsFragment | null>(null);
  const trail = shallowRef<KioskTrailQuery["kioskTrail"] | null>(null);
  const left = ref(Infinity);
  const isUnread = ref(false);
  const { doing, refusal, failed, deed } = useDeed();
  const isAsked = computed(() => visit.value !== null && left.value < ASK_MS);
  const isLast = computed(() => visit.value !== null && visit.value.until === visit.value.latest);
  let touched = 0;
  let isOver = false;

  function take(found: KioskVisitPartsFragment): void {
    visit.value = found;
    touched = now();
    tick();
  }

  /** What the reader states begins a visit. Nothing of the document stays here. */
  async function begin(device: string, card: string, checked: HolderCheck, agreed: boolean): Promise<void> {
    isUnread.value = false;
    doing.value = "reading";
    const statement = await stated({ device, card, checked, agreed }).catch(() => null);
    doing.value = "";
    if (statement === null) return void (isUnread.value = true);
    const made = await deed("begin", KioskVisitBeginDocument, { input: { statement, idempotencyKey: freshKey() } });
    if (made) take(made.visit);
  }

  async function seeReport(): Promise<void> {
    if (!visit.value) return;
    const made = await deed("report", KioskPrintBeginDocument, { input: { visitId: visit.value.id, idempotencyKey: freshKey() } });
    if (made) report.value = made.printout;
    noteLook();
  }

  async function seeTrail(): Promise<void> {
    if (!visit.value || doing.value) return;
    doing.value = "trail";
    refusal.value = null;
    const answer = await ask(KioskTrailDocument, { id: visit.value.id });
    doing.value = "";
    failed.value = answer.fault ?? null;
    trail.value = answer.data?.kioskTrail ?? null;
    noteLook();
  }

  /** A look has put the end off, and is one the less. */
  function noteLook(): void {
    if (visit.value && (report.value || trail.value)) visit.value = { ...visit.value, looksLeft: visit.value.looksLeft - 1 };
    void stay();
  }

  async function say(outcome: PrintOutcome): Promise<void> {
    if (report.value) await deed(outcome, KioskPrintEndDocument, { input: { printId: report.value.id, outcome } });
  }

  /** Whoever stands there is there. */
  async function stay(): Promise<void> {
    if (!visit.value) return;
    touched = now();
    const answer = await act(KioskVisitStayDocument, { input: { visitId: visit.value.id } });
    const said = answer.data?.kioskVisitStay;
    if (said?.__typename === "KioskVisitStayPayload" && visit.value) take(said.visit);
    else if (said?.__typename === "Refusal" || isGone(answer.fault)) over();
  }

  const isGone = (fault?: Fault) => fault?.kind === "signed-out" || fault?.kind === "forbidden";

  /** A touch counts as staying, while nobody is being asked. */
  function touch(): void {
    if (visit.value && !isAsked.value && now() - touched > TOUCH_MS) void stay();
  }

  async function end(): Promise<void> {
    const id = visit.value?.id;
    const ended = id ? act(KioskVisitEndDocument, { input: { visitId: id } }) : null;
    forget();
    await ended; // the service ends it by itself too
    over();
  }

  function forget(): void {
    visit.value = report.value = trail.value = null;
  }

  function over(): void {
    if (isOver) return;
    isOver = true;
    forget();
    onOver();
  }

  function tick(): void {
    left.value = visit.value ? Date.parse(visit.value.until) - now() : Infinity;
    if (left.value <= 0) void end();
  }

  const timer = setInterval(tick, 1_000);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { passive: true, capture: true });
  addEventListener("pagehide", forget); // a browser may keep a page that was left, to come back to it
  onScopeDispose(() => {
    clearInterval(timer);
    removeEventListener("pagehide", forget);
    for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, touch, { capture: true });
    forget();
  });
  return { visit, report, trail, left, isAsked, isLast, isUnread, doing, refusal, failed, begin, seeReport, seeTrail, say, stay, end };
}
