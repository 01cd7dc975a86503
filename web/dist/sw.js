// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "54f8532691f85983";
const FILES = ["/","/assets/AgencyDesk-CPyXJjeZ.js","/assets/AgencyLookPage-DSjl97h-.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/AgencyLooksPage-yc3H2E1y.js","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-lrFWHg0x.js","/assets/CheckPage-D5w6PdR6.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-B6vtrabc.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-iJfyTawc.js","/assets/CodePage-2_uoz5O1.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-BV2FYjqk.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-uny50mcG.js","/assets/EventsPage-BMaogP8L.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-CAC-YWS_.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-Cd5NoFGY.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-oiqwqqcd.js","/assets/GrantNewPage-DLQT19XS.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BD8Aa2dj.js","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-wMjI4cne.js","/assets/GrantsPage-CW8INUfP.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-DQ6VPGNk.css","/assets/LooksPage-DzFj4HqK.js","/assets/LostPage-BuCpENqc.js","/assets/MinePage-BvLW7mAK.js","/assets/MinePage-HgoT1-Xi.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-CZCjQs6o.js","/assets/NotFound-BsgGy8fH.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-DUAlkWDH.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-BIVZjqHA.js","/assets/OffersPage-B9iXv9nF.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-C_vJ_sCL.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-DmVl6ehh.js","/assets/PrivacyPage-3PYerj-O.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-Uj1wf2mz.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-LaMDfCMP.js","/assets/RecipientDesk-Djy15xTC.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-DAF83A6d.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordDetailPage-D9HmsRsI.js","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-Da8ujJ_K.js","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-aGa4D7Je.js","/assets/RequestPage-DOBEeHDF.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-B77p3rc-.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-BIYslCDz.js","/assets/Scanner-Bdut_cM5.css","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-CjQA8Oe7.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CSF7yEST.js","/assets/SignedInPage-B-OfPHuc.js","/assets/TextLine-Dvn9v3pq.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-DAcauNcz.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-TQKOJNrv.js","/assets/WhoseNumber-Bb7IyAdU.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-BetwvcjW.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-CbUrfRyN.js","/assets/early-BMnRec-S.js","/assets/ed25519-CifoJg_n.js","/assets/first-6P_YsH8A.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-n6e8ixlZ.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-CLxogKkZ.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-Bn1516qv.js","/assets/useKey-mVZOP-Ig.js","/assets/wording-V5LP2UJO.js","/assets/words-DirkTPBD.js"];

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
