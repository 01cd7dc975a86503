// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "d69e3c9054ec00c4";
const FILES = ["/","/assets/AgencyDesk-Dcm7jbqz.js","/assets/AgencyLookPage-BeC_yhP8.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/AgencyLooksPage-q9wqgHeg.js","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-kOBonLJr.js","/assets/CheckPage-DHD5sFd7.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-xUgn_fb9.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-Cx-W2jZC.js","/assets/CodePage-Dx3C_Q9y.css","/assets/CodePage-ifCQeDL9.js","/assets/Desk-B3U0tVvy.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-CBf2kuCi.js","/assets/EventsPage-CGYmvuBr.js","/assets/EventsPage-CzOuWlSf.css","/assets/ExportPage-BvCS6ASk.js","/assets/Found-CubLNsqb.css","/assets/Found-Si-45OtE.js","/assets/FrontPage-BMg1cDcG.js","/assets/FrontPage-Brp8N-E4.css","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-BH8gaxA3.js","/assets/GrantNewPage-CKsjzl_B.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CQSDUmub.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-DDKnSJFU.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-BMwOmLVX.js","/assets/LooksPage-BUfcj_Eg.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-DN5nagzW.js","/assets/MinePage-2Qxp2QJ1.js","/assets/MinePage-DBw6UsUE.css","/assets/NotFound-DrRfeZIn.css","/assets/NotFound-Q_VYnR3A.js","/assets/NoticesPage-CXG0NLAh.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-BlbTcg4A.js","/assets/OffersPage-BCjrkd6f.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-Dfk4C51S.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-KrnYBdMz.js","/assets/PrivacyPage-C-PzLM0U.js","/assets/QrCode-CUgXtm_C.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Dbn0-pIT.js","/assets/RecipientDesk-CQtTbk78.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-Bbh9qKmb.js","/assets/RecordDetailPage-CjnaW02u.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-Di3r5DVc.js","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-D-cROetx.js","/assets/RequestPage-X6Y4zXJb.css","/assets/RequestPage-x7cW9Npv.js","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-b43Shn0z.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-C8fxMZRJ.js","/assets/ScorePage-CGqaLxye.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-DvHm8z_c.js","/assets/SignedInPage-BKUdS4fI.js","/assets/TextLine-BX4QjWd3.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-BPw0vHgr.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-De0eMWoQ.js","/assets/WhoseNumber-DBwdilFX.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-CZIWtEUz.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-D_Y1tHo1.js","/assets/early-CVCnU2AH.js","/assets/ed25519-CifoJg_n.js","/assets/first-ByOSlROU.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-DyJyyJ3i.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-Ddyoqyw2.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-B1VwLaO8.js","/assets/useKey-B8eFamhP.js","/assets/wording-BLo64KyB.js","/assets/words-CdiFMNJ9.js"];

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
