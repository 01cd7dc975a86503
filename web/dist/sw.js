// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "f941c910b56eef09";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-DovzKSti.js","/assets/ClaimPage-CFUYozmz.js","/assets/ClaimPage-D03GqeOA.css","/assets/FrontPage-BPKXpumy.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantNewPage-B0WXMHz9.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-BPYIkHmx.js","/assets/HomePage-DsSNb9ea.js","/assets/HomePage-WCRBsThS.css","/assets/LooksPage-Crp47wcU.css","/assets/LooksPage-Dqk_Taqm.js","/assets/LostPage-ChHhsptq.js","/assets/MinePage-C82tXPgj.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-BzTOxEjr.js","/assets/Nothing-Dt951vzP.css","/assets/NoticesPage-SUJHMRya.css","/assets/NoticesPage-uGlssz-G.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B9HFwx4u.js","/assets/OffersPage-BK-USI8-.js","/assets/OffersPage-D2pmP1PI.css","/assets/Page-BpWi1mbA.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-BlfWAMaW.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-B6vsS2pL.js","/assets/RecordCard-BKKerX9-.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ClGZlaqv.css","/assets/RecordPage-lWmOLop7.js","/assets/Refused-BLmEyWIo.css","/assets/Refused-MQwvyxyr.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-BJzMsKTG.js","/assets/ScorePage-CD52F-NJ.js","/assets/Sheet-D8KnnjRl.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-CWlj7GMb.js","/assets/TillPage-B6N-OJud.css","/assets/TillPage-k58p4SOR.js","/assets/Toggle-BCgOWnog.js","/assets/Toggle-DDX1CIFE.css","/assets/_plugin-vue_export-helper-sI5nk5Qx.js","/assets/ask-Qu-da2tx.js","/assets/dom-Ber0qdVR.js","/assets/index-BJ90SQRQ.css","/assets/index-Bu4Qoy7I.js","/assets/loading-BqcoZH7Z.js","/assets/loading-VnhphCfm.css","/assets/moments-BKVFTLW1.js","/assets/qr-D15vRg4X.js","/assets/useNotice-DLKVW94S.js","/assets/useNotice-DUg5N-Xo.css"];

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
