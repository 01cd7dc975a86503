// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "8aea66405f288ddd";
const FILES = ["/","/assets/Choice-BfE1xFh_.js","/assets/Choice-pklVk7wl.css","/assets/ClaimPage-Ba03XOoU.js","/assets/ClaimPage-C01PBag0.css","/assets/FrontPage-CPo27N8N.js","/assets/FrontPage-TFUeXaoO.css","/assets/GrantNewPage-BFYj8i90.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-X0O9rVtm.js","/assets/HomePage-BFtfdae4.js","/assets/HomePage-WCRBsThS.css","/assets/Icon-CsW34YOd.css","/assets/Icon-DHsy9WuE.js","/assets/LooksPage-Crp47wcU.css","/assets/LooksPage-DMRolorE.js","/assets/LostPage-BvRYa6Y-.js","/assets/MinePage-Ch3HorY5.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-B2kcUPRh.js","/assets/Nothing-Dt951vzP.css","/assets/NoticesPage-DRgxPbfU.js","/assets/NoticesPage-SUJHMRya.css","/assets/OffersPage-Crvv57TM.css","/assets/OffersPage-D_uDJ-5O.js","/assets/Page-DZXnzaC3.css","/assets/Page-hRn7z3MN.js","/assets/PartnerPage-CCSPeL9u.js","/assets/PartnerPage-COUY8lmQ.css","/assets/PrivacyPage-DCaY2mev.js","/assets/RecordCard-8XbBm-iI.js","/assets/RecordCard-DchAxYBI.css","/assets/RecordPage-CIMw_0HE.js","/assets/RecordPage-ClGZlaqv.css","/assets/Refused-BLmEyWIo.css","/assets/Refused-CI2xjbOa.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-Ddc3w9ws.js","/assets/ScorePage-D9exKnlC.js","/assets/SignedInPage-BoLeRoLh.js","/assets/TillPage-BnfMGx2g.css","/assets/TillPage-DuZ6GZ_r.js","/assets/Toggle-BSSD1RlR.css","/assets/Toggle-DByoL0se.js","/assets/ask-NN6xrNKD.css","/assets/ask-_HZZkX_6.js","/assets/dom-Ber0qdVR.js","/assets/index-BSadVuCe.css","/assets/index-fdb8gMNq.js","/assets/loading-BVEcGe-Y.js","/assets/loading-VnhphCfm.css","/assets/moments-Dm4Zxz_G.js","/assets/qr-D15vRg4X.js","/assets/useNotice-B2hmuvZj.css","/assets/useNotice-Uslp810y.js"];

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
