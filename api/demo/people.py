"""Invented people and organisations. Their numbers lie in the unassigned region 1299xx: nobody living can have one.

Everything is a function of (seed, index), so a million people need no memory and the same seed makes the same city.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

from core.identity import ADULT_AGE
from credit.kinds import SubjectKind

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "海津河清明远思源嘉禾若水文博雅宁子涵晓彤建国秀兰志强丽华俊杰欣怡浩然雨桐振东慧敏国庆凤英"
_WORDS = "海津晨光和顺同福春晓云帆锦程瑞丰恒泰星辰安康汇通百川嘉德鸿运金禾"
_TRADES = (
    "餐饮管理",
    "商贸",
    "建筑工程",
    "家政服务",
    "养老服务",
    "物流运输",
    "文化旅游",
    "信息技术",
    "医疗器械",
    "教育咨询",
)
_SHOPS = ("餐馆", "便利店", "理发店", "修车铺", "服装店", "水果店", "药房", "洗衣店")
_REGIONS = 16
_SEQUENCES = 999
_SPAN_DAYS = 60 * 365
_STEP = 7_368_787  # a prime: index × step runs through all numbers once


@dataclass(frozen=True)
class Someone:
    """A subject as a file names it."""

    kind: SubjectKind
    number: str
    name: str


def citizen(index: int, seed: int, as_of: date) -> Someone:
    """The citizen of an index: an adult on `as_of`, with a number nobody else in the city has."""
    chance = random.Random(f"citizen:{seed}:{index}")
    name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2, 2))))
    return Someone(SubjectKind.NATURAL_PERSON, _resident(index, as_of), name)


def organisation(index: int, seed: int) -> Someone:
    """The organisation of an index: three in five are 个体工商户, as in any city."""
    chance = random.Random(f"organisation:{seed}:{index}")
    word = "".join(chance.sample(_WORDS, 2))
    if index % 5 < 3:
        name = f"海津市{word}{chance.choice(_SHOPS)}第{index + 1}号"
        return Someone(SubjectKind.INDIVIDUAL_BUSINESS, _uscc("92", index), name)
    if index % 20 == 19:
        return Someone(SubjectKind.UNINCORPORATED, _uscc("93", index), f"海津市{word}第{index + 1}农民专业合作社")
    return Someone(
        SubjectKind.LEGAL_PERSON, _uscc("91", index), f"海津{word}{chance.choice(_TRADES)}有限公司第{index + 1}分部"
    )


def citizens(count: int, seed: int, as_of: date) -> Iterator[tuple[int, Someone]]:
    """Every citizen with their index."""
    return ((index, citizen(index, seed, as_of)) for index in range(count))


def _resident(index: int, as_of: date) -> str:
    place = (index * _STEP + 12_345) % (_REGIONS * _SPAN_DAYS * _SEQUENCES)
    place, sequence = divmod(place, _SEQUENCES)
    region, days = divmod(place, _SPAN_DAYS)
    youngest = as_of - timedelta(days=ADULT_AGE * 366 + 365)
    born = youngest - timedelta(days=days)
    number = f"1299{region + 1:02d}{born:%Y%m%d}{sequence + 1:03d}"
    return number + ric.calc_check_digit(f"{number}?")


def _uscc(sort: str, index: int) -> str:
    number = f"{sort}1299{index % _REGIONS + 1:02d}{index:09d}"
    return number + str(uscc.calc_check_digit(number))
