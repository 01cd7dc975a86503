// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "c029a67a7a497d3a";
const FILES = ["/","/assets/AgencyDesk-iWrr17dA.js","/assets/AgencyLookPage-ejPYYaHH.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/AgencyLooksPage-sfQFM2Ps.js","/assets/BatchesPage-D1jhE-9D.js","/assets/BatchesPage-_H6Ah52H.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-xSZYOIj1.js","/assets/ClaimPage-BlB5hHFt.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-2BVtRg8u.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-DsItc1MX.js","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-DBuLsq5w.js","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-DWfQ_BdV.js","/assets/GrantListPage-BnofHqKe.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-Bd5HPLLZ.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-5MrZARjb.js","/assets/GrantPage-BNfor4Q9.css","/assets/GrantPage-CTgh4hL_.css","/assets/GrantPage-CsTd7a_Z.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-Dep_ScPo.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LooksPage-DqAx6G4t.js","/assets/LostPage-A1twAhMs.js","/assets/MandatePicker-7zh_ndeh.css","/assets/MandatePicker-CoDb3Crw.js","/assets/MinePage-Cx17ftDu.js","/assets/MinePage-HgoT1-Xi.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-DeLC3ZVZ.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-CGgdv7zd.js","/assets/OffersPage-BvLQFbP7.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-BE1Him1n.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-rmqLaKzY.js","/assets/PrivacyPage-CTNJANYl.js","/assets/QrCode-DfFuZ0p9.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Dj_QqBJU.js","/assets/RecipientDesk-CVdYNaVQ.js","/assets/RecordCard-DBhuCYNq.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ClGZlaqv.css","/assets/RecordPage-DxCLtzTV.js","/assets/RequestPage-DLYhO0Rc.js","/assets/RequestPage-DVqqxZUm.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-zhfizes9.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-oDk2hbYT.js","/assets/ScorePage-Bp_NeY4x.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-nTX4MhRy.js","/assets/SignedInPage-DLpYxYcq.js","/assets/TextLine-BDaqWsNu.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-BO06arWp.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DAlCMp-a.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-CPtQ9W0k.css","/assets/WhoseNumber-It5C0LVP.js","/assets/dom-Ber0qdVR.js","/assets/early-Bgk0DCd6.js","/assets/ed25519-CifoJg_n.js","/assets/first-D_3aIb51.js","/assets/first-Wk3vdRdU.css","/assets/order-B348pxhl.js","/assets/proving-DenBkKph.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/sending-DVc63Fj4.js","/assets/states-Bge5CWru.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-aS-QLkX_.js","/assets/wording-M20PxcWu.js"];

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
