"""Which version of a model is live (Art. 9): set so by a second person, after a simulation of exactly its content.

A version that goes live retires the one before it in the same statement, so that a model never has two. No index says
so, for within that statement there may be two; whoever sets one live is alone with the model.
"""

from datetime import datetime

from sqlalchemy import and_, case, exists, literal, or_, select

from core.database import WriteUnit
from core.errors import VersionChanged
from oversight.industry import models, runs
from oversight.industry.errors import NotSimulated
from oversight.industry.models import IndustryModelState
from oversight.industry.tables import industry_model
from parties.errors import SecondPerson, WrongState

_c = industry_model.c
_LIVE, _RETIRED = IndustryModelState.LIVE.value, IndustryModelState.RETIRED.value


async def go_live(unit: WriteUnit, id: str, *, party_id: str, by: str, expected: int, at: datetime) -> None:
    """From now on this version is the one that is run. Raises `NotAvailable`, `SecondPerson` for its author,
    `WrongState`, `NotSimulated` and `VersionChanged`."""
    row = await models.find(unit, id, party_id=party_id)
    if row.drafted_by == by:
        raise SecondPerson()
    if row.state != IndustryModelState.REVIEWED.value:
        raise WrongState()
    simulated = await runs.simulated(unit, row)
    if simulated is None:
        raise NotSimulated()
    await unit.alone(f"industry model {party_id} {row.code}")
    m = industry_model.alias("new")
    as_read = and_(m.c.id == id, m.c.version == expected, m.c.state == row.state, m.c.sha256 == row.sha256)
    is_it, earlier = _c.id == id, and_(_c.party_id == party_id, _c.code == row.code, _c.state == _LIVE)
    moved = industry_model.update().where(or_(is_it, earlier), exists(select(m.c.id).where(as_read)))
    fresh = {"live_by": literal(by), "live_at": literal(at, _c.live_at.type), "simulation_id": literal(simulated)}
    ended = {"retired_by": literal(by), "retired_at": literal(at, _c.retired_at.type)}
    values = {
        "state": case((is_it, _LIVE), else_=_RETIRED),
        **{name: case((is_it, value), else_=_c[name]) for name, value in fresh.items()},
        **{name: case((is_it, None), else_=value) for name, value in ended.items()},
    }
    if await unit.run(moved.values(version=_c.version + 1, **values)) == 0:
        raise VersionChanged()


async def retire(unit: WriteUnit, id: str, *, party_id: str, by: str, expected: int, at: datetime) -> None:
    """It is not run any more, and nothing takes its place; a run that is underway goes to its end. Raises
    `NotAvailable`, `WrongState` and `VersionChanged`."""
    row = await models.find(unit, id, party_id=party_id)
    if row.state != _LIVE:
        raise WrongState()
    read = (_c.id == id, _c.version == expected, _c.state == _LIVE)
    ended = {"state": _RETIRED, "retired_by": by, "retired_at": at, "version": _c.version + 1}
    if await unit.run(industry_model.update().where(*read).values(**ended)) != 1:
        raise VersionChanged()
