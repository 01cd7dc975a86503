// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "7a64cbc50697ce2b";
const FILES = ["/","/assets/AgencyDesk-CZLURUB4.js","/assets/AgencyLookPage-vYwoipOv.js","/assets/AgencyLooksPage-DI3Obl9A.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-3RI0mBrS.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-C6trK3J8.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BH36TGi3.js","/assets/Choice-BmG6-Yca.css","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-LGYHj5pC.js","/assets/CodePage-DWsB_Owo.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-BDQAYNMw.js","/assets/Desk-D97yPwSo.css","/assets/EvaluationCard-BqrN39HT.css","/assets/EvaluationCard-Brjy_KV-.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-DLe9uUiF.js","/assets/Found-Cf1NfXRx.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-Dkttfxbv.js","/assets/GrantListPage-B1a3lIVG.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantNewPage-DsIYhEV8.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BFqMlvze.css","/assets/GrantPage-BJyuvPAU.js","/assets/GrantPage-BzoJZ24a.js","/assets/GrantPage-CZKTYYzR.css","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-BOBO7Pj7.js","/assets/LooksPage-CnaImtnV.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-9VNB_JT1.js","/assets/MinePage-CSM0aW47.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-BMB7sn_a.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CLeaJPI2.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B0WUgVnj.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-VAVOXRmV.js","/assets/OwnDesk-5GvQY6kC.js","/assets/PartnerPage-BQhxxbP2.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-BIMuB2kR.js","/assets/QrCode-Bm42XkLo.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-F-zzjqUc.js","/assets/RecipientDesk-CaqgpBzZ.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-BwI55kJv.js","/assets/RecordDetailPage-Ce5noCej.js","/assets/RecordDetailPage-CvcrIY1H.css","/assets/RecordPage-D-yj7SbZ.css","/assets/RecordPage-DwPZ6Ado.js","/assets/ReportsPage-BA8HJb9J.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-CCu9uy59.js","/assets/RequestPage-X6Y4zXJb.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-CVXuYsXJ.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-kSI3i_3I.js","/assets/ScorePage-DzMwKuNz.js","/assets/SeenRecords-BF9c-OfG.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SignedInPage-BPoY8xCr.js","/assets/TextLine-BsXvma_8.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-0HcQBDCO.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-BHaJYe_G.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-iYtJcJOf.css","/assets/WhoseNumber-miYVuZfJ.js","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-DKf9lWnD.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-3WrOhpFH.js","/assets/early-BbDWwpZ1.js","/assets/ed25519-CifoJg_n.js","/assets/first-DQxuQtI8.css","/assets/first-IcexckNK.js","/assets/order-B348pxhl.js","/assets/proving-sdnh4Jxr.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-BfbbEDmT.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-BB2podw-.js","/assets/useKey-C5QorsMR.js","/assets/wording-DHXuuIGP.js","/assets/words-DpHQ8Xu4.js"];

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
