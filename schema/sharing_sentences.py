"""Codes of sharing out, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "SHARE_STATE": (
        "此项共享当前状态下不能办理此事项，或者期限已过。",
        "The share does not stand where this begins, or its last day is over.",
    ),
    "SHARE_FORGOTTEN": (
        "此位置之后的变更只保留30天，已不再齐全：请不带位置重新读取仍保留的变更；更早的请依法逐件查询。",
        "What changed after this position was kept for 30 days, and is not all here any more: read what is kept "
        "without a position, and look at what lies before case by case, by law.",
    ),
    "SHARE_DAY_FULL": (
        "此项共享今日已达读取上限，请明日从同一位置继续。",
        "As much was read under this share as is read in a day: go on tomorrow from the same position.",
    ),
    "NOT_OF_PEOPLE": (
        "包含自然人的共享只能涉及：{limit}。",
        "Of natural persons only these are shared: {limit}.",
    ),
    "WHOLE_CITY_OF_PEOPLE": (
        "包含自然人的共享须指明行政区划。",
        "A share that has natural persons in it names its districts.",
    ),
    "DISTRICT_CODE": (
        "行政区划代码应为本市一个区的6位代码。",
        "A district is one of the city's, by its six digits.",
    ),
    "TOO_MANY_TOGETHER": (
        "一个单位的全部共享合计不得超过{limit}类信息。",
        "All shares of one organ together hold at most {limit} kinds.",
    ),
    "TOO_MANY_DISTRICTS_TOGETHER": (
        "一个单位包含自然人的全部共享合计不得超过{limit}个区。",
        "All shares of one organ that have people in them together hold at most {limit} districts.",
    ),
}
