"""Codes of sharing out, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "SHARE_STATE": (
        "此项共享当前状态下不能办理此事项，或者期限已过。",
        "The share does not stand where this begins, or its last day is over.",
    ),
    "SHARE_FORGOTTEN": (
        "此位置之后的变更已不再保留，请不带位置重新读取仍保留的变更。",
        "What changed after this position is kept no more: read what is kept, without a position.",
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
        "行政区划代码应为一个区的6位数字，不能是全市的代码。",
        "A district is named by its six digits; a whole city's are none.",
    ),
    "TOO_MANY_TOGETHER": (
        "一个单位的全部共享合计不得超过{limit}类信息。",
        "All shares of one organ together hold at most {limit} kinds.",
    ),
}
