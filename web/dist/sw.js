// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "d324abbe7a129628";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-Cp2ZEqK1.js","/assets/ClaimPage-Bs9yYY1Y.js","/assets/ClaimPage-D03GqeOA.css","/assets/FrontPage-BJ8TRHZF.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantNewPage-BeMAQ3Bk.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-DKge8uTm.js","/assets/HomePage-LIr6DTJ1.js","/assets/HomePage-WCRBsThS.css","/assets/LooksPage-Crp47wcU.css","/assets/LooksPage-JAmnLAUJ.js","/assets/LostPage-B_3ZJIM8.js","/assets/MinePage-DxAG2v44.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-Dt951vzP.css","/assets/Nothing-dFjAyZVF.js","/assets/NoticesPage-DyawxWPj.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B9HFwx4u.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DJ3WSNqR.js","/assets/Page-BWPjsWrb.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-BeQ1p8Ae.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-tce2UN_d.js","/assets/RecordCard-BKKerX9-.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ClGZlaqv.css","/assets/RecordPage-xgNcZ2fT.js","/assets/Refused-BLmEyWIo.css","/assets/Refused-MQwvyxyr.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-_iCGS8kK.js","/assets/ScorePage-DMX23Bap.js","/assets/Sheet-BwHJYrYq.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-0eAjy947.js","/assets/TillPage-B6N-OJud.css","/assets/TillPage-DCaW_mQI.js","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DTg0TA6f.js","/assets/_plugin-vue_export-helper-sI5nk5Qx.js","/assets/ask-D4lsu8DA.js","/assets/dom-Ber0qdVR.js","/assets/index-BJ90SQRQ.css","/assets/index-C0I0qpeE.js","/assets/loading-VnhphCfm.css","/assets/loading-e1-h19t7.js","/assets/moments-BKVFTLW1.js","/assets/qr-D15vRg4X.js","/assets/useNotice-BR_nWzR2.js","/assets/useNotice-DUg5N-Xo.css"];

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
