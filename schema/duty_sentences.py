"""Codes of staff's duty, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "REVIEW_OVER": (
        "此岗位本季度已经复核，或者复核期限已过。",
        "This post has had this quarter's word, or the time for it is over.",
    ),
}
