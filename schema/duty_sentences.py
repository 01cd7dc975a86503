"""Codes of staff's duty, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "REVIEW_OVER": (
        "此岗位本季度已经复核，或者复核期限已过。",
        "This post has had this quarter's word, or the time for it is over.",
    ),
    "GLASS_WAITS": (
        "您上一次紧急查看尚无人确认，不能再次紧急查看。",
        "Your last emergency look waits for a second person; there is one at a time.",
    ),
    "GLASS_CLOSED": (
        "此次紧急查看已经结束，不能继续查看或者答复。",
        "This emergency look is over: nothing more is read or answered.",
    ),
}
