"""Invented reports as they are frozen, and set without a database."""

from datetime import UTC, datetime
from typing import Any

from audit import sentences
from credit.typeset import layout, setting

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
CODE, LINK = "ABCD-EFGH-JKMN-PQRS-TVWX", "https://credit.example/check#7K2M-9QX4-T3WB-CD5F.ABCD-EFGH-JKMN-PQRS-TVWX"
PERSON = {"kind": "NATURAL_PERSON", "name": "欧阳某某", "identityType": "RESIDENT_ID", "identity": "129901********001X"}
COMPANY = {
    "kind": "LEGAL_PERSON",
    "name": "海津示例餐饮有限公司",
    "identityType": "USCC",
    "identity": "91129900MA00000000",
}
CATEGORIES = list(sentences.CATEGORIES)


def record(number: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"rec_{number}",
        "version": 1,
        "category": "ADMINISTRATIVE",
        "nature": "ADVERSE",
        "title": "行政处罚决定",
        "documentNumber": f"海市监罚〔2026〕{number}号",
        "authority": "海津市市场监督管理局",
        "occurredOn": "2026-03-04",
        "dateLabel": "处罚决定日期",
        "publicityUntil": "2027-03-04",
        "repair": None,
        "source": "海津市市场监督管理局",
        "items": [{"code": "penalty.fine_wan_yuan", "label": "罚款金额（万元）", "value": "0.300000", "masked": False}],
        "objections": [],
        "statement": None,
        **changed,
    }


def snapshot(subject: dict[str, Any], records: list[dict[str, Any]], **changed: Any) -> dict[str, Any]:
    return {
        "format": "haihe-report/1",
        "number": "7K2M-9QX4-T3WB-CD5F",
        "kind": "FULL",
        "issuedAt": "2026-11-26T02:00:00Z",
        "validUntil": "2026-12-26T02:00:00Z",
        "demonstration": False,
        "period": {"from": None, "to": None},
        "subject": subject,
        "authority": None,
        "records": records,
        **changed,
    }


def printed(said: dict[str, Any]) -> bytes:
    return setting.pdf(layout.of(said), code=CODE, link=LINK, at=AT)
