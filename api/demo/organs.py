"""What the city's state organs may look under: entered by two people of the credit institution, as anybody's is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.database import WriteUnit
from grants import mandating
from grants.mandating import Proposal
from grants.scope import RecordCategory, StatutoryPurpose
from parties import lookup


@dataclass(frozen=True)
class Mandate:
    """One organ's mandate, by the organ's code. The instruments are as invented as the city."""

    organ: str
    purpose: StatutoryPurpose
    instrument: str
    article: str
    categories: tuple[RecordCategory, ...]


_C, _P = RecordCategory, StatutoryPurpose
MANDATES = (
    Mandate(
        "XZSP",
        _P.LICENSING,
        "《海津市行政许可信用审查办法（示例）》（海津政规〔2025〕3号）",
        "第九条",
        (_C.REGISTRATION, _C.ADMINISTRATIVE, _C.ABNORMAL_OPERATION, _C.SERIOUS_DISHONESTY, _C.COMMITMENT),
    ),
    Mandate(
        "XZSP",
        _P.COMMENDATION,
        "《海津市表彰奖励工作规定（示例）》（海津政发〔2025〕11号）",
        "第六条第二款",
        (_C.HONOUR, _C.ADMINISTRATIVE, _C.SERIOUS_DISHONESTY, _C.EVALUATION_RESULT),
    ),
    Mandate(
        "SWHY",
        _P.FUNDING_SUPPORT,
        "《海津市商务发展专项资金管理办法（示例）》（海津商规〔2024〕7号）",
        "第十二条",
        (_C.REGISTRATION, _C.ADMINISTRATIVE, _C.SERIOUS_DISHONESTY),
    ),
    Mandate(
        "SWHY",
        _P.COMMENDATION,
        "《海津市诚信经营示范企业评选办法（示例）》（海津商规〔2025〕2号）",
        "第七条",
        (_C.HONOUR, _C.SERIOUS_DISHONESTY, _C.EVALUATION_RESULT),
    ),
)


async def enter(unit: WriteUnit, *, by: str, agreed_by: str, on: date, at: datetime) -> None:
    """Enter every organ's mandates, in force for two years from a month before."""
    begins = on - timedelta(days=30)
    for mandate in MANDATES:
        proposal = Proposal(
            party_id=await lookup.find(unit, mandate.organ) or "",
            purpose=mandate.purpose,
            purpose_text=None,
            instrument=mandate.instrument,
            article=mandate.article,
            categories=mandate.categories,
            valid_from=begins,
            valid_until=begins + timedelta(days=730),
        )
        made = await mandating.propose(unit, proposal, by=by, at=at)
        await mandating.approve(unit, made, expected=1, by=agreed_by, at=at)
