// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "1ba2d40033820807";
const FILES = ["/","/assets/Choice-BmG6-Yca.css","/assets/Choice-DwRU0U3-.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-zTpe1hQN.js","/assets/CodePage-Dx3C_Q9y.css","/assets/CodePage-vYs29Cjw.js","/assets/FrontPage-CinLHXMI.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantNewPage-7NbX7uD-.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-CTgh4hL_.css","/assets/GrantPage-CnXjx-Pe.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-CHF1DpX1.js","/assets/LooksPage-DIlASQ6V.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-ClX98fMo.js","/assets/MinePage-HgoT1-Xi.css","/assets/MinePage-MfUJ5Kd6.js","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-ChgzEf76.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-Disldz_d.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-hjdQ7Dlq.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-DH8zDOK8.js","/assets/PrivacyPage-Ca0LKIoI.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-U2PU0iGv.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Cc3xGd30.js","/assets/RecordCard-AaPw99QP.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-AbGsBjh7.js","/assets/RecordPage-ClGZlaqv.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-DohkI7wP.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-Co2wCrKo.js","/assets/ScorePage-B3EvFMec.js","/assets/SignedInPage-D7coFMh8.js","/assets/TillPage-DSPfKneJ.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BoBh5-cV.js","/assets/Toggle-DDX1CIFE.css","/assets/dom-Ber0qdVR.js","/assets/early-DYXEgoq2.js","/assets/ed25519-CifoJg_n.js","/assets/first-DQ_Pq9qc.css","/assets/first-DvCUDBef.js","/assets/order-B348pxhl.js","/assets/proving-BZFpAok3.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-D7mPWIwV.js"];

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
