// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "4a8689a22f6c3dbe";
const FILES = ["/","/assets/AgencyDesk-BcVcOxZT.js","/assets/AgencyLookPage-CXIlYqB2.js","/assets/AgencyLooksPage-DpP2hi0o.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-CxE6LqRu.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-DuSp17pc.css","/assets/CheckPage-moQ62z20.js","/assets/Choice-BmG6-Yca.css","/assets/Choice-Dq2Wwz-7.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-v3eZkV-Z.js","/assets/CodePage-BgpthK_n.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-DaThz1IA.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-Bt6F-iqu.js","/assets/EventsPage-CRH8AD65.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-CubLNsqb.css","/assets/Found-DEbArI_S.js","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CJ2pHAOC.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-e0H_4e-A.js","/assets/GrantNewPage-CavR4gGY.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-bCTbvQ77.js","/assets/GrantPage-hFS5TNXR.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-CggacLV_.js","/assets/LooksPage-CaowdB8F.js","/assets/LooksPage-CuQ7nu9u.css","/assets/LostPage-CW_EpUKo.js","/assets/MinePage-C5JsSKrv.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-DgmD8jRW.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-EfwVIwJt.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-C-RMcmeH.js","/assets/OffersPage-AQ4yme_-.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-CVomEmdC.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-DtJXDRf7.js","/assets/PrivacyPage-DV9qbXoJ.js","/assets/ProviderDesk-CKRe_iTG.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-zyRVqX4z.js","/assets/QualityPage-DR9CXFcP.css","/assets/QualityPage-DqNlX8Xm.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-ItM2Qk2S.js","/assets/RecipientDesk-BrM0zbcv.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-D7YUyY6f.js","/assets/RecordDetailPage-DUIO7lsD.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-DHNsDhOW.js","/assets/ReportsPage-BHYtQ_VU.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-CgTI81XU.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-0OjrPYDh.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-CzYCF4hQ.js","/assets/ScorePage-BLJJlYKt.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-QEDQcRDw.js","/assets/SendPage-BqMVBA6y.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-BuWR2Dv7.js","/assets/TextLine-DULYYA1M.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-D-JSHmqE.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-C4830mWZ.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-BjBthKys.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-CHos2an0.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-C09i2PvH.js","/assets/early-BxUMvf5W.js","/assets/ed25519-CifoJg_n.js","/assets/first-BZ_Pfu27.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-CnD4e3pz.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-pGBAjajC.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-BpEXiYe7.js","/assets/useKey-EI1YlJsJ.js","/assets/wording-Brw9ghbp.js","/assets/words-CvycZjPK.js"];

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
