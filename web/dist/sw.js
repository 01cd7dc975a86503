// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "73a61b7b25d2c1f7";
const FILES = ["/","/assets/AgencyDesk-DDzGIecf.js","/assets/AgencyLookPage-BkmpIRjB.js","/assets/AgencyLooksPage-DmLqaTmX.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-9oCnpFZO.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-DFlT8uuO.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-CS1X4Ds-.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-tdOEPF20.js","/assets/CodePage-DQwWnJPa.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-BQs60heg.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BVnckNIY.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-D26OQhKH.js","/assets/Found-CubLNsqb.css","/assets/Found-kD6sDakm.js","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-CJqWeF6L.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-DrTOqZVe.js","/assets/GrantNewPage-DKLqKMy1.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CNrtdUrN.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-Ddy1tFum.js","/assets/GrantsPage-B0-eEGOM.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-BycbAOqX.js","/assets/LooksPage-CuQ7nu9u.css","/assets/LostPage-BWiiq8Op.js","/assets/MinePage-Dwv_hjlz.js","/assets/MinePage-HgoT1-Xi.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-Cpy_iyCK.js","/assets/NotFound-DrRfeZIn.css","/assets/NotFound-LIpMHJ4K.js","/assets/NoticesPage-Bmr2FLGZ.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-BqOGDih7.js","/assets/OffersPage-B3heAzdd.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-nfQ5SLpa.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-ddwsEb0e.js","/assets/PrivacyPage-UF1LixZ1.js","/assets/ProviderDesk-DA8jMPwO.js","/assets/QrCode-BkPqfZ_n.js","/assets/QrCode-GtJusLUE.css","/assets/QualityPage-DR9CXFcP.css","/assets/QualityPage-FaUyUIV3.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-CEFn2JPJ.js","/assets/RecipientDesk-CeSxMkt0.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-D4FT7EuC.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordDetailPage-DFV3gRe9.js","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-D2wqiMAg.js","/assets/ReportsPage-CcV7ghBb.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-DVcLUAjT.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ReviewPage-2lG3Hgom.js","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewsPage-Ao4Eg0jn.js","/assets/ReviewsPage-fZZuWV_W.css","/assets/ScanPage-B-h4xKHV.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-DRtyxMuA.js","/assets/ScorePage-5hxwc0HN.js","/assets/ScorePage-CdgClXB2.css","/assets/SeenRecords-B-XUhypK.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SendPage-Dy9hFR8U.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-CexpgBKx.js","/assets/TextLine-CrYH2wNP.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-DwhsCjfA.css","/assets/TillPage-DzVCyWTt.js","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DzfZmcSc.js","/assets/WhoseNumber-Bw-9aLJh.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-CsFg86hX.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-DNm87DCb.js","/assets/early-DbZ7MDsv.js","/assets/ed25519-CifoJg_n.js","/assets/first-DQxuQtI8.css","/assets/first-Tc-88QUA.js","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-B3v8OH49.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-mPuilZNK.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-Dx1OBiZi.js","/assets/useKey-BdCIdfOf.js","/assets/wording-CB8DqNwJ.js","/assets/words-k1fCMkre.js"];

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
