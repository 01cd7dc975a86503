// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "3cf77c8318073c3f";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-D6PaIKAQ.js","/assets/ClaimPage-BpJz8A_X.js","/assets/ClaimPage-D03GqeOA.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-D3ocFhqL.js","/assets/GrantNewPage-BIAG-Miy.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-ieRG2NMR.js","/assets/LooksPage-Crp47wcU.css","/assets/LooksPage-DZ5AP-VA.js","/assets/LostPage-CPvtYS9m.js","/assets/MinePage-Dc-vHF8Y.js","/assets/MinePage-HgoT1-Xi.css","/assets/NoticesPage-BjdxbQ4e.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-Cjt_TkFU.js","/assets/OffersPage-CZGCtTPg.js","/assets/OffersPage-D2pmP1PI.css","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-D_LAjNti.js","/assets/PrivacyPage-0F135NV8.js","/assets/RecordCard-DMbW9_Py.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-44l5aKIc.js","/assets/RecordPage-ClGZlaqv.css","/assets/ScorePage-DUCmpeXs.js","/assets/SignedInPage-Ddm7PA6C.js","/assets/TillPage-BnErpFj1.css","/assets/TillPage-CPKbKfbo.js","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-lwoCwknd.js","/assets/dom-Ber0qdVR.js","/assets/early-BlrwsHOB.js","/assets/first-B9RvDR_9.css","/assets/first-D8Xd5ljp.js","/assets/index-Cr7yc4cE.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js"];

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
