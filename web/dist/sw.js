// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "b3d5902707f2bd20";
const FILES = ["/","/assets/AgencyDesk-C8Da-gFt.js","/assets/AgencyLookPage-TrdCY0_B.js","/assets/AgencyLooksPage-DQw_yci6.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-DhmuAJfQ.js","/assets/CheckPage-4H6kHSkW.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-8JZKYzpg.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-z0lSUTLe.js","/assets/CodePage-CBf5-dYR.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-B0JcrJIF.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-CYjo74Gy.js","/assets/EventsPage-CCiA78mp.js","/assets/EventsPage-CzOuWlSf.css","/assets/ExportPage-Dql0SMpe.js","/assets/Found-hpq1oJqR.js","/assets/Found-xvgey3XV.css","/assets/FrontPage-BUZrayka.js","/assets/FrontPage-Brp8N-E4.css","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-eD9Gv5OR.js","/assets/GrantNewPage-DTM2eayU.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-2YitvJkx.js","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-Cpy7uTKX.js","/assets/GrantsPage-23Fp0QOu.js","/assets/GrantsPage-B9lqTgyy.css","/assets/LooksPage-CJXXuvto.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-uKcrC6f_.js","/assets/MinePage-DBw6UsUE.css","/assets/MinePage-cEn6ER05.js","/assets/NotFound-DrRfeZIn.css","/assets/NotFound-DtU8wIBW.js","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-Cn-KbFjK.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-nwIML3KB.js","/assets/OffersPage-C-eL74Ji.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-27sGiEb_.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-Cc_vQ3-8.js","/assets/PrivacyPage-BuTmuCxL.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-f3YGGrOg.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-DhXWUPYI.js","/assets/RecipientDesk-BANuy9fQ.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-DhKOm9n8.js","/assets/RecordDetailPage-BU5HeG6T.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-CIJHX6_Z.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-DmOYi3o1.js","/assets/RequestPage-Dce5DJw0.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-BbHnQA-b.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-BNtgwvXi.js","/assets/Scanner-Bdut_cM5.css","/assets/ScorePage-C2ru7ajQ.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CAts5FKP.js","/assets/SignedInPage-Breln_1q.js","/assets/TextLine-B1UAevWx.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-C_nf3upn.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BS-fkILG.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-DpetqyvE.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-Dae3I1iW.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-Y7mnq_E0.js","/assets/early--lTQYQ9T.js","/assets/ed25519-CifoJg_n.js","/assets/first-CwxfsR7w.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-BOpMjNez.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-CPvWokmR.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-DrK5BUI9.js","/assets/useKey-C7H8Kk7m.js","/assets/wording-CtT70m6H.js","/assets/words-DiYOZDu_.js"];

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
