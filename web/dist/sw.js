// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "4d0661fab4be58f1";
const FILES = ["/","/assets/AgencyDesk-Bdvky6zY.js","/assets/AgencyLookPage-BlhREN_S.js","/assets/AgencyLooksPage-CbptU8J3.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-Ck2INzx4.css","/assets/BatchesPage-KVMiXjXU.js","/assets/Choice-BmG6-Yca.css","/assets/Choice-DvFUYOei.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-CvfEawcp.js","/assets/CodePage-BK4-QDMH.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-CRtIuB3d.js","/assets/Desk-D97yPwSo.css","/assets/EventsPage-C84fSRa0.js","/assets/EventsPage-CzOuWlSf.css","/assets/FrontPage-Cu-pJd-5.css","/assets/FrontPage-DrXZ2HKo.js","/assets/GrantListPage-DwEdReUo.js","/assets/GrantListPage-qeJkDXsj.css","/assets/GrantNewPage-B5fCcgQ4.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-8xsjDyeH.css","/assets/GrantPage-BJ7F0CT2.js","/assets/GrantPage-BNfor4Q9.css","/assets/GrantPage-BaEFbefH.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-i4GLrDyi.js","/assets/LooksPage-C8P-OBFd.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-CL5y8jrL.js","/assets/MinePage-DrIcAiQa.js","/assets/MinePage-HgoT1-Xi.css","/assets/NoticesPage-CbFP6aAo.css","/assets/NoticesPage-CgR1NzbZ.js","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-D33IxVje.js","/assets/OffersPage-D2pmP1PI.css","/assets/OffersPage-D4oT3TSw.js","/assets/OwnDesk-Dhl21vhf.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-DRHMewSH.js","/assets/PrivacyPage-BBUsrfDR.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-QYLq8D8I.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-aKm2lxbf.js","/assets/RecipientDesk-C9SYE_JI.js","/assets/RecordCard-BWAgqpzx.js","/assets/RecordCard-DmcTtbFz.css","/assets/RecordPage-ChyzY8J-.js","/assets/RecordPage-ClGZlaqv.css","/assets/RequestPage-CysnG1Ti.js","/assets/RequestPage-DVqqxZUm.css","/assets/ScanPage-4IX4Cp6b.js","/assets/ScanPage-Bu7zzTyB.css","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-D_96knxr.js","/assets/ScorePage-DTdO16Hn.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-BjIG0vP2.js","/assets/SignedInPage-CfvnFos7.js","/assets/TextLine-DLPNzTd4.js","/assets/TextLine-Ghv6sI0m.css","/assets/TillPage-Cb1XNwgs.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-B5rUYVpD.js","/assets/Toggle-DDX1CIFE.css","/assets/WhoseNumber-BRdlg0EN.js","/assets/WhoseNumber-CPtQ9W0k.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-Bx_XnI74.js","/assets/dom-Ber0qdVR.js","/assets/dpop-CMyHLZ5i.js","/assets/early-B9dPh5_8.js","/assets/ed25519-CifoJg_n.js","/assets/first-Bu0KcBYt.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-DcG72-cs.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/sending-DIWn4Czq.js","/assets/states-C6u8R-M2.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-DR03Kopm.js","/assets/wording-ulBOO6Jl.js"];

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
