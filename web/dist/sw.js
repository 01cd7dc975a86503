// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "afca2a05057cd7b2";
const FILES = ["/","/assets/AgencyDesk-Bo74SqiK.js","/assets/AgencyLookPage-kMkn-4NR.js","/assets/AgencyLooksPage-BpFX1Pjs.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-Cf0YDJ8R.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-CTLGLhaF.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-D-WPkRnM.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-DCyM2Ok9.js","/assets/CodePage-Dx3C_Q9y.css","/assets/CodePage-E9a15c-x.js","/assets/Desk-CyAg0ea2.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BFQf4slr.js","/assets/EvaluationCard-BqrN39HT.css","/assets/EventsPage-CLhMVJYm.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-CubLNsqb.css","/assets/Found-DV80jYEu.js","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-lrw2XBkr.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-CML7adKs.js","/assets/GrantNewPage-DCaCIYWS.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BBDsHcSR.js","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-DbAfsm0v.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-OBg2Ak9f.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LooksPage-XD2tcStW.js","/assets/LostPage-XmbXUxzS.js","/assets/MinePage-DYm2Aj03.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-Bi7R4dYZ.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-pSTllGwl.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-DhxKvRn6.js","/assets/OffersPage-C8UT25QV.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-CTFV5mg9.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-O7woXXKV.js","/assets/PrivacyPage-ByAwZDxN.js","/assets/QrCode-CQW52yHR.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-C2divChC.js","/assets/RecipientDesk-BwDOJxWe.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-C1SPxc5-.js","/assets/RecordDetailPage-CONByTpL.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-CzsmICzq.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-BQ-0jIiD.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-BToJNEGj.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-3sQWXp2X.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-D92-uZAV.js","/assets/ScorePage-C2c7vMkq.js","/assets/SeenRecords-7E1KlGxW.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SignedInPage-DVc6xPVW.js","/assets/TextLine-B9MyWPXs.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-DwhsCjfA.css","/assets/TillPage-o_QotTiA.js","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DUWgShnl.js","/assets/WhoseNumber-B2EmcDyq.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-D53UrrvI.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-D71cubce.js","/assets/early-iEB8wu-C.js","/assets/ed25519-CifoJg_n.js","/assets/first-BFqB77Ph.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-DN1QWn_8.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-De-EEBYa.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-Bn4UsPfn.js","/assets/useKey-C_CNSrKC.js","/assets/wording-DhxG7L-U.js","/assets/words-tQf-05G4.js"];

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
