// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "a53b866a360a7216";
const FILES = ["/","/assets/AgencyDesk-B8j0oe3Q.js","/assets/AgencyLookPage-IuC9QB-R.js","/assets/AgencyLooksPage-BwwM2B-l.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-BWYoGPc9.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-BNzECHGy.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-j0oUHCwo.js","/assets/ClaimPage-BQon4HGo.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-CDMULxTY.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-CsPIszQu.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-RbLh8GLJ.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-DUAg-4aX.js","/assets/Found-CsaBcjm7.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-D9pO5-XA.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-Pri9VHgk.js","/assets/GrantNewPage--PafXgPF.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BZdmZHVf.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantPage-Cq_rGrBr.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-T9e0TmY_.js","/assets/LooksPage-CJJbreny.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-Cfd6h2j0.js","/assets/MinePage-HgoT1-Xi.css","/assets/MinePage-uivuNkgx.js","/assets/NotFound-CbjnJNwH.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-BJgtLm3E.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-BBhevzEx.js","/assets/OffersPage-BELeIpqo.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-5SbSl8R9.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-CYpEMI48.js","/assets/PrivacyPage-BFzisTjf.js","/assets/ProviderDesk-DaKuHhGt.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-W49RTvtv.js","/assets/QualityPage-DR9CXFcP.css","/assets/QualityPage-ECBJEOse.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Z6N7ZucB.js","/assets/RecipientDesk-B3KbSBvl.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-CXB3PW6V.js","/assets/RecordDetailPage-CetU_e9z.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-CI-fMKWW.js","/assets/RecordPage-D-yj7SbZ.css","/assets/ReportsPage-ChiiMwug.css","/assets/ReportsPage-DMatCc6_.js","/assets/RequestPage-DxKeNUxN.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-Dcu3oODu.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-Dacxybd7.js","/assets/ScorePage-qJ2FUTnx.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CfDwzeV6.js","/assets/SendPage-IHn0dJg0.js","/assets/SendPage-JlSEyzz4.css","/assets/SignedInPage-DDokCVea.js","/assets/TextLine-Cp6_2hGz.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-CY6b9CEM.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BH_n9eUN.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-DTlzQPFr.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-CBLNUCW9.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-f0kWW4Cb.js","/assets/early-DbRYGxUO.js","/assets/ed25519-CifoJg_n.js","/assets/first-ByOMNPXl.js","/assets/first-DQxuQtI8.css","/assets/keeping-DIF45zJ3.js","/assets/order-B348pxhl.js","/assets/proving-jQRLRsCa.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-DhAD9oWO.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-Bh9Y4mOv.js","/assets/useKey-DAoXVCOb.js","/assets/wording-BLvd6iRm.js","/assets/words-D2qbY0oy.js"];

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
