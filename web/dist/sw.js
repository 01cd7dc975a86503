// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "cea06cc3e7b9543b";
const FILES = ["/","/assets/AgencyDesk-DBGwQb_t.js","/assets/AgencyLookPage-BK64q2mY.js","/assets/AgencyLooksPage-BafdfD4Y.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-CuhVeiu6.js","/assets/BatchesPage-DJiLCwJh.css","/assets/Choice-B7wBqyo5.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-DemmK_JU.js","/assets/Desk-D97yPwSo.css","/assets/Desk-DN0JZpNg.js","/assets/EventsPage-CHyKQ3Rj.js","/assets/EventsPage-CzOuWlSf.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-D5puBzyQ.js","/assets/GrantListPage-CLaEQN2K.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-CSYx3IKe.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-Bz2p3cCV.js","/assets/GrantPage-CA6BOYq1.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-CDlSwCr8.js","/assets/LooksPage-BuaMnN8Q.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-C1yCzfiR.js","/assets/MandatePicker-1P7v5NgC.js","/assets/MandatePicker-7zh_ndeh.css","/assets/MinePage-HgoT1-Xi.css","/assets/MinePage-aUcp4YyI.js","/assets/NoticesPage-DqwHCmXP.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-DFt53uz8.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-Dn5D-7Fi.js","/assets/OwnDesk-CTXSP7w3.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-D4LDMVoK.js","/assets/PrivacyPage-DtCIO1jz.js","/assets/QrCode-CxnO1MDp.js","/assets/QrCode-GtJusLUE.css","/assets/RecipientDesk-DA1ibDFQ.js","/assets/RecordCard-BfI4sW0W.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ClGZlaqv.css","/assets/RecordPage-YPAcNU-S.js","/assets/RequestPage-DVqqxZUm.css","/assets/RequestPage-DtSYVvQW.js","/assets/ScorePage-CIbZ19hC.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CtwqSYzg.js","/assets/SignedInPage-B0PDwhV-.js","/assets/TextLine-BHIpmA9f.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-BToOrZnm.js","/assets/TillPage-D7rJKQ4d.css","/assets/Toggle-Bfdlsuid.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-CPtQ9W0k.css","/assets/WhoseNumber-DsXPMZVK.js","/assets/dom-Ber0qdVR.js","/assets/early-BGWdUrFB.js","/assets/first-CFX62IuQ.js","/assets/first-DPcjt93q.css","/assets/order-B348pxhl.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/sending-CorlBYPt.js","/assets/states-Dpw77wAq.js","/assets/terms-DZ0jcN_R.js","/assets/wording-BQBM3VWo.js"];

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
