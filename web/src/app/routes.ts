import type { RouteRecordRaw } from "vue-router";

/** Where everything is. A new page is one line here, one folder under a room, and its words. */
export const routes: RouteRecordRaw[] = [
  { path: "/", component: () => import("@/phone/front/FrontPage.vue") },
  { path: "/privacy", component: () => import("@/phone/front/PrivacyPage.vue") },
  { path: "/check", component: () => import("@/phone/report/CheckPage.vue") },
  { path: "/signed-in", component: () => import("@/session/SignedInPage.vue") },

  { path: "/home", meta: { room: "phone" }, component: () => import("@/phone/home/HomePage.vue") },
  { path: "/score", meta: { room: "phone" }, component: () => import("@/phone/home/ScorePage.vue") },
  { path: "/notices", meta: { room: "phone" }, component: () => import("@/phone/home/NoticesPage.vue") },
  { path: "/record", meta: { room: "phone" }, component: () => import("@/phone/record/RecordPage.vue") },
  { path: "/record/:id", props: true, meta: { room: "phone" }, component: () => import("@/phone/record/RecordDetailPage.vue") },
  { path: "/industry-results", meta: { room: "phone" }, component: () => import("@/phone/record/IndustryResultsPage.vue") },
  { path: "/report", meta: { room: "phone" }, component: () => import("@/phone/report/ReportsPage.vue") },
  { path: "/grants", meta: { room: "phone" }, component: () => import("@/phone/grants/GrantsPage.vue") },
  { path: "/grants/new", meta: { room: "phone" }, component: () => import("@/phone/grants/GrantNewPage.vue") },
  { path: "/grants/code", meta: { room: "phone" }, component: () => import("@/phone/grants/CodePage.vue") },
  { path: "/grants/scan", meta: { room: "phone" }, component: () => import("@/phone/grants/ScanPage.vue") },
  { path: "/grants/monitored", meta: { room: "phone" }, component: () => import("@/phone/grants/MonitoredPage.vue") },
  { path: "/grants/:id", props: true, meta: { room: "phone" }, component: () => import("@/phone/grants/GrantPage.vue") },
  { path: "/grant-request/:id", redirect: (to) => `/grants/${String(to.params.id)}` },
  { path: "/looks", meta: { room: "phone" }, component: () => import("@/phone/looks/LooksPage.vue") },
  { path: "/offers", meta: { room: "phone" }, component: () => import("@/phone/offers/OffersPage.vue") },
  { path: "/deferrals", meta: { room: "phone" }, component: () => import("@/phone/offers/DeferralsPage.vue") },
  { path: "/claims/:id", meta: { room: "bare" }, component: () => import("@/phone/offers/ClaimPage.vue") },
  { path: "/export", meta: { room: "phone" }, component: () => import("@/phone/export/ExportPage.vue") },
  { path: "/objections", meta: { room: "phone" }, component: () => import("@/phone/contest/ObjectionsPage.vue") },
  { path: "/objections/new", meta: { room: "phone" }, component: () => import("@/phone/contest/FilePage.vue") },
  { path: "/objections/:id", props: true, meta: { room: "phone" }, component: () => import("@/phone/contest/ObjectionPage.vue") },
  { path: "/mine", meta: { room: "phone" }, component: () => import("@/phone/acting/MinePage.vue") },

  { path: "/till", meta: { room: "till" }, component: () => import("@/till/TillPage.vue") },

  { path: "/partner", meta: { room: "partner" }, component: () => import("@/partner/PartnerPage.vue") },
  { path: "/partner/offers/new", meta: { room: "partner" }, component: () => import("@/partner/OfferNewPage.vue") },
  { path: "/partner/offers/:id", props: true, meta: { room: "partner" }, component: () => import("@/partner/OfferPage.vue") },

  { path: "/recipient", meta: { room: "desk" }, component: () => import("@/recipient/GrantListPage.vue") },
  { path: "/recipient/new", meta: { room: "desk" }, component: () => import("@/recipient/RequestPage.vue") },
  { path: "/recipient/events", meta: { room: "desk" }, component: () => import("@/recipient/EventsPage.vue") },
  { path: "/recipient/grants/:id", meta: { room: "desk" }, component: () => import("@/recipient/GrantPage.vue") },

  { path: "/agency", meta: { room: "desk" }, component: () => import("@/agency/AgencyLookPage.vue") },
  { path: "/agency/batches", meta: { room: "desk" }, component: () => import("@/agency/BatchesPage.vue") },
  { path: "/agency/shares", meta: { room: "desk" }, component: () => import("@/sharing/OwnSharesPage.vue") },
  { path: "/agency/looks", meta: { room: "desk" }, component: () => import("@/agency/AgencyLooksPage.vue") },
  { path: "/agency/orders", meta: { room: "desk" }, component: () => import("@/agency/OrdersPage.vue") },

  { path: "/provider", meta: { room: "desk" }, component: () => import("@/provider/SendPage.vue") },
  { path: "/provider/quality", meta: { room: "desk" }, component: () => import("@/provider/QualityPage.vue") },
  { path: "/provider/renewals", meta: { room: "desk" }, component: () => import("@/provider/RenewalsPage.vue") },
  { path: "/provider/verifications", meta: { room: "desk" }, component: () => import("@/provider/VerificationsPage.vue") },

  { path: "/kiosk", component: () => import("@/kiosk/KioskPage.vue") },
  { path: "/kiosk/setup", component: () => import("@/kiosk/SetUpPage.vue") },

  { path: "/counter", meta: { room: "desk" }, component: () => import("@/counter/CounterPage.vue") },
  { path: "/counter/cases/:id", props: true, meta: { room: "desk" }, component: () => import("@/counter/CounterCasePage.vue") },
  { path: "/counter/objections", meta: { room: "desk" }, component: () => import("@/counter/ReceivePage.vue") },
  { path: "/counter/letters", meta: { room: "desk" }, component: () => import("@/counter/LetterPage.vue") },

  { path: "/supervision", meta: { room: "desk" }, component: () => import("@/supervision/SupervisionPage.vue") },
  { path: "/supervision/samples", meta: { room: "desk" }, component: () => import("@/supervision/SamplesPage.vue") },
  { path: "/supervision/complaints", meta: { room: "desk" }, component: () => import("@/supervision/ComplaintsPage.vue") },

  { path: "/handling/cases", meta: { room: "desk" }, component: () => import("@/handling/CasesPage.vue") },
  { path: "/handling/cases/:id", props: true, meta: { room: "desk" }, component: () => import("@/handling/CasePage.vue") },
  { path: "/handling/refusals", meta: { room: "desk" }, component: () => import("@/handling/RefusalsPage.vue") },
  { path: "/handling/refusals/:id", props: true, meta: { room: "desk" }, component: () => import("@/handling/RefusalPage.vue") },
  { path: "/handling/offers", meta: { room: "desk" }, component: () => import("@/handling/OffersPage.vue") },
  { path: "/handling/offers/:id", props: true, meta: { room: "desk" }, component: () => import("@/handling/OfferPage.vue") },
  { path: "/handling/shares", meta: { room: "desk" }, component: () => import("@/sharing/AgreePage.vue") },
  { path: "/handling/devices", meta: { room: "desk" }, component: () => import("@/handling/DevicesPage.vue") },
  { path: "/handling", meta: { room: "desk" }, component: () => import("@/handling/ReviewsPage.vue") },
  { path: "/handling/:id", props: true, meta: { room: "desk" }, component: () => import("@/handling/ReviewPage.vue") },

  { path: "/approvals", meta: { room: "desk" }, component: () => import("@/security/ApprovalsPage.vue") },
  { path: "/auditing", meta: { room: "desk" }, component: () => import("@/auditing/AuditingPage.vue") },

  { path: "/security", meta: { room: "desk" }, component: () => import("@/security/SecurityPage.vue") },
  { path: "/security/incidents", meta: { room: "desk" }, component: () => import("@/security/IncidentsPage.vue") },
  { path: "/security/incidents/:id", props: true, meta: { room: "desk" }, component: () => import("@/security/IncidentPage.vue") },
  { path: "/security/emergencies", meta: { room: "desk" }, component: () => import("@/security/EmergenciesPage.vue") },
  { path: "/security/posts", meta: { room: "desk" }, component: () => import("@/security/PostsPage.vue") },
  { path: "/security/freeze", meta: { room: "desk" }, component: () => import("@/security/FreezePage.vue") },
  { path: "/security/rules", meta: { room: "desk" }, component: () => import("@/security/RulesPage.vue") },

  { path: "/industry", meta: { room: "desk" }, component: () => import("@/industry/ModelsPage.vue") },
  { path: "/industry/new", meta: { room: "desk" }, component: () => import("@/industry/ModelNewPage.vue") },
  { path: "/industry/runs", meta: { room: "desk" }, component: () => import("@/industry/RunsPage.vue") },
  { path: "/industry/models/:id", props: true, meta: { room: "desk" }, component: () => import("@/industry/ModelPage.vue") },

  { path: "/:rest(.*)*", component: () => import("@/phone/front/LostPage.vue") },
];
