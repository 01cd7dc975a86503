"""Looks of every sort, by made-up staff at made-up people, written as operations write them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from api.house import House
from audit.lens import Audience, BasisKind, Lens
from audit.log import Log, Shapes
from audit.looks import Look, Shape
from core.principal import Channel

BEGINS = datetime(2025, 3, 1, tzinfo=UTC)
DAYS = 300
_SHAPES = [Shape.of(f"CreditRecord.{name}" for name in ("title", "items", "objections")[: n + 1]) for n in range(3)]
_CATEGORIES = ("ADMINISTRATIVE", "JUDICIAL", "HONOUR", "CONTRACT")
_TOGETHER = 2000


def looks(many: int, seed: int = 0) -> Iterator[tuple[Look, datetime]]:
    """So many looks in the order of their instants, at a fifth as many people."""
    chance = random.Random(seed)
    for number in range(many):
        at = BEGINS + timedelta(days=DAYS) * number / many
        whom = f"sub_made{chance.randrange(max(1, many // 5)):015d}"
        yield _SORTS[chance.choices(range(len(_SORTS)), (40, 20, 10, 20, 5, 5))[0]](chance, whom), at


def _look(chance: random.Random, whom: str | None, basis: BasisKind, **more: object) -> Look:
    lens = Lens(Audience.ORGAN, basis, whom) if whom is not None else None
    made = Look(
        lens=lens, basis=basis.value, shape=chance.choice(_SHAPES), channel=Channel.API, client="desk",
        document=f"{chance.getrandbits(256):064x}", **{"purpose": "FINANCING", **more},
    )  # fmt: skip
    for _ in range(chance.randrange(4)):
        made.show(chance.choice(_CATEGORIES))
    return made


def _granted(chance: random.Random, whom: str) -> Look:
    return _look(chance, whom, BasisKind.GRANT, actor_party_id="pty_bank", actor_name="海津示例银行", stage="PRE_LOAN",
                 officer_id=f"stf_bank{chance.randrange(9)}", grant_id=f"grt_{whom[4:]}", grant_version=1)  # fmt: skip


def _own(chance: random.Random, whom: str) -> Look:
    return _look(chance, whom, BasisKind.SELF, purpose="SELF_QUERY")


def _represented(chance: random.Random, whom: str) -> Look:
    made = _look(chance, whom, BasisKind.MANDATE, purpose="SELF_QUERY", officer_id="sub_guardian")
    made.channel = Channel.APP
    return made


def _counter(chance: random.Random, whom: str) -> Look:
    made = _look(chance, whom, BasisKind.COUNTER, purpose="COUNTER_OWN", actor_party_id="pty_it",
                 officer_id=f"stf_clerk{chance.randrange(5)}", case_number=f"CK{chance.randrange(10**6)}")  # fmt: skip
    made.channel = Channel.COUNTER
    return made


def _withheld(chance: random.Random, whom: str) -> Look:
    return _look(chance, whom, BasisKind.STATUTE, purpose="LICENSING", actor_party_id="pty_organ", actor_name="某机关",
                 officer_id="stf_organ", case_number="海纪查〔2026〕9号", withholding_id="wth_made")  # fmt: skip


def _refused(chance: random.Random, _whom: str) -> Look:
    return _look(chance, None, BasisKind.STATUTE, purpose="LICENSING", actor_party_id="pty_organ", actor_name="某机关",
                 officer_id="stf_organ", case_number="海许〔2026〕1号", refused="NOT_AVAILABLE")  # fmt: skip


_SORTS = (_granted, _own, _represented, _counter, _withheld, _refused)


async def look(house: House, many: int, seed: int = 0) -> None:
    """Write so many looks; whoever wants them sealed seals."""
    log, waiting = Log(Shapes()), list[tuple[Look, datetime]]()
    for one in looks(many, seed):
        waiting.append(one)
        if len(waiting) == _TOGETHER:
            await _write(house, log, waiting)
            waiting = []
    await _write(house, log, waiting)


async def _write(house: House, log: Log, dated: list[tuple[Look, datetime]]) -> None:
    async with house.database.writing() as unit:
        await log.append_each(unit, dated)
    log.committed([one for one, _ in dated])
