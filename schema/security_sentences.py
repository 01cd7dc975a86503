"""Codes of the security officer's desk, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "INCIDENT_PERIOD": (
        "结束时间须晚于开始时间，且不晚于现在。",
        "It must end after it begins, and not later than now.",
    ),
}
