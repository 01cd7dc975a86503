"""What an offer may say. Pure: what is typed by kind, what is in range, and which offers two people must approve."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from core.errors import Detail, Invalid
from grants.scope import Period
from incentives import combining, conditions, ways, worth
from incentives.conditions import EVERYBODY, TIER_NAMES, Condition, Tier
from incentives.kinds import BenefitKind, Sector
from incentives.money import cents, yuan

_CENT = Decimal("0.01")
_MOST_YUAN, _MOST_BUDGET_YUAN, _MOST_DAYS = Decimal("1000000.00"), Decimal("100000000.00"), 365
_LONGEST_TITLE, _LONGEST_BENEFIT, _LONGEST_TERMS, _LONGEST_NOTE = 120, 200, 4000, 500
_MOST_STOCK, _MOST_PER_PERSON, _MOST_STORES, _MOST_COMBINED = 10_000_000, 100, 200, 50

# What each kind of benefit says in figures, and nothing else.
FIGURES: Mapping[BenefitKind, frozenset[str]] = {
    BenefitKind.DISCOUNT: frozenset({"percent"}),
    BenefitKind.FEE_WAIVER: frozenset({"yuan"}),
    BenefitKind.DEPOSIT_FREE: frozenset({"capYuan"}),
    BenefitKind.PAY_LATER: frozenset({"capYuan", "days"}),
    BenefitKind.PRIORITY: frozenset(),
    BenefitKind.EXTRA_QUOTA: frozenset(),
    BenefitKind.GIFT: frozenset(),
}
# What a kind may say besides.
_OPTIONAL: Mapping[BenefitKind, frozenset[str]] = {
    BenefitKind.DISCOUNT: frozenset({"capYuan"}),
    BenefitKind.DEPOSIT_FREE: frozenset({"days"}),
}
# CHOICE: whoever comes first here, somebody else comes later: two people weigh that, and say why.
_CARE = frozenset({Sector.HEALTHCARE, Sector.CHILDCARE, Sector.ELDERCARE})


@dataclass(frozen=True)
class Benefit:
    """What is given: percent off, yuan waived, or at most so many yuan, and for how many days. A percentage off may
    have its most in yuan too."""

    kind: BenefitKind
    text: str
    percent: Decimal | None = None
    yuan: Decimal | None = None
    cap_yuan: Decimal | None = None
    days: int | None = None

    @classmethod
    def stored(cls, row: Any) -> "Benefit":
        """The benefit of an offer's row or of a version's."""
        kind, figure = BenefitKind(row.benefit_kind), row.benefit_figure
        named = {"percent": "percent", "yuan": "yuan", "capYuan": "cap_yuan"}
        figures = {"cap_yuan": row.benefit_cap_yuan} | {named[name]: figure for name in FIGURES[kind] if name in named}
        return cls(kind, row.benefit_text, days=row.benefit_days, **figures)

    @property
    def figure(self) -> Decimal | None:
        """The one figure that its kind has, or None."""
        return next((one for one in (self.percent, self.yuan, self.cap_yuan) if one is not None), None)

    @property
    def most_yuan(self) -> Decimal | None:
        """What one use costs its merchant at most; None where that is not said, or is no sum of money."""
        return worth.most_yuan(self.kind, self.figure, self.cap_yuan)

    def faults(self) -> Iterator[Detail]:
        """Every rule it breaks."""
        yield from _length(("benefit", "text"), self.text, _LONGEST_BENEFIT)
        figures = {"percent": self.percent, "yuan": self.yuan, "capYuan": self.cap_yuan, "days": self.days}
        wanted, given = FIGURES[self.kind], {name for name, value in figures.items() if value is not None}
        if given - _OPTIONAL.get(self.kind, frozenset()) != wanted:
            yield Detail(("benefit",), "BENEFIT_TERMS", ", ".join(sorted(wanted)) or "—")
            return
        for name in sorted(given):
            if name == "days":
                yield from _range(("benefit", name), self.days or 0, 1, _MOST_DAYS)
            else:
                most = Decimal("100.00") if name == "percent" else _MOST_YUAN
                yield from _range(("benefit", name), figures[name] or Decimal(0), _CENT, most)


@dataclass(frozen=True)
class Terms:
    """Everything that a version of an offer says."""

    title: str
    sector: Sector
    benefit: Benefit
    condition: Condition
    terms: str
    starts_at: datetime
    ends_at: datetime
    per_person: int
    period: Period | None
    stock: int
    store_ids: Sequence[str]
    # The money for it, and each store's part of it; None and nothing where no money limits it.
    budget_yuan: Decimal | None = None
    store_budgets_yuan: Mapping[str, Decimal] = field(default_factory=dict)
    # With which offers it may be used in one order; None: with any.
    combines: Sequence[str] | None = None
    # Whether it may be used at a till without a network.
    works_offline: bool = False

    @classmethod
    def stored(cls, row: "Written", stores: Sequence[Any]) -> "Terms":
        """The terms of an offer's row or of a version's, with its stores' rows."""
        return cls(
            row.title,
            Sector(row.sector),
            Benefit.stored(row),
            conditions.read(row.condition),
            row.terms,
            row.starts_at,
            row.ends_at,
            row.per_person,
            None if row.per_person_period is None else Period(row.per_person_period),
            row.stock_total,
            sorted(store.id for store in stores),
            None if row.budget_cents is None else yuan(row.budget_cents),
            {store.id: yuan(store.budget_cents) for store in stores if store.budget_cents is not None},
            combining.read(row.combines),
            row.works_offline,
        )

    def columns(self) -> dict[str, Any]:
        """As both tables hold them: text for text the same where the same is said."""
        return {
            "title": self.title.strip(),
            "sector": self.sector.value,
            "benefit_kind": self.benefit.kind.value,
            "benefit_text": self.benefit.text.strip(),
            "benefit_figure": self.benefit.figure,
            "benefit_days": self.benefit.days,
            "benefit_cap_yuan": self.benefit.cap_yuan if self.benefit.kind is BenefitKind.DISCOUNT else None,
            "condition": conditions.text(self.condition),
            "terms": self.terms.strip(),
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "per_person": self.per_person,
            "per_person_period": None if self.period is None else self.period.value,
            "stock_total": self.stock,
            "budget_cents": None if self.budget_yuan is None else cents(self.budget_yuan),
            "taken_by_store": bool(self.store_budgets_yuan),
            "combines": combining.text(self.combines),
            "works_offline": self.works_offline,
        }

    def shown(self) -> dict[str, Any]:
        """As the offer's row shows them. Builds before 0029 read a tier: the same, or more than anybody needs."""
        tier = self.condition.at_least if isinstance(self.condition, Tier) else max(TIER_NAMES)
        return {**self.columns(), "min_tier": None if self.condition == EVERYBODY else tier}

    def faults(self, note: str | None, *, at: datetime) -> list[Detail]:
        """Every rule that they break, with what their author says of them."""
        return [*self._wording(note), *self._limits(at), *self._money(), *self._combined()]

    def _wording(self, note: str | None) -> Iterator[Detail]:
        yield from _length(("title",), self.title, _LONGEST_TITLE)
        yield from self.benefit.faults()
        yield from _length(("terms",), self.terms, _LONGEST_TERMS)
        # Art. 11 says 等: which other field it is stands in the note, and is reviewed.
        if note is not None or self.sector is Sector.OTHER:
            yield from _length(("note",), note or "", _LONGEST_NOTE)

    def _limits(self, at: datetime) -> Iterator[Detail]:
        try:
            ways.offered(self.condition)
        except Invalid as refused:
            yield from refused.details
        if self.ends_at <= self.starts_at:
            yield Detail(("endsAt",), "PERIOD_ORDER")
        if self.ends_at <= at:
            yield Detail(("endsAt",), "DAY_PASSED")
        yield from _range(("perPerson",), self.per_person, 1, _MOST_PER_PERSON)
        yield from _range(("stock",), self.stock, 1, _MOST_STOCK)
        if not 1 <= len(set(self.store_ids)) == len(self.store_ids) <= _MOST_STORES:
            yield Detail(("storeIds",), "DIFFERENT_ONES", f"1..{_MOST_STORES}")

    def _money(self) -> Iterator[Detail]:
        """A budget is for what has a most in yuan, and suffices for one; the stores' parts are all of them or none."""
        if self.budget_yuan is None:
            if self.store_budgets_yuan:
                yield Detail(("budgetYuan",), "NEEDED")
            return
        least = self.benefit.most_yuan
        if least is None:
            yield Detail(("budgetYuan",), "BUDGET_WITHOUT_CAP")
            return
        yield from _range(("budgetYuan",), self.budget_yuan, least, _MOST_BUDGET_YUAN)
        if self.store_budgets_yuan and set(self.store_budgets_yuan) != set(self.store_ids):
            yield Detail(("storeBudgets",), "EVERY_STORE")
        for part in self.store_budgets_yuan.values():
            yield from _range(("storeBudgets",), part, least, self.budget_yuan)

    def _combined(self) -> Iterator[Detail]:
        if self.combines is not None and not len(set(self.combines)) == len(self.combines) <= _MOST_COMBINED:
            yield Detail(("combinesWith",), "DIFFERENT_ONES", f"0..{_MOST_COMBINED}")
        # What was used in an order before is not known without a network.
        if self.combines is not None and self.works_offline:
            yield Detail(("worksOffline",), "OFFLINE_COMBINES")
        # Nor is a term begun that nobody but the till knows of.
        if self.works_offline and self.benefit.kind in (BenefitKind.DEPOSIT_FREE, BenefitKind.PAY_LATER):
            yield Detail(("worksOffline",), "OFFLINE_DEFERRED")


