// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "e655f0780a3d7eb6";
const FILES = ["/","/assets/AgencyDesk-DYNBeeiv.js","/assets/AgencyLookPage-BDGXNTP2.js","/assets/AgencyLooksPage-DoBxZz_B.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-HbGlw2El.js","/assets/CheckPage-DDG0dKqY.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-gILAA8ms.js","/assets/ClaimPage-CKnkt9ih.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-CgPj5w3l.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-D_rfL15C.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-D0s9jFM3.js","/assets/EventsPage-B77zlG7L.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-Bnu2zG5y.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CV6zy00-.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-DhoulwNW.js","/assets/GrantNewPage-BrzcwDE8.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BxE8uGZV.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-Dh_snWvq.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-BJSH1Lj-.js","/assets/LooksPage-CuQ7nu9u.css","/assets/LooksPage-PcA-wHpr.js","/assets/LostPage-wPgkseGg.js","/assets/MinePage-DCjMQqv2.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-DikSfEWM.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-9zvo3dgb.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-6SLXTX5l.js","/assets/OfferChart-7wzfUI4n.css","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DBKRql8Q.js","/assets/OwnDesk-4QUHI8oz.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-CfFKKQJw.js","/assets/PrivacyPage-eWnuU1gM.js","/assets/QrCode-BV6mN3HS.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Bwhpf8Qf.js","/assets/RecipientDesk-dBWenEX0.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-DDKH7KVB.js","/assets/RecordDetailPage-Cxvk-r6w.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-BA3MgK5g.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-Ctmxd0VU.js","/assets/RequestPage-DeXP8kOZ.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-C2B4toyo.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-CGxNJq00.js","/assets/ScorePage-Da6ezUho.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CDraHDgb.js","/assets/SignedInPage-BpaphWbZ.js","/assets/TextLine-DHkuuJ9X.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-Beef4knn.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-Co_mTXMb.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-C2UF0dle.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-yhNJETQD.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-Dg0UjnZA.js","/assets/early-BP14tcoA.js","/assets/ed25519-CifoJg_n.js","/assets/first-DQxuQtI8.css","/assets/first-fx9oOObX.js","/assets/order-B348pxhl.js","/assets/proving-BgTTRSSe.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-Cm3bV-aZ.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-BTff0LWw.js","/assets/useKey-DBsM_WBy.js","/assets/wording-Av-J9eQc.js","/assets/words-Ck4EJnrR.js"];

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
