// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "b83580c5bdbb8313";
const FILES = ["/","/assets/Choice-B7TuMhnD.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-B4x69CgE.js","/assets/ClaimPage-D03GqeOA.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-DqFzrPEg.js","/assets/GrantNewPage-CPGyzurO.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-Dxf4bb0Z.js","/assets/HomePage-KW_a706v.js","/assets/HomePage-WCRBsThS.css","/assets/LooksPage-C18RUM8J.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-CYdjWa4Y.js","/assets/MinePage-C1miMace.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-Cvhn4ttm.js","/assets/Nothing-Dt951vzP.css","/assets/NoticesPage-B5BPRMJa.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B9HFwx4u.js","/assets/OffersPage-Bz-NWZEg.js","/assets/OffersPage-D2pmP1PI.css","/assets/Page-DYVXBHpZ.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-CE1Urr6-.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-C5DWZFwb.js","/assets/RecordCard-BKKerX9-.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-Btv7nC6J.js","/assets/RecordPage-ClGZlaqv.css","/assets/Refused-BLmEyWIo.css","/assets/Refused-MQwvyxyr.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-jiPNsTfG.js","/assets/ScorePage-DL1iVSaY.js","/assets/Sheet-9oDIkR_w.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-BEZOs8xY.js","/assets/TillPage-B6N-OJud.css","/assets/TillPage-Bkr3rEPr.js","/assets/Toggle-BoizBh0b.js","/assets/Toggle-DDX1CIFE.css","/assets/_plugin-vue_export-helper-sI5nk5Qx.js","/assets/ask-DeQStE2l.js","/assets/dom-Ber0qdVR.js","/assets/index-BJ90SQRQ.css","/assets/index-Byf2O3E8.js","/assets/loading-C6diWuwt.js","/assets/loading-VnhphCfm.css","/assets/moments-BKVFTLW1.js","/assets/qr-D15vRg4X.js","/assets/useNotice--nTTHZy5.js","/assets/useNotice-DUg5N-Xo.css"];

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
