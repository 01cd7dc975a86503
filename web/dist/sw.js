// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "bf2c811d98a7454d";
const FILES = ["/","/assets/AgencyDesk-D_8ueKMp.js","/assets/AgencyLookPage-thZzIBov.js","/assets/AgencyLooksPage-BLK0ZEFI.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-D1JlMC_D.js","/assets/BatchesPage-DU-y_Z77.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-DonX_pH3.js","/assets/ClaimPage-C7B-qNp7.js","/assets/ClaimPage-lndHbzv1.css","/assets/Desk-CuCeARb8.js","/assets/Desk-D97yPwSo.css","/assets/EventsPage-BzW-wszd.js","/assets/EventsPage-D2Ni5DjY.css","/assets/FrontPage-BLZZ-kIX.js","/assets/FrontPage-Cu-pJd-5.css","/assets/GrantListPage-BdGplNt5.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-D_H5qSGt.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-C-fxjCx1.js","/assets/GrantPage-DZJ_41iG.css","/assets/GrantsPage-B31RAdbc.css","/assets/GrantsPage-BHHPwnEa.js","/assets/HomePage-WCRBsThS.css","/assets/HomePage-sQLWstPW.js","/assets/Icon-CsW34YOd.css","/assets/Icon-Dmf-Pt74.js","/assets/LooksPage-CMHiBK5-.js","/assets/LooksPage-Crp47wcU.css","/assets/LostPage-CQD0bHGU.js","/assets/MandatePicker-7zh_ndeh.css","/assets/MandatePicker-C1XA0APu.js","/assets/MinePage-DdV1UgXT.js","/assets/MinePage-HgoT1-Xi.css","/assets/Nothing-B4kjYgUM.js","/assets/Nothing-Dt951vzP.css","/assets/NoticesPage-1eAurrOV.js","/assets/NoticesPage-SUJHMRya.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B-GVt8FD.js","/assets/OffersPage-AB-a5BSG.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-BqX-FmQs.js","/assets/Page-DR31cS9e.js","/assets/Page-DZXnzaC3.css","/assets/PartnerPage-CD9t9xPo.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-DAgNehQZ.js","/assets/QrCode-Bo8-0G6P.js","/assets/QrCode-GtJusLUE.css","/assets/RecipientDesk-DNUG799K.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordCard-GWAXbQa_.js","/assets/RecordPage-CCn_sdsc.js","/assets/RecordPage-ClGZlaqv.css","/assets/Refused-BLmEyWIo.css","/assets/Refused-C8GiQmnB.js","/assets/RequestPage-Dhr_-PYJ.js","/assets/RequestPage-MPDUoF51.css","/assets/ScoreCard-8aX04n-g.css","/assets/ScoreCard-CTysQHtb.js","/assets/ScorePage-0PmoMesj.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-DrflR6Fv.js","/assets/Sheet-EkYHvS8E.js","/assets/Sheet-VVRqHq8_.css","/assets/SignedInPage-BBDGW23d.js","/assets/TextLine-DsoFxAe6.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-B6N-OJud.css","/assets/TillPage-BNVi2ItW.js","/assets/Toggle-C0mm7Fto.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-CPtQ9W0k.css","/assets/WhoseNumber-Dp4iGVRN.js","/assets/_plugin-vue_export-helper-BDNMzG2s.js","/assets/button-DXGxJ_bx.js","/assets/checkbox-Bkh0ZK5U.js","/assets/dom-Ber0qdVR.js","/assets/graphql-vrvsqF5Q.js","/assets/index-yAfM29x5.js","/assets/loading-D0anxBd8.js","/assets/loading-VnhphCfm.css","/assets/moments-DIz4IVC3.js","/assets/oidc-BrilWLa-.js","/assets/order-B348pxhl.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/runtime-dom.esm-bundler-DDXQ_tSz.js","/assets/sending-BFIU9WVB.js","/assets/start-BCYxnoyf.css","/assets/start-DgI8hxJ_.js","/assets/states-BfiwUHV2.js","/assets/terms-DZ0jcN_R.js","/assets/useNotice-Bdl2anPW.js","/assets/useNotice-DUg5N-Xo.css","/assets/wording-QXJxOQ1W.js","/assets/words-roCEjoLu.js"];

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
