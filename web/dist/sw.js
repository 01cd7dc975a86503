// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "17efd2c44b0a9870";
const FILES = ["/","/assets/AgencyDesk-B33wTknB.js","/assets/AgencyLookPage-tF15Ml7m.js","/assets/AgencyLooksPage-bGDe40fC.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-AP3odug1.js","/assets/BatchesPage-Ck2INzx4.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-CvV9DdbW.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-f1KK6K2K.js","/assets/CodePage-Cq2VdLTM.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D176K-Qj.js","/assets/Desk-D97yPwSo.css","/assets/EventsPage-CzOuWlSf.css","/assets/EventsPage-DUEsGcEU.js","/assets/Found-CubLNsqb.css","/assets/Found-dDqG0A6h.js","/assets/FrontPage-CeebjR-f.js","/assets/FrontPage-z2pZgFjn.css","/assets/GrantListPage-B2W43jBf.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantNewPage-ZsJccAHk.js","/assets/GrantPage-8xsjDyeH.css","/assets/GrantPage-B-hQSjVv.js","/assets/GrantPage-BNfor4Q9.css","/assets/GrantPage-CopOGGml.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-DAp9klT4.js","/assets/LooksPage-C0Si7nNW.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-DmzBkyeQ.js","/assets/MinePage-D7ZBh8E6.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-DabnlGSn.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-CDKT04DJ.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-B7XpDseb.js","/assets/OffersPage-D-G3DypE.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-CIzOSqhV.js","/assets/PartnerPage-Bk8Hh7V0.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PrivacyPage-Z0A1faQH.js","/assets/QrCode-B6q27-Xs.js","/assets/QrCode-GtJusLUE.css","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-BO6lXPfe.js","/assets/RecipientDesk-jgUlTUWR.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-BdHVYNag.js","/assets/RecordDetailPage-BtjcEqMN.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-CczXlAU3.css","/assets/RecordPage-DkBXkRBe.js","/assets/RequestPage-BF2Mj0Mf.js","/assets/RequestPage-DVqqxZUm.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-DF3HmuHy.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-CsalVAEL.js","/assets/ScorePage-BHiB6A6R.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-CtUuxaAK.js","/assets/SignedInPage-B4hi_Ykh.js","/assets/TextLine-Bh7l0sci.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-DwhsCjfA.css","/assets/TillPage-yohg4PTA.js","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-WaoXr54R.js","/assets/WhoseNumber-CPtQ9W0k.css","/assets/WhoseNumber-gNdQWkot.js","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-DGXbp2Mc.js","/assets/dom-Ber0qdVR.js","/assets/dpop-VMq6eHgp.js","/assets/early-D5SjJ1-m.js","/assets/ed25519-CifoJg_n.js","/assets/first-DQxuQtI8.css","/assets/first-wES5sQb0.js","/assets/order-B348pxhl.js","/assets/proving-CJ9A6g-H.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/sending-DDRVuyrc.js","/assets/states-NtIY2zQb.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-Do4qNm6s.js","/assets/wording-Dkevc6p5.js","/assets/words-B-qA__xX.js"];

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
