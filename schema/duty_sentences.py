"""Codes of staff's duty, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "REVIEW_OVER": (
        "此岗位本季度已经复核，或者复核期限已过。",
        "This post has had this quarter's word, or the time for it is over.",
    ),
    "NOT_RELEASED": (
        "该批量结果尚未通过公共信用管理机构的保密审查，不能下载。",
        "The credit institution has not let this leave: it waits for review, or was refused.",
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
