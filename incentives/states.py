"""Where an offer stands, and which act leads where. Pure: the table is the rule.

An offer has two standings. `status` says whether it can be taken: DRAFT until its first version is approved, then LIVE,
PAUSED or ENDED. `review` says how far the latest version has come: DRAFT, IN_REVIEW, RETURNED, or nothing. So what is
live stays live, in the words that were approved, while a change of it is looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from incentives.kinds import OfferAct, OfferSide, OfferStatus

Review = OfferStatus | None
_DRAFT, _LIVE, _PAUSED, _ENDED = OfferStatus.DRAFT, OfferStatus.LIVE, OfferStatus.PAUSED, OfferStatus.ENDED
_IN_REVIEW, _RETURNED = OfferStatus.IN_REVIEW, OfferStatus.RETURNED
_GOING = frozenset({_DRAFT, _LIVE, _PAUSED})
_ANY: frozenset[Review] = frozenset({None, _DRAFT, _IN_REVIEW, _RETURNED})


class Stored(Protocol):
    """What of an offer's row says where it stands."""

    status: str
    review: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Step:
    """Whose act it is, from where it starts, and where it leads. What it does not name stays."""

    side: OfferSide
    starts: frozenset[OfferStatus]
    reviews: frozenset[Review]
    status: Mapping[OfferStatus, OfferStatus]
    review: Mapping[Review, Review]


def _to(review: Review) -> Mapping[Review, Review]:
    return dict.fromkeys(_ANY, review)


def _of_partner(starts: frozenset[OfferStatus], leads: OfferStatus, review: Mapping[Review, Review]) -> Step:
    return Step(OfferSide.PARTNER, starts, _ANY, dict.fromkeys(starts, leads), review)


def _of_institution(status: Mapping[OfferStatus, OfferStatus], review: Review) -> Step:
    return Step(OfferSide.INSTITUTION, _GOING, frozenset({_IN_REVIEW}), status, _to(review))


# To revise what is in review takes it back from there. What was returned is submitted again as another version.
STEPS: Mapping[OfferAct, Step] = {
    OfferAct.REVISE: Step(OfferSide.PARTNER, _GOING, _ANY, {}, _to(_DRAFT)),
    OfferAct.SUBMIT: Step(OfferSide.PARTNER, _GOING, frozenset({_DRAFT}), {}, _to(_IN_REVIEW)),
    OfferAct.AGREE: _of_institution({}, _IN_REVIEW),
    OfferAct.APPROVE: _of_institution({_DRAFT: _LIVE}, None),
    OfferAct.RETURN: _of_institution({}, _RETURNED),
    OfferAct.PAUSE: _of_partner(frozenset({_LIVE}), _PAUSED, {}),
    OfferAct.RESUME: _of_partner(frozenset({_PAUSED}), _LIVE, {}),
    OfferAct.END: _of_partner(_GOING, _ENDED, _to(None)),
}


def status_of(offer: Stored, *, at: datetime) -> OfferStatus:
    """How an offer stands now, in the contract's one word. SCHEDULED becomes LIVE, and LIVE ENDED, by time alone."""
    status = OfferStatus(offer.status)
    if status is _DRAFT:
        return OfferStatus(offer.review)
    if status is _ENDED or at >= offer.ends_at:
        return _ENDED
    if status is _PAUSED:
        return _PAUSED
    return OfferStatus.SCHEDULED if at < offer.starts_at else _LIVE


def after(act: OfferAct, offer: Stored, *, at: datetime) -> tuple[OfferStatus, Review] | None:
    """Where an act leads from here: status and review; None when it does not start here."""
    step = STEPS[act]
    status = OfferStatus(offer.status)
    review = None if offer.review is None else OfferStatus(offer.review)
    if status_of(offer, at=at) is _ENDED or status not in step.starts or review not in step.reviews:
        return None
    return step.status.get(status, status), step.review.get(review, review)
