"""Every background duty of this service: sealing the log, relaying messages, numbering changes, telling of corrections,
computing scores anew, reading departments' sheets and running their models, publishing merchants' months, opening the
quarterly list of posts, watching for what is unusual, telling those whom an incident touched, feeding shares, telling
organs whose share ends soon, answering batches, loading providers' files, setting reports and letters, keeping the
deadlines of objections, making copies for their subjects and exports for auditors, sweeping files that no row names,
retiring stored documents that nobody asks for, forgetting what was told long ago and proofs that are too old."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

from api import clock, merging
from api.auditing import Auditing
from api.demo.confirming import Confirming
from api.duties import Duty
from api.exporting import Exporter
from api.house import House
from api.printing import letterer_of, printer_of
from api.relaying import relay_of
from api.waking import Hint
from audit.sealing import Sealer
from core import uploads
from core.installation import Kind
from credit import exports
from credit.answering import Answerer
from credit.informing import Informer
from credit.recomputing import Recomputer
from credit.typeset.setter import Setter
from grants import batches
from incentives.statistics import Publisher
from intake import batches as sent
from intake import reviewing, unloading
from intake.unloading import Unloader
from notices import changes, pruning
from notices.numbering import Numberer
from objections.deadlines import Deadlines
from oversight.auditing import exports as audits
from oversight.duty.glass import GlassHours
from oversight.duty.posts import PostReviews
from oversight.duty.telling import Teller
from oversight.duty.watching import Watch
from oversight.industry.running import Runner
from oversight.industry.taking import SheetReader
from oversight.sharing import feeding
from oversight.sharing.ending import Warner
from oversight.sharing.feeding import Feeder
from oversight.supervision.complaints import ComplaintTerms
from oversight.supervision.publishing import PeoplePublisher
from oversight.supervision.samples import Drawer
from parties import documents, proofs

_SWEEP_SECONDS = _PRUNE_SECONDS = 3600.0
_FORGET_SECONDS = 60.0
_LEFT = timedelta(days=1)


@asynccontextmanager
async def duties_of(house: House, kind: Kind) -> AsyncIterator[Sequence[Duty]]:
    """The duties over an opened house, and what they hold open until the body ends."""
    relay, hooks = relay_of(house, kind)
    sealer = Sealer(house.database, house.rings, house.settings.log_origin)

    unloaders = [
        Unloader(
            house.database,
            house.blobs,
            house.loading,
            invented=kind is Kind.DEMONSTRATION,
            small=small,
            beyond=merging.BEYOND,
            now=clock.now,
        )
        for small in (True, False)
    ]
    answerer = Answerer(house.database, house.blobs)
    numberer = Numberer(house.database, numbered=partial(house.waking.give, Hint.NUMBERED))
    people = PeoplePublisher(house.database, demonstration=kind is Kind.DEMONSTRATION)
    sheets = SheetReader(house.database, house.blobs, invented=kind is Kind.DEMONSTRATION)
    setter = Setter()
    reviews = Confirming if kind is Kind.DEMONSTRATION else PostReviews
    printer, letterer = printer_of(house, kind, setter), letterer_of(house, setter)

    async def sweep(at: datetime) -> float:
        async with house.database.writing() as unit:
            swept = [await over.sweep(unit, house.blobs, at=at) for over in (uploads, batches, sent, exports, audits)]
        if any(swept):
            return 0.0
        await house.blobs.sweep(at=at)
        unloading.sweep(house.loading, before=at - _LEFT)
        return _SWEEP_SECONDS

    async def prune(at: datetime) -> float:
        async with house.database.writing() as unit:
            pruned = await pruning.prune(unit, at=at)
        async with house.database.writing() as unit:
            forgotten = await changes.prune(unit, at=at, read=await feeding.reached(unit))
        async with house.database.writing() as unit:
            await feeding.sweep(unit, at=at)
        more = pruned >= pruning.AT_ONCE or forgotten >= changes.AT_ONCE
        return 0.0 if more else _PRUNE_SECONDS

    async def forget(at: datetime) -> float:
        async with house.database.writing() as unit:
            forgotten = await proofs.prune(unit, at=at)
        return 0.0 if forgotten >= proofs.AT_ONCE else _FORGET_SECONDS

    async def retire(at: datetime) -> float:
        async with house.database.writing() as unit:
            await documents.retire(unit, unused=timedelta(days=house.settings.document_days), at=at)
        return _PRUNE_SECONDS

    async def let_go(at: datetime) -> float:
        async with house.database.writing() as unit:
            await reviewing.sweep(unit, at=at)
        return _FORGET_SECONDS

    try:
        async with house.waking.hearing(Hint.COMMITTED):
            yield (
                Duty("audit.seal", sealer.run_once, leader_only=True),
                Duty("agency.answer", answerer.run_once, leader_only=True),
                *(Duty(f"intake.load_{n}", one.run_once, leader_only=True) for n, one in enumerate(unloaders)),
                Duty("notices.relay", relay.run_once, leader_only=False, rest=house.waking.ear().rest),
                Duty("notices.number", numberer.run_once, leader_only=True, rest=house.waking.ear().rest),
                Duty("credit.print", printer.run_once, leader_only=True, rest=house.waking.ear().rest),
                Duty("objections.letter", letterer.run_once, leader_only=True, rest=house.waking.ear().rest),
                Duty("objections.deadline", Deadlines(house.database).run_once, leader_only=True),
                Duty(
                    "credit.export",
                    Exporter(house.database, house.blobs).run_once,
                    leader_only=True,
                    rest=house.waking.ear().rest,
                ),
                Duty(
                    "auditing.export",
                    Auditing(house.database, house.blobs, house.rings).run_once,
                    leader_only=True,
                ),
                Duty("credit.score", Recomputer(house.database).run_once, leader_only=True),
                Duty("credit.inform", Informer(house.database).run_once, leader_only=True),
                Duty("incentives.publish", Publisher(house.database).run_once, leader_only=True),
                Duty("duty.posts", reviews(house.database).run_once, leader_only=True),
                Duty("duty.glass", GlassHours(house.database).run_once, leader_only=True),
                Duty("sharing.feed", Feeder(house.database).run_once, leader_only=True),
                Duty("sharing.warn", Warner(house.database).run_once, leader_only=True),
                Duty("supervision.draw", Drawer(house.database).run_once, leader_only=True),
                Duty("supervision.complaints", ComplaintTerms(house.database).run_once, leader_only=True),
                Duty("supervision.publish", people.run_once, leader_only=True),
                Duty("industry.take", sheets.run_once, leader_only=True),
                Duty("industry.run", Runner(house.database).run_once, leader_only=True),
                Duty("duty.tell", Teller(house.database).run_once, leader_only=True),
                Duty("duty.watch", Watch(house.database).run_once, leader_only=True),
                Duty("notices.prune", prune, leader_only=True),
                Duty("proofs.forget", forget, leader_only=True),
                Duty("documents.retire", retire, leader_only=True),
                Duty("intake.let_go", let_go, leader_only=True),
                Duty("blobs.sweep", sweep, leader_only=True),
            )
    finally:
        setter.close()
        await hooks.close()
