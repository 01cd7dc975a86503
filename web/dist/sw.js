// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "723a36ea2a1075fa";
const FILES = ["/","/assets/AgencyDesk-BlxzZ-Z2.js","/assets/AgencyLookPage-BYjBmeUQ.js","/assets/AgencyLooksPage-DK4xvG_U.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-DOimsHVf.css","/assets/BatchesPage-DzMBjFWd.js","/assets/CheckPage-BXfwHkL4.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-xl_VReQL.js","/assets/ClaimPage-C0UM-wOk.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-C9cBIp-c.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-CyVyAWR9.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-c17oHnj9.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-lKaaXAjH.js","/assets/Found-CubLNsqb.css","/assets/Found-NUjBMYtt.js","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-c5MQMzVV.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-BbOmVQAO.js","/assets/GrantNewPage-BRWIg8Uh.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-621xO7kB.js","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-CSSuXVvg.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantsPage-BSDKVmuw.js","/assets/GrantsPage-OVMpcyg0.css","/assets/LooksPage-BjXOP71R.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-DHL9hTWh.js","/assets/MinePage-BNs1_u_a.js","/assets/MinePage-HgoT1-Xi.css","/assets/MonitoredPage-BierevKe.css","/assets/MonitoredPage-WqWVPTrm.js","/assets/NotFound-7zwZ3iW7.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-ClYiOjAj.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-CxVwu6KS.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DvWqZ9p7.js","/assets/OwnDesk-DD_f-BjS.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-CazsLIKy.js","/assets/PrivacyPage-B6NQtpCm.js","/assets/QrCode-DYmmj2rt.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-B_9IFurr.js","/assets/RecipientDesk-BV92j4Nc.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-ffSNOS-C.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordDetailPage-LvJFT8vs.js","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-DdU7OhRk.js","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-DQyaDQZL.js","/assets/RequestPage-Dkop8r6W.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ReviewPage-BTskM6GO.js","/assets/ReviewPage-CM93FwWp.css","/assets/ReviewsPage-fZZuWV_W.css","/assets/ReviewsPage-n53XOhi1.js","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-DOc5Ep1m.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-CcKf-5je.js","/assets/ScorePage-CdgClXB2.css","/assets/ScorePage-DkyeUzHE.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-C2pvBkcc.js","/assets/SignedInPage-C9NN3a2q.js","/assets/TextLine-BNYgHK_V.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-BOaSTGkK.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BKdEDn1y.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-DKsoC0gv.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-BInSj4sC.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-C3hLyBk4.js","/assets/early-DSRMt7ox.js","/assets/ed25519-CifoJg_n.js","/assets/first-DQxuQtI8.css","/assets/first-Dph97vjf.js","/assets/order-B348pxhl.js","/assets/proving-TuzyfhcG.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-DRVmpXmn.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-lA8vZB53.js","/assets/useKey-BK2s4B6g.js","/assets/wording-BBxs9lj0.js","/assets/words-DLKJ-YDt.js"];

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
