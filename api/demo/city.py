"""Building the city: institutions first, then the files through the import, then the personas and what they did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from api import merging
from api.demo import client, files, organs, story
from api.demo.files import Plan
from api.demo.people import Someone
from api.demo.places import (
    CREDIT_INSTITUTION,
    DISTRICTS,
    INSTITUTIONS,
    MEMBERS_DAYS,
    OFFERS,
    PROVIDER_PERSONA,
    PROVIDERS,
    RECIPIENTS,
    SUPERVISORS,
)
from api.demo.terms import REACH
from api.settings import DEMONSTRATION_ISSUER
from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core import installation, uploads
from core.cursors import Sealer
from core.database import Database, WriteUnit
from core.identity import IdentityType, parse
from core.installation import Kind
from core.moments import CITY
from core.paging import PageRequest
from core.principal import Channel, Principal
from credit import entering, records, repair, score, subjects
from credit.kinds import RecordNature, SubjectKind
from grants import consent, lifecycle, monitoring_notice, recipients
from grants.marks import Signer
from grants.scope import LendingStage, NoticeKind, Purpose, RecordCategory
from grants.terms import Proposal
from incentives import publishing, stores
from incentives.conditions import Tier
from incentives.kinds import BenefitKind, Sector
from incentives.terms import Terms
from intake import providers
from intake.loading import Loader, Result
from objections import filing, remedies
from objections.applicants import Applicant
from objections.kinds import ObjectionGround, ObjectionRequest, ObjectionTarget
from objections.rules import Said
from oversight.supervision import areas
from parties import admission, callers, directory, links, lookup, mandates
from parties.kinds import MandateKind, PartyKind, Post
from parties.links import Owner

PARTNERS = 30
_CONTACT = "022-12990000"
_REMEDY = (
    "对本结果不服的，可以自收到本告知书之日起六十日内依法向海津市人民政府申请行政复议，或者在六个月内依法提起行政诉讼。"
)
_OBJECTION_DAYS = 9


class NotEmpty(RuntimeError):
    """The database holds something already; a city is only ever built in an empty one."""


async def build(
    database: Database,
    folder: Path,
    plan: Plan,
    *,
    at: datetime,
    writing: Callable[[int], None],
    loading: Callable[[int], None],
) -> list[Result]:
    """Build the whole city in a migrated, empty database; what became of each file."""
    async with database.writing() as unit:
        if await installation.kind_of(unit) is not None:
            raise NotEmpty
        await installation.stamp(unit, Kind.DEMONSTRATION, at=at)
        await _institutions(unit, plan.as_of, at)
    files.write(folder, plan, writing)
    results = []
    for layout in files.ORDER:
        for provider in PROVIDERS:
            if layout in provider.layouts:
                loader = await Loader.of(database, provider.code, invented=True, beyond=merging.BEYOND)
                sheet = loader.inspect(files.path_of(folder, provider.code, layout), at=at)
                results.append(await loader.load(sheet, now=lambda: at, progress=loading))
    async with database.writing() as unit:
        await _Story(unit, plan, at).tell()
        await client.register(unit, folder, await lookup.find(unit, client.PARTY) or "", at=at)
    return results


async def _institutions(unit: WriteUnit, today: date, at: datetime) -> None:
    for provider in PROVIDERS:
        await admission.register(
            unit,
            code=provider.code,
            name=provider.name,
            kind=PartyKind.PROVIDER,
            contact=_CONTACT,
            provider_kind=provider.kind,
            at=at,
        )
    await providers.load(unit, [provider.terms for provider in PROVIDERS], at=at)
    code, persona, label, post = PROVIDER_PERSONA
    await _employ(unit, await lookup.find(unit, code) or "", persona, label, post)
    staff: dict[str, str] = {}
    for institution in INSTITUTIONS:
        party_id = await admission.register(
            unit,
            code=institution.code,
            name=institution.name,
            kind=PartyKind.STATE_ORGAN,
            contact=_CONTACT,
            institution=institution.code == CREDIT_INSTITUTION,
            at=at,
        )
        if institution.code == CREDIT_INSTITUTION:
            # In force before the oldest of the story's cases.
            await remedies.set_(unit, party_id, _REMEDY, at=at - 2 * REACH)
        for persona, label, post in institution.staff:
            staff[persona] = await _employ(unit, party_id, persona, label, post)
    await areas.enter(unit, SUPERVISORS, at=at)
    await organs.enter(unit, by=staff["approver-1"], agreed_by=staff["approver-2"], on=today, at=at)
    for recipient in RECIPIENTS:
        party_id = await admission.register(
            unit,
            code=recipient.code,
            name=recipient.name,
            kind=recipient.kind,
            contact=_CONTACT,
            purposes=[purpose.value for purpose in recipient.purposes],
            at=at,
        )
        if recipient.persona:
            await _employ(unit, party_id, recipient.persona, "经办人", Post.OFFICER)
    for index in range(PARTNERS):
        await _partner(unit, index, staff["approver-1"], at)


async def _partner(unit: WriteUnit, index: int, approver: str, at: datetime) -> None:
    sector, trade, title, benefit, condition = OFFERS[index % len(OFFERS)]
    name = f"海津示例{trade}" if index < len(OFFERS) else f"海津{DISTRICTS[index % len(DISTRICTS)][:2]}{trade}{index}店"
    party_id = await admission.register(
        unit, code=f"PARTNER{index + 1}", name=name, kind=PartyKind.PARTNER, contact=_CONTACT, at=at
    )
    opened = [
        await stores.open_(
            unit,
            party_id,
            name=f"{name}{DISTRICTS[(index + turn) % len(DISTRICTS)]}店",
            district=DISTRICTS[(index + turn) % len(DISTRICTS)],
            address=f"{DISTRICTS[(index + turn) % len(DISTRICTS)]}示例路{index * 10 + turn + 1}号",
        )
        for turn in range(index % 3 + 1)
    ]
    offer = Terms(
        title=f"{title}（{name}）",
        sector=sector,
        benefit=benefit,
        condition=condition,
        terms="不与其他优惠同时使用。",
        starts_at=at - timedelta(days=10),
        ends_at=at + timedelta(days=80),
        per_person=100 if index == 0 else 2,
        period=None,
        stock=100_000 if index == 0 else 500,
        store_ids=sorted(opened),
    )
    author = await admission.employ(unit, party_id, label="经理", post=Post.MANAGER)

    async def publish(terms: Terms, on: datetime) -> None:
        note = f"所属领域：{trade}。" if sector is Sector.OTHER else None
        await publishing.publish(unit, party_id, terms, note=note, author=author, approvers=[approver], at=on)

    asked = MEMBERS_DAYS.get(trade, Tier(3))
    members = replace(offer, title=f"会员日{title}（{name}）", condition=asked, per_person=1)
    if benefit.kind is BenefitKind.DISCOUNT:
        # A day of discounts has its money, and goes with no other offer in one order.
        capped = replace(benefit, cap_yuan=Decimal(50))
        members = replace(members, benefit=capped, budget_yuan=Decimal(20_000), combines=[])
    await publish(members, at - timedelta(days=10))
    # The first partner's open offer is published last, so that every walk meets it first.
    await publish(offer, at if index == 0 else at - timedelta(days=9, minutes=index))
    if index == 0:
        till = await admission.employ(unit, party_id, label="收银台1号", post=Post.TILL, store_id=opened[0])
        await links.link(unit, issuer=DEMONSTRATION_ISSUER, name="till-1", owner=Owner(staff_id=till))
        await links.link(unit, issuer=DEMONSTRATION_ISSUER, name="partner-1", owner=Owner(staff_id=author))


async def _employ(unit: WriteUnit, party_id: str, persona: str, label: str, post: Post) -> str:
    staff_id = await admission.employ(unit, party_id, label=label, post=post)
    await links.link(unit, issuer=DEMONSTRATION_ISSUER, name=persona, owner=Owner(staff_id=staff_id))
    return staff_id


class _Story:
    """What the personas are and did, through the same functions that anybody's acts go through."""

    def __init__(self, unit: WriteUnit, plan: Plan, at: datetime) -> None:
        self._unit = unit
        self._plan = plan
        self._at = at
        self._subjects: dict[str, str] = {}

    async def tell(self) -> None:
        """All of it."""
        await self._sign_in()
        await self._company()
        await self._mandate(story.GUARDIAN, MandateKind.GUARDIAN)
        await self._mandate(story.HELPER, MandateKind.HELPER)
        for persona in story.SCORED:
            await self._open_score(persona)
        await self._dispute("citizen-4")
        lending = [RecordCategory.ADMINISTRATIVE, RecordCategory.HONOUR]
        running = [LendingStage.POST_LOAN]
        # A loan that runs: its bank is told that something of this kind has changed, by the repair.
        await self._grant("citizen-5", "BANK1", Purpose.FINANCING, running, lending, 360, monitoring=True)
        await self._repair("citizen-5")
        hiring = [RecordCategory.PROFESSIONAL, RecordCategory.HONOUR]
        grant_id = await self._grant("citizen-1", "BANK1", Purpose.FINANCING, [LendingStage.PRE_LOAN], lending, 180)
        await self._grant("citizen-8", "EMPLOYER1", Purpose.EMPLOYMENT, [], hiring, 90)
        await self._late_look("citizen-1", "bank-1", "BANK1", grant_id)

    async def _sign_in(self) -> None:
        for persona, (index, _) in story.CITIZENS.items():
            self._subjects[persona] = await self._find(story.citizen(index, self._plan.seed, self._plan.as_of))
        self._subjects["shop-1"] = await self._find(story.organisation(story.SHOP, self._plan.seed))
        for persona, subject_id in self._subjects.items():
            owner = Owner(subject_id=subject_id)
            await links.link(self._unit, issuer=DEMONSTRATION_ISSUER, name=persona, owner=owner)

    async def _company(self) -> None:
        company = story.organisation(story.COMPANY, self._plan.seed)
        party_id = await admission.register(
            self._unit,
            code="COMPANY1",
            name=company.name,
            kind=PartyKind.OTHER_ORGANISATION,
            contact=_CONTACT,
            subject_id=await self._find(company),
            at=self._at,
        )
        for persona, kind in (
            ("company-1-legal", MandateKind.LEGAL_REPRESENTATIVE),
            ("company-1-seal", MandateKind.SEAL_KEEPER),
            ("citizen-3", MandateKind.AGENT),
        ):
            await admission.represent(self._unit, person_id=self._subjects[persona], party_id=party_id, kind=kind)

    async def _mandate(self, people: tuple[str, str], kind: MandateKind) -> None:
        """From a month before; a helper's for a year, a guardian's until it ends."""
        holder, subject = (self._subjects[persona] for persona in people)
        begins = self._plan.as_of - timedelta(days=30)
        ends = begins + timedelta(days=365) if kind is MandateKind.HELPER else None
        await mandates.give(
            self._unit,
            person_id=holder,
            subject_id=subject,
            kind=kind,
            valid_from=begins,
            valid_until=ends,
            at=self._at,
        )

    async def _open_score(self, persona: str) -> None:
        lens = self._own(persona)
        subject = await subjects.behind(self._unit, lens)
        notice = consent.compose(NoticeKind.SCORE_OPEN).hash
        await score.open_(self._unit, lens, subject, notice, at=self._at)

    async def _dispute(self, persona: str) -> None:
        said = Said(
            ObjectionTarget.RECORD,
            ObjectionGround.ERROR,
            ObjectionRequest.CORRECT,
            "处罚决定所载的时间有误，请核对。",
            target_id=await self._adverse(persona),
        )
        lens = self._own(persona)
        owner = uploads.Owner(subject_id=lens.subject_id)
        by = Applicant(MandateKind.SELF.value, Channel.APP.value, owner, person_id=lens.subject_id)
        await filing.file(self._unit, lens, said, by, at=self._at - timedelta(days=_OBJECTION_DAYS))

    async def _repair(self, persona: str) -> None:
        await repair.report_repaired(self._unit, await self._adverse(persona), at=self._at)

    async def _grant(
        self,
        persona: str,
        recipient: str,
        purpose: Purpose,
        stages: list[LendingStage],
        categories: list[RecordCategory],
        days: int,
        *,
        monitoring: bool = False,
    ) -> str:
        issued, party_id = self._at - timedelta(days=2), await self._party(recipient)
        found = await recipients.find(self._unit, party_id, purpose, at=issued)
        about = found.about([category.value for category in categories], found.template.retention_days)
        until = issued + timedelta(days=days)
        proposal = Proposal(stages=stages, categories=categories, valid_until=until, monitoring=monitoring)
        offer = lifecycle.Offer(
            party_id,
            purpose,
            proposal,
            consent.before_grant(about).hash,
            monitoring_notice_hash=monitoring_notice.before(about).hash if monitoring else None,
        )
        person = self._subjects[persona]
        signer = Signer(SubjectKind.NATURAL_PERSON.value, person, MandateKind.SELF.value, "")
        return await lifecycle.issue(self._unit, self._own(persona), offer, signer, at=issued)

    async def _late_look(self, persona: str, officer: str, recipient: str, grant_id: str) -> None:
        """A bank officer looked late in the evening, a day before: the security officer has it to review."""
        party_id = await self._party(recipient)
        row = await directory.find(self._unit, party_id)
        assert row is not None
        signed_in = Principal(DEMONSTRATION_ISSUER, officer, "", organisation=party_id)
        caller = await callers.identify(self._unit, signed_in, at=self._at)
        evening = (self._at.astimezone(CITY) - timedelta(days=1)).replace(hour=22, minute=47, second=0, microsecond=0)
        lens = Lens(Audience.RECIPIENT, BasisKind.GRANT, self._subjects[persona], grant_id=grant_id)
        look = Look(
            lens,
            BasisKind.GRANT.value,
            Shape.of({"CreditRecord.title", "CreditRecord.objections", "GrantedView.records"}),
            Purpose.FINANCING.value,
            Channel.API,
            actor_party_id=party_id,
            actor_name=row.name,
            officer_id=caller.staff_id,
            operator="经办人甲",
            stage=LendingStage.PRE_LOAN.value,
            grant_id=grant_id,
            record_count=3,
            categories={"ADMINISTRATIVE", "HONOUR"},
        )
        await Log(Shapes()).append(self._unit, [look], at=evening)

    async def _find(self, someone: Someone) -> str:
        person = someone.kind is SubjectKind.NATURAL_PERSON
        type_ = IdentityType.RESIDENT_ID if person else IdentityType.USCC
        number = parse(type_, someone.number, today=self._plan.as_of)
        return (await entering.known(self._unit, [number]))[number.number].id

    async def _party(self, code: str) -> str:
        found = await lookup.find(self._unit, code)
        assert found is not None
        return found

    async def _adverse(self, persona: str) -> str:
        request = PageRequest(100, None, Sealer(self._unit.vault, "story"))
        page = await records.page(
            self._unit, self._own(persona), request, records.Filter(), with_items=False, at=self._at
        )
        return next(str(row.id) for row in page.items if row.nature == RecordNature.ADVERSE.value)

    def _own(self, persona: str) -> Lens:
        return Lens(Audience.SUBJECT, BasisKind.SELF, self._subjects[persona])
