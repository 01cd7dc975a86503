"""The domain's closed lists as GraphQL enums: the same classes, with the name and description the API gives them."""

from collections.abc import Mapping

import strawberry

from audit.lens import BasisKind
from audit.withholding import WithholdingCode, WithholdingState
from core.identity import IdentityType
from core.principal import Assurance, Channel, Scope
from credit.kinds import (
    AgeBand,
    EvaluationGrade,
    Publicity,
    RecordFact,
    RecordNature,
    RecordStatus,
    RepairState,
    ReportCheckState,
    ReportKind,
    ScoreReviewState,
    ScoreStatus,
    SubjectKind,
    WithdrawalCause,
)
from grants.card_reading import HolderCheck, KioskDocument
from grants.papers import CounterKind, CounterState, Paper, PaperCheck, PaperForm
from grants.printouts import Printout, PrintOutcome
from grants.scope import (
    AgencyBatchState,
    AgencyMandateState,
    GrantEndedBy,
    GrantStatus,
    LendingStage,
    NoticeKind,
    Period,
    Purpose,
    RecordCategory,
    StatutoryPurpose,
)
from grants.states import GrantAct, Side
from incentives.kinds import BenefitKind, ClaimStatus, OfferAct, OfferSide, OfferStatus, Sector, StockBand
from intake.batches import IntakeState
from intake.findings import Severity
from intake.layouts import LayoutName
from intake.reviewing import ReviewDecision
from notices.kinds import ChangeKind, DeliveryState, EventKind, Way, WebhookState
from objections import kinds as contesting
from objections.states import ObjectionAct
from oversight.duty.anomalies_limits import Rule
from oversight.duty.confidentiality import ReleaseKind, ReleaseOutcome
from oversight.duty.glass import GlassState
from oversight.duty.incidents import IncidentKind, IncidentState
from oversight.duty.posts import PostOutcome
from oversight.duty.reviews import ReviewOutcome, ReviewState
from oversight.industry.models import IndustryModelState
from oversight.industry.runs import IndustryRunKind, IndustryRunState
from oversight.industry.scorecards import IndicatorSource
from oversight.industry.sheets import IndustrySheetState
from oversight.sharing.shares import ShareStanding
from oversight.supervision.complaints import ComplaintMatter, ComplaintOutcome, ComplaintState
from oversight.supervision.orders import OrderAct, OrderState
from oversight.supervision.publishing import PeopleKind
from oversight.supervision.samples import SampledWork, SampleState
from parties.kinds import MandateKind, PartyKind, Post, ProviderKind, Target
from parties.states import PartyAct, PartyState
from schema.audiences import Lens, Level

