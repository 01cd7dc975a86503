// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "961e4ecdafea7f57";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-DWJSEq5v.js","/assets/ClaimPage-C0QVqifZ.js","/assets/ClaimPage-D03GqeOA.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-uLhjlbO9.js","/assets/GrantNewPage-CyCd0UMP.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-C0hc-zRY.js","/assets/HomePage-D2kshudH.js","/assets/HomePage-WCRBsThS.css","/assets/LooksPage-BmePoILn.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-CAIYOGwk.js","/assets/MinePage-DKpDmcIk.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-DEaZYx9J.js","/assets/Nothing-Dt951vzP.css","/assets/NoticesPage-Bf83PX-B.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-CV0ZoPhU.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DmjJaKFV.js","/assets/Page-CZX9lQ8k.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-BS3atkeU.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-DPa8U8sg.js","/assets/RecordCard-BKKerX9-.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ClGZlaqv.css","/assets/RecordPage-dx-ZEKOE.js","/assets/Refused-BLmEyWIo.css","/assets/Refused-MQwvyxyr.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-D64O6tOJ.js","/assets/ScorePage-BEVRX-hf.js","/assets/Sheet-7yV4yvZ-.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-Dl3VWllQ.js","/assets/TillPage-B6N-OJud.css","/assets/TillPage-DSlIWC0i.js","/assets/Toggle-C_jgNKo4.js","/assets/Toggle-DDX1CIFE.css","/assets/_plugin-vue_export-helper-sI5nk5Qx.js","/assets/dom-Ber0qdVR.js","/assets/graphql-CJymCbs_.js","/assets/index-BPEXnWPl.js","/assets/loading-BEaFWRFq.js","/assets/loading-VnhphCfm.css","/assets/moments-BKVFTLW1.js","/assets/oidc-Do7u_mVH.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/runtime-dom.esm-bundler-CI532bdD.js","/assets/start-A2BOpehw.js","/assets/start-BJ90SQRQ.css","/assets/useNotice-DUg5N-Xo.css","/assets/useNotice-YB50Cf6a.js"];

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
