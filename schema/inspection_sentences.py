"""Codes of supervision, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "SAMPLES_SPENT": (
        "本季度的抽查次数已经用完。",
        "This quarter's samples have all been asked for.",
    ),
    "SAMPLE_OVER": (
        "此次抽查的查阅期限已过。",
        "The time to read this sample is over.",
    ),
    "COMPLAINT_STATE": (
        "此投诉尚未经另一人确认，或者已经办结、期限已过、查阅次数已经用完。",
        "This complaint waits for a second person, or is closed, over, or read as often as may be.",
    ),
    "NOT_AS_REGISTERED": (
        "您填写的姓名（名称）和号码与登记的不一致，请核对投诉材料。",
        "The number or name is not the one that was registered: look at the complaint again.",
    ),
}
