"""What a condition may say, how it is kept and how it is read."""

import random
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from core.errors import Invalid
from credit.ages import band_on
from credit.kinds import SubjectKind
from incentives import conditions, explaining, wording
from incentives.conditions import EVERYBODY, TIER_NAMES, Condition, Tier
from incentives.eligibility import Standing
from incentives.ways import offered
from incentives.wording import Points
from tests.harness import conditions as drawn
from tests.harness.servers import ROOT

_TABLES: dict[str, list[Any]] = yaml.safe_load(Path(__file__).with_name("conditions.yaml").read_text("utf-8"))
_POINTS = Points(638, {1: 350, 2: 600, 3: 650, 4: 700, 5: 750})


@pytest.mark.parametrize("row", _TABLES["form"], ids=lambda row: row["case"])
def test_what_may_be_said(row: dict[str, Any]) -> None:
    said = {"version": row.get("version", 1), "when": row["when"]}
    if "code" not in row:
        assert conditions.read(conditions.text(conditions.parse(said))) == conditions.parse(said)
        return
    with pytest.raises(Invalid) as refused:
        conditions.parse(said)
    (detail,) = refused.value.details
    assert (".".join(detail.path[1:]), detail.code) == (row["wrong"], row["code"])


@pytest.mark.parametrize("said", [None, [], {}, {"version": 1}, {"when": {}}, {"version": 1, "when": {}, "x": 1}])
def test_what_is_no_condition_is_refused(said: object) -> None:
    with pytest.raises(Invalid):
        conditions.parse(said)


@pytest.mark.parametrize("row", _TABLES["offered"], ids=str)
def test_what_an_offer_may_ask_and_how_it_reads(row: dict[str, Any]) -> None:
    condition = conditions.parse({"version": 1, "when": row["when"]})
    if "said" in row:
        assert offered(condition)
        assert wording.requirement(condition) == row["said"]
        return
    with pytest.raises(Invalid) as refused:
        offered(condition)
    assert [detail.code for detail in refused.value.details] == [row["code"]]


def test_one_tree_is_one_text() -> None:
    chance = random.Random(1)
    for _ in range(500):
        tree = drawn.tree(chance)
        assert conditions.read(conditions.text(tree)) == tree


@pytest.mark.parametrize(("born", "today", "band"), _TABLES["ages"], ids=str)
def test_age_bands(born: Any, today: Any, band: str) -> None:
    assert band_on(born, today).value == band


@pytest.mark.parametrize(
    ("tier", "points", "needed", "have", "said"),
    [
        (2, _POINTS, "650", "638", "海河分还差 12 分，达到 650 分（“优良”）后可享受此项权益"),
        (2, None, "优良", "良好", "海河分为“优良”时可享受此项权益"),
        (None, None, "优良", None, "开通海河分并达到“优良”后可享受此项权益"),
    ],
)
def test_a_missed_tier_is_said_in_points_to_whoever_has_them(
    tier: int | None, points: Points | None, needed: str, have: str | None, said: str
) -> None:
    standing = Standing(SubjectKind.NATURAL_PERSON, tier)
    (gap,) = wording.gaps(explaining.missing(Tier(3), standing), standing, points)
    assert (gap.condition, gap.needed, gap.have, gap.message) == ("TIER", needed, have, said)


def test_what_offers_asked_before_conditions_is_what_they_ask() -> None:
    """The migration writes the same text and ways as approving does."""
    migration = ScriptDirectory(str(ROOT / "migrations")).get_revision("0029").module
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        for statement in ("subject (id TEXT PRIMARY KEY)", "offer (id TEXT PRIMARY KEY, min_tier INTEGER)"):
            connection.exec_driver_sql(f"CREATE TABLE {statement}")
        before: dict[str, Condition] = {"0": EVERYBODY} | {str(tier): Tier(tier) for tier in TIER_NAMES}
        for id_ in before:
            connection.exec_driver_sql("INSERT INTO offer VALUES (?, ?)", (id_, int(id_) or None))
        with Operations.context(MigrationContext.configure(connection)):
            migration.upgrade()
        said = {row.id: row.condition for row in connection.execute(sa.text("SELECT id, condition FROM offer"))}
        ways = connection.execute(
            sa.text("SELECT offer_id, number, tiers, ages, districts, wanted, barred FROM offer_way ORDER BY offer_id")
        )
        assert said == {id_: conditions.text(condition) for id_, condition in before.items()}
        assert [tuple(row) for row in ways] == [
            (id_, 1, *astuple(way)) for id_, condition in before.items() for way in offered(condition)
        ]
