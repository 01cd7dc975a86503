// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "31b21afcbfdcea14";
const FILES = ["/","/assets/AgencyDesk-DNgLr1VK.js","/assets/AgencyLookPage-og5IDwSQ.js","/assets/AgencyLooksPage-B9qC1IQr.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-Dota4SaD.js","/assets/CheckPage-CiuniCmU.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-oNu_PqJ-.js","/assets/ClaimPage-C8j_Cd_n.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-BROtkpCV.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-C39dZYBW.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-Ds9a2LZg.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-XqIAAGTC.js","/assets/ExportPage-i-4O0djH.js","/assets/Found-CD5j2tFl.js","/assets/Found-xvgey3XV.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-opzf3wsf.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-CYHdXn-B.js","/assets/GrantNewPage-CxQUKtAZ.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BVNONvua.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-DJ8f3PrO.js","/assets/GrantsPage-OVMpcyg0.css","/assets/GrantsPage-e1eE4z2T.js","/assets/LooksPage-1Z4YPnSi.js","/assets/LooksPage-CuQ7nu9u.css","/assets/LostPage-BqYZhxVB.js","/assets/MinePage-CLkc5NRU.js","/assets/MinePage-DBw6UsUE.css","/assets/MonitoredPage-B-lNDSof.js","/assets/MonitoredPage-BierevKe.css","/assets/NotFound-DrRfeZIn.css","/assets/NotFound-j4Qtmd2W.js","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-CjITLIs2.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B8mlVtDi.js","/assets/OffersPage-CYUxsdy5.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-BIZRmHOH.js","/assets/PartnerPage-Bt1XFyor.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-BqUspPjM.js","/assets/ProviderDesk-C29B9MEe.js","/assets/QrCode-BIx4vk3T.js","/assets/QrCode-GtJusLUE.css","/assets/QualityPage-B16FRNQH.js","/assets/QualityPage-DR9CXFcP.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-CycCc6wZ.js","/assets/RecipientDesk-C3Zyb9cV.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-DBUyukWT.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordDetailPage-xlzj_1jJ.js","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-D_NCZ5ZR.js","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-EbvWB8tS.js","/assets/RequestPage-BXCIgbub.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewPage-DpEm6N6y.js","/assets/ReviewsPage-DMY7JVSR.js","/assets/ReviewsPage-fZZuWV_W.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-CS9d7ajr.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-g-fmWzvD.js","/assets/ScorePage-70hpb-pq.js","/assets/ScorePage-CdgClXB2.css","/assets/SeenRecords-B-TGbSsh.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SendPage-DYZh87W5.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-4hflucDx.js","/assets/TextLine-C19DWQeX.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-BiFVkoHt.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DXiQEc4A.js","/assets/WhoseNumber-CqgroQ51.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-DKb5_H85.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-BmNjgXi6.js","/assets/early-BFduC4po.js","/assets/ed25519-CifoJg_n.js","/assets/first-DDjrVZfu.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-ClInTajj.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-Hz7WpuZN.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-DNSmPaQS.js","/assets/useKey-SG2eiTWZ.js","/assets/wording-VExpN9pC.js","/assets/words-B2zR1sie.js"];

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
