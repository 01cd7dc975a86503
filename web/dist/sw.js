// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "9c0d6d9ae71c4f1e";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-CNijn39U.js","/assets/ClaimPage-CkGuEYLb.js","/assets/ClaimPage-lndHbzv1.css","/assets/CodePage-DHlwVYCT.js","/assets/CodePage-Dx3C_Q9y.css","/assets/FrontPage-CAS4yyNi.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantNewPage-DUFBJ0sP.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-CTgh4hL_.css","/assets/GrantPage-DUKxJSYg.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-CQ1IIcYE.js","/assets/HomePage-CnOiIuJ0.css","/assets/HomePage-P5Y0WPoD.js","/assets/Icon-CDSc1Wab.js","/assets/Icon-CsW34YOd.css","/assets/LooksPage-DQ6VPGNk.css","/assets/LooksPage-RHnpRpWC.js","/assets/LostPage-PztcfxL_.js","/assets/MinePage-Dfc4xQ3d.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-Dt951vzP.css","/assets/Nothing-kldev61L.js","/assets/NoticeLink-BbLYOnqd.js","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-DmRRxHjT.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-BbejLBeQ.js","/assets/OffersPage-BcH7RjP7.js","/assets/OffersPage-D2pmP1PI.css","/assets/Page-C-J5AAdW.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-Btx3T7cV.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-CCjA86Vb.js","/assets/QrCode-DsVbsFpO.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-BWvasbBZ.js","/assets/RecordCard-CXLvt860.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-CdJaPWh4.js","/assets/RecordPage-ClGZlaqv.css","/assets/Refused-9_dSshiv.js","/assets/Refused-BLmEyWIo.css","/assets/ScanPage-BhF4atEB.js","/assets/ScanPage-C_M-2Swx.css","/assets/Scanner-CkexrGnT.js","/assets/Scanner-DCFF0mqR.css","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-Bxr_dOkA.js","/assets/ScorePage-CVqsuSp-.js","/assets/Sheet-DjHiMDsV.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-BWDHMmDV.js","/assets/TillPage-C2tT0Nd-.js","/assets/TillPage-Dkvpef6S.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DnNdPWrZ.js","/assets/_plugin-vue_export-helper-B29QIzT9.js","/assets/button-JjmChZl-.js","/assets/dom-Ber0qdVR.js","/assets/ed25519-CifoJg_n.js","/assets/graphql-C3vLIYVl.js","/assets/index-D_EIMdEu.js","/assets/loading-CXkCtbqe.js","/assets/loading-VnhphCfm.css","/assets/moments-Cq_0CZQV.js","/assets/oidc--g93AjNO.js","/assets/order-B348pxhl.js","/assets/proving-BTiLM6jF.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/runtime-dom.esm-bundler-CX4iMnYA.js","/assets/settings-ClYSw5iK.js","/assets/start-DCq2O_FV.js","/assets/start-DpZgxIgy.css","/assets/terms-DZ0jcN_R.js","/assets/useDeed-QEEy2nY9.js","/assets/useNotice-DUg5N-Xo.css","/assets/useNotice-DWWrBvYE.js"];

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
