// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "721a555698c43bb6";
const FILES = ["/","/assets/AgencyDesk-BAdE9YlT.js","/assets/AgencyLookPage-BrAKlD70.js","/assets/AgencyLooksPage-I9uoTvMu.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-_H6Ah52H.css","/assets/BatchesPage-lWLE68_R.js","/assets/Choice-BmG6-Yca.css","/assets/Choice-DOUcB1Jg.js","/assets/ClaimPage-BGO4mHGl.js","/assets/ClaimPage-CL6kn_0I.css","/assets/Desk-D97yPwSo.css","/assets/Desk-yMD3IG-S.js","/assets/EventsPage-BbDHTnOF.js","/assets/EventsPage-CzOuWlSf.css","/assets/FrontPage-CccD_gXz.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantListPage-DaKdut0I.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantNewPage-gb3KGq4p.js","/assets/GrantPage-BNfor4Q9.css","/assets/GrantPage-CFKrfTeS.js","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-DCj2mam2.js","/assets/LooksPage-CD5qhaD5.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-NNRc9SKl.js","/assets/MandatePicker-7zh_ndeh.css","/assets/MandatePicker-CiGcf8M_.js","/assets/MinePage-HgoT1-Xi.css","/assets/MinePage-mXwjmcnT.js","/assets/NoticesPage-BSNly_Es.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-42Q8CqSY.js","/assets/OfferChart-7wzfUI4n.css","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-DZRjSnq3.js","/assets/OwnDesk-lvxjP3er.js","/assets/PartnerPage-C1a3XouI.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-WoeB8eYM.js","/assets/QrCode-B6074ao2.js","/assets/QrCode-GtJusLUE.css","/assets/RecipientDesk-DhEwn5ln.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordCard-Kpj1ziMh.js","/assets/RecordPage-CSFyPxe9.js","/assets/RecordPage-ClGZlaqv.css","/assets/RequestPage-CvmANMBg.js","/assets/RequestPage-DVqqxZUm.css","/assets/ScorePage-BuUpHaxE.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-DPlWZzTB.js","/assets/SignedInPage-CCe2LoYt.js","/assets/TextLine-C-bqetO5.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-D7rJKQ4d.css","/assets/TillPage-kX6jPFjx.js","/assets/Toggle-BfLwsW60.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-CPtQ9W0k.css","/assets/WhoseNumber-DTJOcmte.js","/assets/dom-Ber0qdVR.js","/assets/early-Dr2hKgRb.js","/assets/first-CQ-btSpx.js","/assets/first-DPcjt93q.css","/assets/order-B348pxhl.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/sending-SbOUrUnJ.js","/assets/states-Ci-BW0w0.js","/assets/terms-DZ0jcN_R.js","/assets/wording-DA1TEQJs.js"];

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