_DESCRIPTIONS = {
    AgencyBatchState: "Where a batch stands.",
    AgeBand: "Whole years lived, in bands, each from its year up to the next one's.",
    AgencyMandateState: "Where a state organ's mandate stands; only IN_FORCE may be looked under.",
    Assurance: "How surely the issuer knows the person behind a token.",
    BasisKind: "Why a look is lawful.",
    BenefitKind: "What an offer gives.",
    ChangeKind: "What sort of thing has changed.",
    Channel: "Through which door (Art. 7).",
    ClaimStatus: "What became of a claim.",
    CounterKind: "Whose record is asked for at the counter, and by whom. The last two are our choice, not Art. 8(3)'s.",
    CounterState: "Where a counter case stands; only READY is looked under, and every case ends with its day.",
    DeliveryState: "What became of a message; everything but DUE is final.",
    EvaluationGrade: "公共信用综合评价: an organisation's grade.",
    EventKind: "What happened.",
    GrantAct: "What is done to a grant.",
    GrantEndedBy: "Who ended a grant.",
    GrantStatus: "Where a grant stands; everything from REVOKED on is terminal.",
    IdentityType: "What kind of number.",
    IncidentKind: "What went wrong with people's information.",
    IncidentState: "Where an incident stands; a second person closes what is PROPOSED.",
    IndicatorSource: "Where an indicator's value comes from; OWN: the department's own.",
    IndustryModelState: "Where a version stands. REVIEWED: a second person has let it stand. LIVE: it is run.",
    IndustryRunKind: "SIMULATION: nothing but counts is kept. RUN: a result for each organisation.",
    IndustryRunState: "How far it is.",
    IndustrySheetState: "WAITING to be read; TAKEN, with rows that were not; or REFUSED as a whole.",
    IntakeState: "How far a file has come that a provider sends.",
    LayoutName: "The layouts of what providers send.",
    LendingStage: "A step of a loan (Art. 10).",
    Lens: "An audience: one root field, one lens.",
    Level: "What a field says, and of whom.",
    MandateKind: "In which capacity one acts.",
    NoticeKind: "What a notice is read before.",
    ObjectionAct: "What is done in a case.",
    contesting.Delivery: "How an applicant is told.",
    contesting.DueCause: "Why another date is in force.",
    contesting.ObjectionAddressee: "公共信用管理机构 or 信用服务机构: each has its own rules (Art. 12).",
    contesting.ObjectionGround: "Why something is contested (Art. 12).",
    contesting.ObjectionOutcome: "What came of an objection.",
    contesting.ObjectionPhase: "In which process the fault lies; the handler says so.",
    contesting.ObjectionRequest: "What is asked for.",
    contesting.ObjectionStatus: "Where an objection stands. DECIDED: the answer is not told yet.",
    contesting.ObjectionTarget: "What is contested.",
    contesting.ObjectionTrack: "Which term runs: three working days, or ten.",
    contesting.Side: "Who acts in a case.",
    contesting.VerificationAnswer: "What a provider says of its own record.",
    contesting.StopCause: "检验 检测 检疫 鉴定 专家评审: what stops the clock (Art. 12).",
    OfferAct: "What is done to an offer. AGREE: the first of two approvals, where two are wanted.",
    OfferSide: "Who acts on an offer.",
    OfferStatus: "Where an offer stands.",
    Paper: "What is laid on the counter.",
    PaperCheck: "What a clerk has seen on a paper.",
    PaperForm: "In which form a paper is brought. An electronic licence counts as the paper and as its copy.",
    PartyAct: "What is done to a party.",
    PartyKind: "What an organisation is to this service.",
    PartyState: "Where a party stands; only ACTIVE acts.",
    Post: "What a staff member does. SYSTEM is a program.",
    OrderAct: "What is done to an order to put something right.",
    OrderState: "ISSUED and RETURNED wait for the institution, REPLIED for the supervisor; the others are over.",
    PeopleKind: "Who is counted, by row and column: open 海河分 by tier and by the district that their owner states; "
    "evaluations of organisations by grade and kind.",
    Period: "A calendar unit of the city in which uses are counted.",
    Printout: "What the counter prints.",
    PrintOutcome: "What came of printing.",
    SampledWork: "What a sample is drawn from: looks of the institutions' staff, or (CASE) cases that they answered.",
    ComplaintMatter: "What a complaint is about: one record, one objection's case, or some days' looks.",
    ComplaintState: "How a complaint stands: REGISTERED waits for a second person, LAPSED ended by itself.",
    ComplaintOutcome: "What came of a complaint; REFUSED: the second person did not let it be opened.",
    SampleState: "How a drawn sample stands: WAITING until the log's next leaf is sealed.",
    ReleaseKind: "What sort of thing is to leave the institution.",
    ReleaseOutcome: "What was said of something that is to leave.",
    GlassState: "How a record that was opened in an emergency stands.",
    PostOutcome: "What became of a post in its quarter's review.",
    KioskDocument: "What is laid on a kiosk's reader: an identity document, or an electronic licence.",
    HolderCheck: "How a reader saw whose document it is. A face is never the only way.",
    ProviderKind: "The four kinds of information provider (Art. 2).",
    Publicity: "Who may see a record at all.",
    Purpose: "What an authorised look is for (Art. 6(2)).",
    RecordCategory: "The 13 classes of the national basic catalogue.",
    RecordFact: "What an offer may ask of one's record. NO_ADVERSE: no adverse record in force that is not contested.",
    RecordNature: "Whether a record speaks for its subject.",
    RecordStatus: "Others than the subject only ever see CURRENT.",
    RepairState: "信用修复, as its decider reports it.",
    ReportCheckState: "Whether a report is ours and still says what the record says.",
    ReportKind: "Everything, or whether there is a violation: 专项信用报告 in place of a paper certificate.",
    ReviewDecision: "What a reviewer found: who supports themselves is taken as an adult.",
    ReviewOutcome: "What came of looking into something unusual.",
    ReviewState: "Where that stands. DECIDED: it was misuse, and a second person has not spoken yet.",
    Rule: "What is unusual; QUESTIONED: somebody does not know the look.",
    Scope: "What a token may try.",
    ScoreReviewState: "How a request for 人工复核 stands.",
    ShareStanding: "How a share stands: two people's word makes it ACTIVE; after its last day it has ENDED.",
    ScoreStatus: "Where one's 海河分 stands.",
    Severity: "What becomes of a row in which a check found something.",
    Sector: "医疗 托育 养老 家政 旅游 购物 出行 等 (Art. 11).",
    Side: "Who acts on a grant.",
    StatutoryPurpose: "What a state organ looks for by law (Art. 6(1)).",
    StockBand: "How much is left, in three words.",
    SubjectKind: "Who a record can be about.",
    Way: "How a message travels.",
    WithdrawalCause: "Why a record was withdrawn. It says nothing of whose it is instead.",
    WithholdingCode: "On which ground a subject is not told for now (个人信息保护法 18, 35).",
    WithholdingState: "Where an order to withhold stands; only IN_FORCE withholds.",
    WebhookState: "Whether a webhook is sent to.",
    Target: "What can be frozen by itself.",
}

# Other contexts have words of these names too.
_NAMES: Mapping[object, str] = {
    Rule: "LookRule",
    ReviewOutcome: "LookReviewOutcome",
    ReviewState: "LookReviewState",
    contesting.Delivery: "ObjectionDelivery",
    contesting.Side: "ObjectionSide",
}


def register() -> None:
    """Make GraphQL enums of all of them; once, before the schema is built."""
    for enum, description in _DESCRIPTIONS.items():
        strawberry.enum(enum, name=_NAMES.get(enum, enum.__name__), description=description)
