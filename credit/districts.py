"""The city's districts, and the invented city's: what a person may state that they live in. Pure.

The list is closed and only ever added to at its end: what is stored of an offer's condition counts places in it.
"""

_REAL = (
    *("和平区", "河东区", "河西区", "南开区", "河北区", "红桥区", "东丽区", "西青区", "津南区", "北辰区"),
    *("武清区", "宝坻区", "滨海新区", "宁河区", "静海区", "蓟州区"),
)
INVENTED = ("滨河区", "东港区", "西营区", "南苑区", "北仓区", "新城区")
EVERY = (*_REAL, *INVENTED)


def of_city(*, demonstration: bool) -> tuple[str, ...]:
    """The districts of the city that a database is about."""
    return INVENTED if demonstration else _REAL
