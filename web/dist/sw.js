// The service worker: keeps the shell, so that without a network the app opens and says so. Never an answer:
// whatever is not a file of this build goes to the network untouched.
const NAME = "haihe-shell-" + "6601a0c7ed680964";
const FILES = ["/","/assets/AgencyDesk-Clly3nEp.js","/assets/AgencyLookPage-DZqftg_q.js","/assets/AgencyLooksPage-Ylt0Gyta.js","/assets/AgencyLooksPage-l1n8cfRd.css","/assets/BatchesPage-BNOxFqFu.js","/assets/BatchesPage-DOimsHVf.css","/assets/CheckPage-Dr0F1U9G.js","/assets/CheckPage-DuSp17pc.css","/assets/Choice-BmG6-Yca.css","/assets/Choice-CrDb66PV.js","/assets/ClaimPage-CL6kn_0I.css","/assets/ClaimPage-DAaMJojK.js","/assets/CodePage-CSR9VpLL.js","/assets/CodePage-Dx3C_Q9y.css","/assets/Desk-D97yPwSo.css","/assets/Desk-r3CGnR22.js","/assets/EventsPage-BKeG44pd.js","/assets/EventsPage-CzOuWlSf.css","/assets/Found-BAWdrgLO.js","/assets/Found-CubLNsqb.css","/assets/FrontPage-Brp8N-E4.css","/assets/FrontPage-I8HoQ9X4.js","/assets/GrantListPage-B7mRRmjH.css","/assets/GrantListPage-BZihLEPw.js","/assets/GrantNewPage-BfbCe3Zc.js","/assets/GrantNewPage-IItGeAr7.css","/assets/GrantPage-8xsjDyeH.css","/assets/GrantPage-CcfkhjRS.css","/assets/GrantPage-DAkxOGOa.js","/assets/GrantPage-DPWo31GP.js","/assets/GrantsPage-B9lqTgyy.css","/assets/GrantsPage-CiWkDxt_.js","/assets/LooksPage-Ck4qI7rv.js","/assets/LooksPage-DQ6VPGNk.css","/assets/LostPage-BZIFJVs8.js","/assets/MinePage-BUWltKfa.js","/assets/MinePage-HgoT1-Xi.css","/assets/NotFound-DRO-G-6w.js","/assets/NotFound-DrRfeZIn.css","/assets/NoticesPage-COtuDGWG.js","/assets/NoticesPage-CbFP6aAo.css","/assets/OfferChart-7wzfUI4n.css","/assets/OfferChart-Ct9MSscX.js","/assets/OffersPage-CooYys0i.js","/assets/OffersPage-D2pmP1PI.css","/assets/OwnDesk-_v9Enxb1.js","/assets/PartnerPage-CSQBZjQV.css","/assets/PartnerPage-CpmJGSPx.js","/assets/PrivacyPage-DrZ0VL6Q.js","/assets/QrCode-GtJusLUE.css","/assets/QrCode-YU8-0PKq.js","/assets/QuestionSheet-BBbBKswW.css","/assets/QuestionSheet-DKwIdwd_.js","/assets/RecipientDesk-BDK2ovQr.js","/assets/RecordCard-BZ41uNX5.css","/assets/RecordCard-DWp6AnJB.js","/assets/RecordDetailPage-C9sPrkKm.js","/assets/RecordDetailPage-P0Q0Exx3.css","/assets/RecordPage-CTu43XSM.css","/assets/RecordPage-CbaqI7kn.js","/assets/ReportsPage-BuHcWt4z.js","/assets/ReportsPage-ChiiMwug.css","/assets/RequestPage-BtLVFUQu.js","/assets/RequestPage-C5jfOblW.css","/assets/ScanPage-Bu7zzTyB.css","/assets/ScanPage-Dw-k9A-p.js","/assets/Scanner-Bdut_cM5.css","/assets/Scanner-Cs3ra8SC.js","/assets/ScorePage-COnWOpJT.js","/assets/SeenRecords-BKwZ6-w4.css","/assets/SeenRecords-DqBHG4Pm.js","/assets/SignedInPage-CjfvuJyD.js","/assets/TextLine-BgjfRAnr.js","/assets/TextLine-wSJgJW_e.css","/assets/TillPage-BhsD6Omm.js","/assets/TillPage-DwhsCjfA.css","/assets/Toggle-DDX1CIFE.css","/assets/Toggle-DSmPcbUy.js","/assets/WhoseNumber-DM67YbhE.js","/assets/WhoseNumber-iYtJcJOf.css","/assets/WithheldBy-7zh_ndeh.css","/assets/WithheldBy-C0n4AT4l.js","/assets/checking-B24okg4X.js","/assets/dom-Ber0qdVR.js","/assets/dpop-C_Tk_RHC.js","/assets/early-yY50TnXP.js","/assets/ed25519-CifoJg_n.js","/assets/first-D0tuGbmX.js","/assets/first-DQxuQtI8.css","/assets/order-B348pxhl.js","/assets/proving-Mu1zhTNQ.js","/assets/qr-D15vRg4X.js","/assets/rolldown-runtime-DK3Fl9T5.js","/assets/states-D7lSAWfR.js","/assets/terms-DZ0jcN_R.js","/assets/useDeed-CnGWsCcr.js","/assets/useKey-CydsaAvp.js","/assets/wording-W26zP2cz.js","/assets/words-CWqK37WD.js"];

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
