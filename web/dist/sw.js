// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "001fae6faf7758c0";
const FILES = ["/","/assets/AgencyDesk-D54_32VC.js","/assets/AgencyLookPage-DkgVs4mV.js","/assets/AgencyLooksPage-CcUuXorP.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-CJOQes3b.js","/assets/BatchesPage-_H6Ah52H.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-gO0WulzK.js","/assets/ClaimPage-B5qnoFeS.js","/assets/ClaimPage-CL6kn_0I.css","/assets/CodePage-DigoRluv.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-BgpmA1JW.js","/assets/Desk-D97yPwSo.css","/assets/EventsPage-C8_0YWqp.js","/assets/EventsPage-CzOuWlSf.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-DkGwTRxv.js","/assets/GrantListPage-Co-IkS-6.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-6jXV-mf0.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-BNfor4Q9.css","/assets/GrantPage-BZFEuGwX.js","/assets/GrantPage-Bq1zUSLF.css","/assets/GrantPage-C5v0pUzX.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-BNnf4665.js","/assets/LooksPage-BYvcJdZ-.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-CFe8Da9_.js","/assets/MandatePicker-7zh_ndeh.css","/assets/MandatePicker-Ue7-qaZU.js","/assets/MinePage-D3slavf2.js","/assets/MinePage-HgoT1-Xi.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-Ce5qWIHI.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-Bj7trD_2.js","/assets/OffersPage-5Fx5ppJR.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-qfN5pBC1.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-DL8J86K-.js","/assets/PrivacyPage-C3UCm5Md.js","/assets/QrCode-B65jYM2p.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-Ey5wddlW.js","/assets/RecipientDesk-2_QhDSj_.js","/assets/RecordCard-DKkhNxbr.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ClGZlaqv.css","/assets/RecordPage-IHtgoGw6.js","/assets/RequestPage-BXJlI3Tp.js","/assets/RequestPage-DVqqxZUm.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-ClqddNCE.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-YISrFLaX.js","/assets/ScorePage-Cd-hgj_T.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CDm1In8u.js","/assets/SignedInPage-L5Uey-Vd.js","/assets/TextLine-BsEDQRfw.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-Bn1mmsAd.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-CAEnVhVU.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-C8Ql1I3c.js","/assets/WhoseNumber-CPtQ9W0k.css","/assets/dom-Ber0qdVR.js","/assets/early-DYNlq99h.js","/assets/ed25519-CifoJg_n.js","/assets/first-Wk3vdRdU.css","/assets/first-loxcZq7X.js","/assets/order-B348pxhl.js","/assets/proving-CBDNEvgn.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/sending-DfkRk8Ey.js","/assets/states-CdpYnBS1.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-uT8mu1gG.js","/assets/wording-DBUB_Sla.js"];

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
