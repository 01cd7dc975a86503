// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "5654e3a566578b92";
const FILES = ["/","/assets/ClaimPage-DMbWww17.js","/assets/FrontPage-B0YDsQ3N.js","/assets/GrantNewPage-ZELXheiO.js","/assets/GrantsPage-Bx9syw7R.js","/assets/HomePage-DRWtE-t4.js","/assets/LooksPage-DnN0ds-1.js","/assets/LostPage-BdPvPtVO.js","/assets/MinePage-B-nyeL_t.js","/assets/NoticesPage-BjAftXfr.js","/assets/OfferChart-CI5AiJbk.js","/assets/OffersPage-DlhCj52B.js","/assets/PartnerPage-Cit8Ax-I.js","/assets/PrivacyPage-BLVyFZg0.js","/assets/RecordCard-C4ZVZz7i.js","/assets/RecordPage-Bz57NNWB.js","/assets/ScoreCard-CN0rjL_Z.js","/assets/ScorePage-lnkW20EZ.js","/assets/SignedInPage-BZFlAGKd.js","/assets/TillPage-CqCb3c2h.js","/assets/_plugin-vue_export-helper-Bk-ZUQUW.js","/assets/checkbox-Cu-0x_Ly.js","/assets/dom-Ber0qdVR.js","/assets/index-CpvjD9Jx.js","/assets/oidc-BLgZ_hZw.js","/assets/qr-D15vRg4X.js","/assets/runtime-dom.esm-bundler-BVGyeaPD.js","/assets/shared-CmK2vOjz.js","/assets/start-AO_lRvnE.js","/assets/switch-Dmjd6Vq_.js"];

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
