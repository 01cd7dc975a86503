// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "3f1b05cb1e5879a2";
const FILES = ["/","/assets/AgencyDesk-C8L9bb3I.js","/assets/AgencyLookPage-DoTl49qB.js","/assets/AgencyLooksPage-CvBC0vvW.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-B7nX4xcu.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-B_MG9esN.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-C-VLskIF.js","/assets/ClaimPage-9Y2VO_k9.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-CPfIL3hk.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-BA5vMnUj.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-D5GwGd5B.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-DsVRZRj8.js","/assets/Found-CWoqqW24.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CjxoTLN5.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-CqHUPA96.js","/assets/GrantNewPage-BkKeTIMy.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-9SY6m8d0.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-DkAcwx2V.js","/assets/GrantPage-Dq3o3P5a.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-C9HWe4ot.js","/assets/LooksPage-BfcuqZoc.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-D9dhPmxg.js","/assets/MinePage-Cb4Nn3DR.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-DaXI3f__.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-cAhGwupk.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-CO9OfxzX.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DRMG4zt7.js","/assets/OwnDesk-CCucyw7o.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-D2EkhwG4.js","/assets/PrivacyPage-B925HKn3.js","/assets/QrCode-DRuTKm_X.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-B6smUawq.js","/assets/QuestionSheet-BBbBKswW.css","/assets/RecipientDesk-BZRO7J8x.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-CK512o9R.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordDetailPage-aBOaqiuI.js","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-MxUrvb9L.js","/assets/ReportsPage-B17tly2F.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-BbnssjB_.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-Bj3Ab5ZC.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-45X4ghjf.js","/assets/Scanner-Bdut_cM5.css","/assets/ScorePage-SHGDCRLH.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-DqoQGR9A.js","/assets/SignedInPage-DRV9UwN1.js","/assets/TextLine-BDLeL9SE.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-BpLOdqpf.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-ulAylTnm.js","/assets/WhoseNumber-0C73JuY7.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-BlOe5FWU.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-COzNzSw0.js","/assets/early-FCYdTOBE.js","/assets/ed25519-CifoJg_n.js","/assets/first-BBCuE6sU.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-DFTSAKY4.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-Dg8AeqJz.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-DiTVmbS-.js","/assets/useKey-4k_YN10p.js","/assets/wording-Vi7jTE8h.js","/assets/words-9kfZqbid.js"];

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