class Written(Protocol):
    """A row that holds terms."""

    title: str
    sector: str
    condition: str
    terms: str
    starts_at: datetime
    ends_at: datetime
    per_person: int
    per_person_period: str | None
    stock_total: int
    budget_cents: int | None
    combines: str | None
    works_offline: bool


def takes_two(terms: Terms) -> bool:
    """Whether two people of the institution must approve, each with reasons: a place in the queue of a clinic, a
    nursery or a home for the old is taken from somebody else."""
    return terms.benefit.kind is BenefitKind.PRIORITY and terms.sector in _CARE


def changed(before: Terms, after: Terms) -> list[str]:
    """What is another than before, by the names of what can be read of a version."""
    parts = {
        "title": (before.title, after.title),
        "sector": (before.sector, after.sector),
        "benefit": (before.benefit, after.benefit),
        "requirement": (before.condition, after.condition),
        "terms": (before.terms, after.terms),
        "startsAt": (before.starts_at, after.starts_at),
        "endsAt": (before.ends_at, after.ends_at),
        "perPerson": (before.per_person, after.per_person),
        "perPersonPeriod": (before.period, after.period),
        "stock": (before.stock, after.stock),
        "stores": (set(before.store_ids), set(after.store_ids)),
        "budgetYuan": (before.budget_yuan, after.budget_yuan),
        "storeBudgets": (before.store_budgets_yuan, after.store_budgets_yuan),
        "combinesWith": (_set(before.combines), _set(after.combines)),
        "worksOffline": (before.works_offline, after.works_offline),
    }
    return [name for name, (old, new) in parts.items() if old != new]


def _set(ids: Sequence[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)


def _length(path: tuple[str, ...], text: str, most: int) -> Iterator[Detail]:
    if not 1 <= len(text.strip()) <= len(text) <= most:
        yield Detail(path, "LENGTH", f"1..{most}")


def _range(path: tuple[str, ...], value: int | Decimal, least: int | Decimal, most: int | Decimal) -> Iterator[Detail]:
    whole_cents = isinstance(value, int) or (value.is_finite() and value == value.quantize(_CENT))
    if not (whole_cents and least <= value <= most):
        yield Detail(path, "OUT_OF_RANGE", f"{least}..{most}")
