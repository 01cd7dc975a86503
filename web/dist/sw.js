// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "5ce13dd298a26e35";
const FILES = ["/","/assets/AgencyDesk-XirGlL8f.js","/assets/AgencyLookPage-CFlJG3WG.js","/assets/AgencyLooksPage-CB45CQfc.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-ddCJ5X5I.js","/assets/CheckPage-CRNwU-wS.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-D5Y-aHX7.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-o3SPK8OF.js","/assets/CodePage-DF7-zHEG.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-C1ilUsbe.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-Cp19aJ4B.js","/assets/EventsPage-CoQguSHV.js","/assets/EventsPage-CzOuWlSf.css","/assets/ExportPage-CpdEd92Z.js","/assets/Found-CHupWiQH.js","/assets/Found-xvgey3XV.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-DAfBmmp2.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-DdpZwtPU.js","/assets/GrantNewPage-DbuwQNF0.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CByynX3s.js","/assets/GrantPage-CYWkdnbi.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantsPage-CocurNyn.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-5QZZr4gj.js","/assets/LooksPage-CuQ7nu9u.css","/assets/LostPage-yLgObHk6.js","/assets/MinePage-B6eOSdwb.js","/assets/MinePage-DBw6UsUE.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-CJbqLG4l.js","/assets/NotFound-B8TMycZ2.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-DqZvkbfy.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-YNSiRA5h.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DuzGQHS_.js","/assets/OwnDesk-B9Gx9pcI.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-i5gl5FIQ.js","/assets/PrivacyPage-0RouXi1l.js","/assets/ProviderDesk-ei3APzDk.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-aOf7OKY5.js","/assets/QualityPage-BSHfY_GJ.js","/assets/QualityPage-DR9CXFcP.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-BHFmUA8g.js","/assets/RecipientDesk-wF5tEzwO.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-Djt-cIyU.js","/assets/RecordDetailPage-B2LjtD_q.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordPage-BxIejInt.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-B7jbTBcS.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-BBkfdLko.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ReviewPage-BdWPKph9.js","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewsPage-CPTS-UF1.js","/assets/ReviewsPage-fZZuWV_W.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-DnPbTWlV.js","/assets/Scanner-B_y8xLlP.js","/assets/Scanner-Bdut_cM5.css","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-hoxG5_28.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CTgMenFL.js","/assets/SendPage-Ba_d8Sjb.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-Cdua2nti.js","/assets/TextLine-VlE5iM2z.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-D9qfsHH2.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BlVhY_D6.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-7O0SWtDo.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-C7wuVKGP.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-BQ1O9pk9.js","/assets/early-CSn4jMOY.js","/assets/ed25519-CifoJg_n.js","/assets/first-CtNYI9hA.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-DAad2foE.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-HTZPjaWG.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-BZ8ycJQl.js","/assets/useKey-ISkn5yVx.js","/assets/wording-gqJ9vzkx.js","/assets/words-Ksccss2L.js"];

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
