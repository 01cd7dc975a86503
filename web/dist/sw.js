// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "0b766ee56fe32bcb";
const FILES = ["/","/assets/AgencyDesk-w_xaFx5q.js","/assets/AgencyLookPage-CY1jo0om.js","/assets/AgencyLooksPage-BXbODpki.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-CoH_xDRv.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-DfurYUYI.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-0aknGeQA.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-Cg4KYaRl.js","/assets/CodePage-DekTDp69.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-C2THnYSN.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-CY3uApGp.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-brKuj9wt.js","/assets/Found-6i6e6gIl.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-DOl6rppv.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-TYhmSrma.js","/assets/GrantNewPage-Bdgwcc6B.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BsA_c69m.js","/assets/GrantPage-CSFZoCBR.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantsPage-0U3wSBia.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-Bi14wud2.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-CtHhs1U1.js","/assets/MinePage-B_5GOl0H.js","/assets/MinePage-HgoT1-Xi.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-hXfiReBT.js","/assets/NotFound-CB5FGum1.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-DV_R6UFc.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-Bgm0LDOk.js","/assets/OffersPage-CitJbX4R.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-ZTam4M0x.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-DEPi-py8.js","/assets/PrivacyPage-B3rHiDfs.js","/assets/QrCode-BMVvanjj.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-DyqwNt7l.js","/assets/RecipientDesk-CDQuJpj7.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-FMPoxoNf.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordDetailPage-DNUOlvh9.js","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-Nr0E-bnl.js","/assets/ReportsPage-CeMzTME1.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-CXFWibhH.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ReviewPage-BHHi0xjL.js","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewsPage-BXm9jQQR.js","/assets/ReviewsPage-fZZuWV_W.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-kGCkVK9K.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-Dcv9DeJZ.js","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-djjkPzN7.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-DCX4piTi.js","/assets/SignedInPage-D0KgLqkf.js","/assets/TextLine-BjkcNPjw.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-CX1FU4c6.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BnEO_sWu.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-KPKgCmLC.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-D17DSA10.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-Crj3qk53.js","/assets/early-DgtWO-Eg.js","/assets/ed25519-CifoJg_n.js","/assets/first-BOZGwt-p.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-xcBzqB9E.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-DIfg6MPz.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-CbUK3BQ5.js","/assets/useKey-CqGbXr30.js","/assets/wording-CpJibQmY.js","/assets/words-CPIq84JD.js"];

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
