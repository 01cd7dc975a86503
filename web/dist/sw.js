// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "1c6701913c609528";
const FILES = ["/","/assets/Choice-B5dZjmmS.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-DlC5PAIY.js","/assets/ClaimPage-vC4X0ynn.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-bgOJSlhf.js","/assets/GrantNewPage-DQghKXf7.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-o0Or2F2s.js","/assets/HomePage-BfqgDKCA.js","/assets/HomePage-WCRBsThS.css","/assets/Icon-CR29tbFI.js","/assets/Icon-CsW34YOd.css","/assets/LooksPage-B_ELhZZj.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-B5RRDufl.js","/assets/MinePage-BPTyjQF7.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-CVmn0VNG.js","/assets/Nothing-Dt951vzP.css","/assets/NoticesPage-BpwTRM7r.js","/assets/NoticesPage-SUJHMRya.css","/assets/OffersPage-6JazSjx6.js","/assets/OffersPage-D2pmP1PI.css","/assets/Page-BfRmc2SZ.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-COUY8lmQ.css","/assets/PartnerPage-DhxAfU50.js","/assets/PrivacyPage-DnxtXLBb.js","/assets/RecordCard-6P45_MZY.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-0m1fcAC8.js","/assets/RecordPage-ClGZlaqv.css","/assets/Refused-AONGB1NJ.js","/assets/Refused-BLmEyWIo.css","/assets/ScoreCard-0X7EKLbw.js","/assets/ScoreCard-8aX04n-g.css","/assets/ScorePage-D7XY05el.js","/assets/SignedInPage-2B7GpBmz.js","/assets/TillPage-oh6TL29L.js","/assets/TillPage-wcERU-Wx.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DHHkGYmy.js","/assets/ask-WgULWKl-.js","/assets/dom-Ber0qdVR.js","/assets/index-BN8GZRiR.js","/assets/index-DpZgxIgy.css","/assets/loading-VnhphCfm.css","/assets/loading-zn6uQy96.js","/assets/moments--FcrcxM5.js","/assets/qr-D15vRg4X.js","/assets/useNotice-B2hmuvZj.css","/assets/useNotice-Cq9zyOUB.js"];

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
