// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "471e8604b72e0931";
const FILES = ["/","/assets/AgencyDesk-BvfbXbrH.js","/assets/AgencyLookPage-DaSsmrsP.js","/assets/AgencyLooksPage-DlAWN34y.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-Dc7m8kM7.js","/assets/CheckPage-C7FkOIzI.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-D03-NZ1f.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-CueDyzW2.js","/assets/CodePage-BZMkc5en.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-COsdSeba.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BAWJhoef.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EventsPage-4V2-qbVU.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-CjGV4PeE.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CenluIf7.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-OmHMmkuW.js","/assets/GrantNewPage-B3dRisVc.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-NKyuMyRj.js","/assets/GrantPage-lU8FqTYc.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-CsDubrJA.js","/assets/LooksPage-CdE4y3LG.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-CPZUiaHh.js","/assets/MinePage-BLT2moSS.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-DrRfeZIn.css","/assets/NotFound-yIK3MtzV.js","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-DOnpEL0W.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-bPxXtQfy.js","/assets/OffersPage-CI2JF-uO.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-B6dUMnzW.js","/assets/PartnerPage-BvkC2YAm.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-Ck40bemN.js","/assets/QrCode-BVu5aNyP.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-B4XKpIhL.js","/assets/QuestionSheet-BBbBKswW.css","/assets/RecipientDesk-j19BDEe-.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-STMjI0Qk.js","/assets/RecordDetailPage-B5f2iYV5.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-DwVnxg9X.js","/assets/ReportsPage-CXZIVLE1.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-B3kVV90-.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-B4xgAmEB.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-Ds-9w1ze.js","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-Do42En86.js","/assets/SeenRecords-B03FBEC6.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SignedInPage-CPPno8U1.js","/assets/TextLine-QjHZzYCr.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-CqTtmkgD.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-C26Hp_pH.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-Cn8130Kk.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-ILcR6VhK.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-DosNK9B6.js","/assets/early-Dsom9B6I.js","/assets/ed25519-CifoJg_n.js","/assets/first-BJsBeO8M.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-28ROn7bg.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-90diywDZ.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-CXJjPbF8.js","/assets/useKey-BEqT6qDV.js","/assets/wording-C7_G33lC.js","/assets/words-D0s-VRBl.js"];

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
