// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "03e3f7c6f9beb192";
const FILES = ["/","/assets/AgencyDesk-mYSgqyJW.js","/assets/AgencyLookPage-CIB1JXVF.js","/assets/AgencyLooksPage-BgkGTZBY.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-CChNqRdk.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-CxwTNDea.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-DF0BFraM.js","/assets/ClaimPage-CIdLsmkv.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-2g0o9oNF.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-CBxX0yM9.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BABLaQ1N.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EventsPage-CKX-RXRC.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-CqmqEUJ9.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-Pko03QIU.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-BPcPNvuX.js","/assets/GrantNewPage-BXeWPuvO.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BXAPYylS.js","/assets/GrantPage-B_m0glDe.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantsPage-CHoqPbUK.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-DQ6VPGNk.css","/assets/LooksPage-jsRX8R-r.js","/assets/LostPage-BcIOF_LZ.js","/assets/MinePage-BaVYZXh1.js","/assets/MinePage-HgoT1-Xi.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-Dknjwy3P.js","/assets/NotFound-Cx2RYBCw.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-D4DIb02E.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-vpcwlEu5.js","/assets/OffersPage-AoX-ITMm.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-CUyu-lK5.js","/assets/PartnerPage--qP8_x7Q.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-B3A1rZ9_.js","/assets/QrCode-DvTVaDUi.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-BN6kC1qJ.js","/assets/RecipientDesk-Bpe6sq2I.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-D11qaZgW.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordDetailPage-Hb7lVhNQ.js","/assets/RecordPage-Bgh2GxYf.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-f6MyQ4tc.js","/assets/RequestPage-D23l2o4A.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-CAUlyPxQ.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-BgXpjDcU.js","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-FioT2UnC.js","/assets/SeenRecords--uW2Eb39.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SignedInPage-Dt9_SZdc.js","/assets/TextLine-BDVfnbKg.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-DBd3h0Y9.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-By2iPvMI.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-DKcBg0Qz.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-8M3N18wK.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-DuTg7qNY.js","/assets/early-h62zXFVn.js","/assets/ed25519-CifoJg_n.js","/assets/first-C9U-Wt9O.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-C1DDkZQE.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-DZ0GrZC2.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-BhrHW9J-.js","/assets/useKey-CeJ2zEGg.js","/assets/wording-CpuulZ3C.js","/assets/words-nw7KeQaL.js"];

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
