import { onScopeDispose, ref } from "vue";

import { OfflineBundleDocument, OfflineUploadDocument } from "@/gql/graphql";
import { act, ask, now } from "@/shared/ask";
import { isGoodAt, readBundle, readCode, type OfflineCode } from "./offline";
import { answer, keepBundle, kept, waiting } from "./spent";

/** Good for now, spent here before, or no code of this store and time. */
export type Looked = { is: "good"; code: OfflineCode; title: string; benefit: string } | { is: "spent" } | { is: "no" };

/** A till without a network: what it holds is renewed, and what it took is brought, whenever there is one. */
export function useOffline() {
  const pending = ref(0);
  const isBringing = ref(false);

  /** Nothing where what is kept cannot be read: then nothing offline is said yes to either. */
  function count(): void {
    try {
      pending.value = waiting().length;
    } catch {
      pending.value = 0;
    }
  }

  async function renew(): Promise<void> {
    const text = (await ask(OfflineBundleDocument, {})).data?.partner.offlineBundle;
    const bundle = text ? await readBundle(text, kept().bundle) : null;
    if (bundle) await keepBundle(bundle);
  }

  /** One after another, until one has no answer. The same acceptance is answered the same, however often it is brought. */
  async function bring(): Promise<void> {
    if (isBringing.value) return;
    isBringing.value = true;
    for (const [use, { code, acceptance, acceptedAt, orderNumber, orderAmountYuan }] of waiting()) {
      const input = { code, acceptance, acceptedAt, orderNumber, orderAmountYuan };
      const result = (await act(OfflineUploadDocument, { input })).data?.offlineUpload;
      if (result?.__typename === "OfflineUploadPayload") await answer(use, result.outcome);
      else if (result?.__typename === "Refusal" && result.code === "NOT_REDEEMABLE") await answer(use, "NO");
      else break;
    }
    count();
    isBringing.value = false;
  }

  async function look(text: string): Promise<Looked> {
    const { bundle, spent } = kept();
    const code = bundle && (await readCode(text, bundle.keys));
    if (!bundle || !code || !(await isGoodAt(code, bundle.store, now()))) return { is: "no" };
    if (spent[code.use]) return { is: "spent" };
    const words = bundle.offers.find(({ tag }) => tag === code.offer);
    return { is: "good", code, title: words?.title ?? "", benefit: words?.benefit ?? "" };
  }

  const back = () => void renew().then(bring).catch(count);
  count();
  addEventListener("online", back);
  onScopeDispose(() => removeEventListener("online", back));
  back();
  return { pending, isBringing, count, bring, look };
}
