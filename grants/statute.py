"""When a state organ's mandate holds, and what a look under it may ask for (Art. 6(1)). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.errors import Detail
from core.identity import mask_numbers_in
from core.moments import day_of
from grants.scope import AgencyMandateState, StatutoryPurpose

LONGEST_CASE = 60


class Held(Protocol):
    """The part of a mandate's row that decides whether it holds."""

    @property
    def approved_at(self) -> datetime | None:
        """When the second person approved it."""

    @property
    def ended_at(self) -> datetime | None:
        """When it was ended."""

    @property
    def valid_from(self) -> date:
        """Its first day."""

    @property
    def valid_until(self) -> date | None:
        """Its last day."""


class Covering(Protocol):
    """The part of a mandate's row that decides what it covers."""

    @property
    def purpose(self) -> str:
        """The one purpose it is for."""

    @property
    def categories(self) -> list[str]:
        """The kinds of information it opens."""


@dataclass(frozen=True)
class Ask:
    """What an officer looks under: their case, a purpose, a mandate of their organ; and the order that withholds the
    look, where there is one."""

    case_number: str
    purpose: StatutoryPurpose
    mandate_id: str
    withholding_id: str | None = None
    path: tuple[str, ...] = ()  # where in the operation this was said


def state_of(mandate: Held, *, at: datetime) -> AgencyMandateState:
    """How the mandate stands on the city's day of `at`. Its last day is computed, never swept."""
    today = day_of(at)
    if mandate.ended_at is not None and mandate.ended_at <= at:
        return AgencyMandateState.ENDED
    if mandate.valid_until is not None and mandate.valid_until < today:
        return AgencyMandateState.ENDED
    if mandate.approved_at is None:
        return AgencyMandateState.PROPOSED
    return AgencyMandateState.IN_FORCE if mandate.valid_from <= today else AgencyMandateState.APPROVED


def missing(mandate: Covering, ask: Ask, categories: Iterable[str]) -> list[Detail]:
    """What is asked for and not covered. The purpose is no choice of the officer's: it is the mandate's."""
    beyond = sorted(set(categories) - set(mandate.categories))
    found = (
        [Detail((*ask.path, "purpose"), "NOT_GRANTED", mandate.purpose)] if ask.purpose.value != mandate.purpose else []
    )
    return [*found, *(Detail(("records", "filter", "categories"), category) for category in beyond)]


def faults_of_case(case_number: str) -> list[Detail]:
    """What is wrong with a case number. It stands in the log and in the trail, so no identity number may be in it."""
    said = case_number.strip()
    if not 1 <= len(said) <= LONGEST_CASE:
        return [Detail(("caseNumber",), "LENGTH", f"1..{LONGEST_CASE}")]
    if not said.isprintable():
        return [Detail(("caseNumber",), "PRINTABLE")]
    return [Detail(("caseNumber",), "IDENTITY_NUMBER")] if mask_numbers_in(said) != said else []
