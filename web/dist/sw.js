// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "e0a444bcdfcb240f";
const FILES = ["/","/assets/AgencyDesk-Drbv1u0t.js","/assets/AgencyLookPage-C4KmoFoa.js","/assets/AgencyLooksPage-BxYbeurG.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-Ds-9NQIG.js","/assets/CheckPage-DuSp17pc.css","/assets/CheckPage-rh-MZF22.js","/assets/Choice-BmG6-Yca.css","/assets/Choice-DZGxenwL.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-DekR_n8B.js","/assets/CodePage-3rZ3gRzh.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-DAu5DXSz.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-CmmyaP68.js","/assets/EventsPage-CtVZAkJx.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-CubLNsqb.css","/assets/Found-DNQ-jUkZ.js","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CpKg3DOZ.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-CReApHJw.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantNewPage-bSYlW81v.js","/assets/GrantPage-7YcHmCWg.js","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-Bc9880VL.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-efxAgrDt.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LooksPage-DxgPe046.js","/assets/LostPage-DNZYmK_G.js","/assets/MinePage-BImXxEa4.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-B44OPRzQ.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CPOC8Kk9.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-r7qN3RpD.js","/assets/OffersPage-BGG240sA.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-xKSwjnm_.js","/assets/PartnerPage-8Mkx1kGk.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-Cad_jb9M.js","/assets/ProviderDesk-DZ6VqmPQ.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-wZATwTum.js","/assets/QualityPage-Cu4WzIvP.js","/assets/QualityPage-DR9CXFcP.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Dpf1CUv_.js","/assets/RecipientDesk-B0bqWHF4.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-BaobsaSv.js","/assets/RecordDetailPage--OrlnV2y.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-FGwoXE_m.js","/assets/ReportsPage-AkZpzx12.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-BoYNbQC6.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-hA6UlPss.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-CuHWxYDQ.js","/assets/ScorePage-CZ1cnWoA.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-C4VpNnr4.js","/assets/SendPage-669UEk-6.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-BD4EgNsm.js","/assets/TextLine-DPfY8QZu.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-DwXH-Upl.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BrWOX4DY.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-B3QMXLDu.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-BO3s-UvX.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-8M4mbDrn.js","/assets/early-zabTiw3H.js","/assets/ed25519-CifoJg_n.js","/assets/first-BjQ-GxLS.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-DxdOc7Uk.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-BWIbtL5x.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-BfJmN3CU.js","/assets/useKey-DK2lsFwQ.js","/assets/wording-DD3XNWO0.js","/assets/words-CY8tInj2.js"];

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
