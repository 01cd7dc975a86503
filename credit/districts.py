"""The city's districts, and the invented city's, by 行政区划代码: what a person may state that they live in, and where
records are shared out from. Pure.

The list is closed and only ever added to at its end: what is stored of an offer's condition counts places in it.
"""

from collections.abc import Mapping

_REAL = dict(
    zip(
        (*(f"1201{n:02d}" for n in range(1, 7)), *(f"1201{n}" for n in range(10, 20))),
        (
            *("和平区", "河东区", "河西区", "南开区", "河北区", "红桥区", "东丽区", "西青区", "津南区", "北辰区"),
            *("武清区", "宝坻区", "滨海新区", "宁河区", "静海区", "蓟州区"),
        ),
        strict=True,
    )
)
_INVENTED = {
    f"1299{n:02d}": name for n, name in enumerate(("滨河区", "东港区", "西营区", "南苑区", "北仓区", "新城区"), start=1)
}
INVENTED = tuple(_INVENTED.values())
EVERY = (*_REAL.values(), *INVENTED)


def of_city(*, demonstration: bool) -> tuple[str, ...]:
    """The districts of the city that a database is about."""
    return INVENTED if demonstration else tuple(_REAL.values())


def names_of_city(*, demonstration: bool) -> Mapping[str, str]:
    """Their names, by 行政区划代码."""
    return _INVENTED if demonstration else _REAL


def name_of(code: str) -> str:
    """What a district of either city is called; its code, where it is none."""
    return _REAL.get(code) or _INVENTED.get(code, code)
