// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "8e1c04fcb789de98";
const FILES = ["/","/assets/AgencyDesk-fvGOR0sK.js","/assets/AgencyLookPage-DwnoQeCS.js","/assets/AgencyLooksPage-DTm0OAr0.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-CR3kRc5B.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-CK_7FSpi.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-Dt3i_8q4.js","/assets/ClaimPage-5U_Y3Wr0.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-DUkqQfn-.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-Dj0Zqy0j.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-CkB2mPop.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-DccHeQ9e.js","/assets/ExportPage-C2aaNkZC.js","/assets/Found-CC18zklI.js","/assets/Found-xvgey3XV.css","/assets/FrontPage-BMwNzd6g.js","/assets/FrontPage-Brp8N-E4.css","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-Jkm7mhO4.js","/assets/GrantNewPage-CPQzBC-W.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-Cuk4aM4q.js","/assets/GrantPage-DSl2KlbM.js","/assets/GrantsPage-BlW3g7zJ.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-CuQ7nu9u.css","/assets/LooksPage-imhCDnMs.js","/assets/LostPage-DQIAst3J.js","/assets/MinePage-CClXrKzN.js","/assets/MinePage-DBw6UsUE.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-CgOq7eFq.js","/assets/NotFound-CX4CJ-l4.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-kpUTQ4Z6.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-XIoH4P2m.js","/assets/OffersPage-CjwdV_qf.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-BOkQS89H.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-Q7hPvfnz.js","/assets/PrivacyPage-DoC1gmdM.js","/assets/ProviderDesk-CklWwg6G.js","/assets/QrCode-DKZKbUL3.js","/assets/QrCode-GtJusLUE.css","/assets/QualityPage-CCJWb3t-.js","/assets/QualityPage-DR9CXFcP.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-CXFvYG3X.js","/assets/RecipientDesk-B1kEk16y.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-Dc-xWJ4h.js","/assets/RecordDetailPage-CFHfpL86.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordPage-BxnImPm1.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-CCE9E1rS.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-X6Y4zXJb.css","/assets/RequestPage-mRmwjOry.js","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewPage-Dxv8OVgY.js","/assets/ReviewsPage-DYUTEKis.js","/assets/ReviewsPage-fZZuWV_W.css","/assets/ScanPage-BALBCTTh.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-jR8T5tkv.js","/assets/ScorePage-6gm55ZM0.js","/assets/ScorePage-CdgClXB2.css","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-fgXcIeHw.js","/assets/SendPage-DQX-6eQH.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-Dmw17gGe.js","/assets/TextLine-DiHC0gZG.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-DF8CjXx3.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DXd8vDh0.js","/assets/WhoseNumber-B6B7ORF_.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-DPytfdPx.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-qJm-tckP.js","/assets/early-BmiayNPE.js","/assets/ed25519-CifoJg_n.js","/assets/first-DJ3VppJa.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-DqMlwRxs.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-Bd3NnRBc.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-CP5IFefk.js","/assets/useKey-DUvkHfm1.js","/assets/wording-CbLO4u_m.js","/assets/words-Drc7rwSz.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    // The server decides where a navigation leads; the kept page only stands in when there is no server.
    event.respondWith(fetch(request).catch(() => caches.match("/")));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then((kept) => kept || fetch(request)));
  }
});
