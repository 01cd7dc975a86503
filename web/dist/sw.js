// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "81683b6aedfce299";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-DWJSEq5v.js","/assets/ClaimPage-D03GqeOA.css","/assets/ClaimPage-DofcGqyI.js","/assets/FrontPage-BzBBgtNa.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantNewPage-IA6SDr_Q.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-BhKXd1re.js","/assets/HomePage-DHEQoQMc.js","/assets/HomePage-WCRBsThS.css","/assets/LooksPage-Cjrhp_2T.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-D9rRBtML.js","/assets/MinePage-DWNTmO8M.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-Dt951vzP.css","/assets/Nothing-v89BKHky.js","/assets/NoticesPage-C-hJuIBJ.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-CV0ZoPhU.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-NxPryGBa.js","/assets/Page-BPPsSYO0.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-IjM-yO_o.js","/assets/PrivacyPage-B3q5w0az.js","/assets/RecordCard-BKKerX9-.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-BjDl8aYh.js","/assets/RecordPage-ClGZlaqv.css","/assets/Refused-BLmEyWIo.css","/assets/Refused-MQwvyxyr.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-DNEtPpBv.js","/assets/ScorePage-nPfz6BNo.js","/assets/Sheet-DRsGBHBK.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-Cu7hG1rl.js","/assets/TillPage-B6N-OJud.css","/assets/TillPage-CE81Giua.js","/assets/Toggle-D2yfPIX9.js","/assets/Toggle-DDX1CIFE.css","/assets/_plugin-vue_export-helper-sI5nk5Qx.js","/assets/dom-Ber0qdVR.js","/assets/graphql-CJymCbs_.js","/assets/index-Cw94xdi9.js","/assets/loading-BuMXNXmD.js","/assets/loading-VnhphCfm.css","/assets/moments-BKVFTLW1.js","/assets/oidc-b8tuRU3p.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/runtime-dom.esm-bundler-CI532bdD.js","/assets/start-BJ90SQRQ.css","/assets/start-BZCjzCYr.js","/assets/useNotice-Cb0fkioh.js","/assets/useNotice-DUg5N-Xo.css"];

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
