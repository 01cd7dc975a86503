// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "7d50259f9f1bf4ae";
const FILES = ["/","/assets/AgencyDesk-Dgw-cfnu.js","/assets/AgencyLookPage-_8VY-tx9.js","/assets/AgencyLooksPage-CHgvoedp.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-DQwQ94hb.js","/assets/CheckPage-CnPvvxJJ.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-C8p74C6-.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-CuA8qc6U.js","/assets/CodePage-Dn5p7HCz.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-DZyZK_lK.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-CAOBppYU.js","/assets/EventsPage-B8o_4Xxg.js","/assets/EventsPage-CzOuWlSf.css","/assets/ExportPage-DQFcLdEZ.js","/assets/Found-DoVWJ2MX.js","/assets/Found-xvgey3XV.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CE7K097B.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-DSFMxycZ.js","/assets/GrantNewPage-DsKkXqzp.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BzbT4vgI.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-Cv3SbBx0.js","/assets/GrantsPage-CFt6wpW2.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-B8zMt7RW.js","/assets/LooksPage-CuQ7nu9u.css","/assets/LostPage-1mPf425y.js","/assets/MinePage-DBw6UsUE.css","/assets/MinePage-DfjAB04i.js","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-hgDKgCaV.js","/assets/NotFound-CK_JYNlX.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-SeGjgS7f.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-DtunTrsU.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DErKlGpp.js","/assets/OwnDesk-CLi5bykL.js","/assets/PartnerPage-BFqhBzRg.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-XCA1hwSg.js","/assets/ProviderDesk-D7ORrTTl.js","/assets/QrCode--u7TX1Mo.js","/assets/QrCode-GtJusLUE.css","/assets/QualityPage-DR9CXFcP.css","/assets/QualityPage-Dn35RKfa.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-BoGoNm60.js","/assets/RecipientDesk-Pz1Hyl2-.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-BZyaX8x8.js","/assets/RecordDetailPage-CW0Rd3-X.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-opbUWwQ-.js","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-DV30Ksw7.js","/assets/RequestPage-BR9wc_sm.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ReviewPage-BQZBun7m.js","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewsPage--NQUzOpN.js","/assets/ReviewsPage-fZZuWV_W.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-CybieOOd.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-D6Lu0FHe.js","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-D4zzxXVG.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-RLpfJsxR.js","/assets/SendPage-D_JN0TPO.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-C0tPJa4q.js","/assets/TextLine-CxfQvC0z.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-BLSyNEfe.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-plkHbevH.js","/assets/WhoseNumber-Df5la22r.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-Das54e7x.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-DM-HnW_N.js","/assets/early-DOCROsTp.js","/assets/ed25519-CifoJg_n.js","/assets/first-C4XDMuZo.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-BuoLrraj.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-6ol_HRQB.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-DW725tIH.js","/assets/useKey-B8B9AQ60.js","/assets/wording-CW0RnVEi.js","/assets/words-R6dLIbCn.js"];

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
