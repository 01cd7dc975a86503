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
}
