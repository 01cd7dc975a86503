// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "75512d9955db30bc";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-CChLWhmw.js","/assets/ClaimPage-BJcOCfE7.js","/assets/ClaimPage-D03GqeOA.css","/assets/FrontPage-COhl8Fur.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantNewPage-BO5qM0XU.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-g__PNprU.js","/assets/LooksPage-CHI9z8RR.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-CtuBEPpu.js","/assets/MinePage-CL0thx3k.js","/assets/MinePage-HgoT1-Xi.css","/assets/NoticesPage-CwItdQtl.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-CoYNM8gN.js","/assets/OffersPage-CYY8S50Y.js","/assets/OffersPage-D2pmP1PI.css","/assets/PartnerPage-B5hAerZu.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-DjlYXp-B.js","/assets/RecordCard-CDP-rlXO.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-BWOogAeq.js","/assets/RecordPage-ClGZlaqv.css","/assets/ScorePage-D0_VOOaH.js","/assets/SignedInPage-BEx2y_30.js","/assets/TillPage-7yupLx7Q.js","/assets/TillPage-D5LSQ3ny.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DtV0lzpc.js","/assets/dom-Ber0qdVR.js","/assets/early-qVsUDIca.js","/assets/first-B9RvDR_9.css","/assets/first-DO5tnEYL.js","/assets/index-H5iCiYZ4.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js"];

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
