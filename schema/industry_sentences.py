"""Codes of industry models, as sentences in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "COMES_BY_RUN": (
        "须先由评价部门重新评价，再作此决定。",
        "Its department runs the model again first; nobody sets a result.",
    ),
    "NOT_THE_AUTHOR": (
        "此草稿由他人起草，只能由起草人修改和提交。",
        "Somebody else began this draft: its author writes it and hands it in.",
    ),
    "NOT_SIMULATED": (
        "此版本的内容尚未完成模拟，不能启用。",
        "No simulation of exactly this content has ended: it cannot go live.",
    ),
    "RUN_UNDERWAY": (
        "此版本已有一次模拟或者运行正在进行，请待其结束。",
        "One is underway over this version already; wait for its end.",
    ),
    "RUNS_SPENT": (
        "本部门一个月内的模拟和运行已达{limit}次，请以后再提出。",
        "Your department has simulated and run {limit} times within a month; ask again later.",
    ),
    "SHEET_NUMBER_USED": (
        "此编号已用于另一份指标表。",
        "This number was given to another sheet.",
    ),
    "SHEETS_WAITING": (
        "已有{limit}份指标表等待读取，请稍后再提交。",
        "{limit} sheets wait to be read already; bring the next one later.",
    ),
    "SHEET_NUMBER": (
        "编号由字母、数字、点、横线和下划线组成，最多40个字符。",
        "A number has letters, digits, dots and dashes, 40 at most.",
    ),
    "FORBIDDEN_ATTRIBUTE": ("不得作为评价指标（{limit}）。", "No model may look at this ({limit})."),
    "COUNT": ("数量应为{limit}。", "There must be {limit} of them."),
    "RANGE": ("取值应在{limit}之间。", "Must lie within {limit}."),
    "CODE": (
        "应以大写字母开头，由大写字母、数字和下划线组成。",
        "Begins with a capital, and has capitals, digits and underscores.",
    ),
    "HUNDREDTHS": ("权重和得分最多两位小数。", "Weights and points have two decimals at most."),
    "ONE_EVALUATION": (
        "须有且只有一项指标为公共信用综合评价。",
        "Exactly one indicator is the public credit evaluation.",
    ),
    "WEIGHTS": ("各指标权重之和须为1。", "All weights together must be 1."),
    "ONLY_OF_RECORDS": (
        "只有信用记录类指标须填写记录类别、性质和年限。",
        "Category, nature and years are for indicators that count records.",
    ),
    "NUMBERS_ONLY": ("数值指标的分箱须填写起点，不填写代码。", "Bins of numbers have a start, and no code."),
    "WORDS_ONLY": ("代码指标的分箱须填写代码，不填写起点。", "Bins of codes have a code, and no start."),
    "GAP": ("分箱或等级没有覆盖全部取值（第一个不设起点）。", "Something falls into none: the first begins nowhere."),
    "OVERLAP": ("分箱、等级或代码有重叠，起点须逐个升高。", "Some overlap: each begins above the one before."),
    "NOT_MONOTONE": (
        "评价等级更高、有利记录更多或者不利记录更少的，得分不得更低。",
        "A better grade, more favourable or fewer adverse records must never give fewer points.",
    ),
}
