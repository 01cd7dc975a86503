import { computed, reactive, shallowRef } from "vue";

import { ClaimCheckDocument, ClaimRedeemDocument, type ReceiptPartsFragment, type RefusalPartsFragment } from "@/gql/graphql";
import { act, now, type Fault } from "@/shared/ask";
import { digitsIn, forgetKey, keyOf, wasTried } from "./key";
import { isOfflineCode, type OfflineCode } from "./offline";
import { spend } from "./spent";
import { useOffline } from "./useOffline";

/** What the till shows. "unknown" is neither yes nor no: the network failed, and the same code is tried again. */
export type Screen =
  | { is: "entry" }
  | { is: "yes"; title: string; benefit: string; most: string | null; until: string | null; needed: readonly (keyof Sale)[]; refusal: RefusalPartsFragment | null }
  | { is: "no"; refusal: RefusalPartsFragment }
  | { is: "offline"; code: OfflineCode; title: string; benefit: string }
  | { is: "taken"; isFresh: boolean }
  | { is: "refused" }
  | { is: "unknown"; fault: Fault; redeeming: boolean }
  | { is: "receipt"; redemption: ReceiptPartsFragment; again: boolean };

/** The order that a code is redeemed in, as it is typed. */
export interface Sale {
  orderNumber: string;
  orderAmountYuan: string;
  deferredYuan: string;
}

const NO_SALE: Sale = { orderNumber: "", orderAmountYuan: "", deferredYuan: "" };

const NETWORK = new Set(["offline", "slow", "busy", "broken"]);

/** What is said about the order, while the code stays good. */
const ORDER = new Set<string>(["NOT_COMBINABLE", "INVALID_INPUT"]);

/** One customer after another: enter, one bit, redeem, receipt. */
export function useTill() {
  const screen = shallowRef<Screen>({ is: "entry" });
  const sale = reactive<Sale>({ ...NO_SALE });
  const state = reactive({ code: "", isBusy: false });
  const isEntry = computed(() => screen.value.is === "entry");
  const offline = useOffline();

  /** Something was scanned or typed. A code that was sent before goes straight to its receipt. */
  async function enter(text: string): Promise<boolean> {
    if (isOfflineCode(text) && !state.isBusy) return look(text.trim());
    const code = digitsIn(text);
    if (code === null || state.isBusy) return false;
    state.code = code;
    await (wasTried(code) ? redeem() : check());
    return true;
  }

  /** A code that is good without a network: read here, with a network or without one. */
  async function look(text: string): Promise<true> {
    state.code = text;
    state.isBusy = true;
    const looked = await offline.look(text).catch(() => ({ is: "no" as const }));
    state.isBusy = false;
    if (looked.is === "good") screen.value = { ...looked, is: "offline" };
    else screen.value = looked.is === "spent" ? { is: "taken", isFresh: false } : { is: "refused" };
    return true;
  }

  /** Spent before anybody hears yes, and brought at once where there is a network. */
  async function take(): Promise<void> {
    if (screen.value.is !== "offline" || state.isBusy) return;
    const { code } = screen.value;
    state.isBusy = true;
    const order = { orderNumber: sale.orderNumber.trim() || null, orderAmountYuan: sale.orderAmountYuan.trim() || null };
    // What cannot be kept is not said yes to.
    const spent = await spend(state.code, code, order, now()).catch(() => null);
    state.isBusy = false;
    screen.value = spent ? { is: "taken", isFresh: spent.isFresh } : { is: "refused" };
    offline.count();
    void offline.bring();
  }

  async function check(): Promise<void> {
    state.isBusy = true;
    const answer = await act(ClaimCheckDocument, { input: { code: state.code } });
    state.isBusy = false;
    const result = answer.data?.claimCheck;
    if (answer.fault) screen.value = failed(answer.fault, false);
    else if (result?.__typename === "Refusal") screen.value = { is: "no", refusal: result };
    else if (result?.redemption) screen.value = { is: "receipt", redemption: result.redemption, again: true };
    else if (result) {
      const needed = [...(result.orderNumberNeeded ? (["orderNumber"] as const) : []), ...(result.orderAmountNeeded ? (["orderAmountYuan"] as const) : [])];
      screen.value = { is: "yes", title: result.offerTitle, benefit: result.benefitText, most: result.mostYuan, until: result.deferredUntil, needed, refusal: null };
    }
  }

  async function redeem(): Promise<void> {
    if (state.isBusy) return;
    state.isBusy = true;
    const asked = screen.value;
    const answer = await act(ClaimRedeemDocument, {
      input: {
        code: state.code,
        idempotencyKey: keyOf(state.code),
        orderNumber: sale.orderNumber.trim() || null,
        orderAmountYuan: sale.orderAmountYuan.trim() || null,
        deferredYuan: sale.deferredYuan.trim() || null,
      },
    });
    state.isBusy = false;
    const result = answer.data?.claimRedeem;
    if (answer.fault) screen.value = failed(answer.fault, true);
    else if (result?.__typename === "Refusal" && asked.is === "yes" && ORDER.has(result.code)) {
      // Nothing was spent: another order is another try.
      forgetKey(state.code);
      screen.value = { ...asked, refusal: result };
    } else if (result?.__typename === "Refusal") screen.value = { is: "no", refusal: result };
    else if (result) screen.value = { is: "receipt", redemption: result.redemption, again: result.replayed };
  }

  function failed(fault: Fault, redeeming: boolean): Screen {
    return { is: "unknown", fault, redeeming: redeeming && NETWORK.has(fault.kind) };
  }

  const retry = () => (screen.value.is === "unknown" && screen.value.redeeming ? redeem() : check());

  function next(): void {
    Object.assign(sale, NO_SALE);
    state.code = "";
    screen.value = { is: "entry" };
  }
  return { screen, sale, state, isEntry, offline, enter, take, redeem, retry, next };
}
