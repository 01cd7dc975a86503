// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "ffadb6f07256dfd2";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-gK-aXE-E.js","/assets/ClaimPage-C3h87kbz.css","/assets/ClaimPage-DvtyiEYW.js","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-D7kWAGvY.js","/assets/GrantNewPage-DrnFDozs.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage--osFRkCY.js","/assets/GrantsPage-B31RAdbc.css","/assets/LooksPage-Crp47wcU.css","/assets/LooksPage-CsfPvBAX.js","/assets/LostPage-j402SrE3.js","/assets/MinePage-CWVzWD9t.js","/assets/MinePage-HgoT1-Xi.css","/assets/NoticesPage-CrvRJs1_.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-Dg37xiJb.js","/assets/OffersPage-Cn3McbcI.js","/assets/OffersPage-D2pmP1PI.css","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-Dyxh1xqs.js","/assets/PrivacyPage-DQyDHjsj.js","/assets/RecordCard-CTB_9ChT.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-B8apS7EK.js","/assets/RecordPage-ClGZlaqv.css","/assets/ScorePage-BSTS96Gt.js","/assets/SignedInPage-CaFocj-F.js","/assets/TillPage-D7rJKQ4d.css","/assets/TillPage-DDhsidh5.js","/assets/Toggle-CyU0h03U.js","/assets/Toggle-DDX1CIFE.css","/assets/dom-Ber0qdVR.js","/assets/early-BKrhcfeD.js","/assets/first-B9RvDR_9.css","/assets/first-Cwk2gmk5.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js"];

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
