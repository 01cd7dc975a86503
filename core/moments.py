"""Instants are UTC with an offset; days are the city's (Asia/Shanghai), as the law counts them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

# Shanghai has kept +08:00 without summer time since 1991; every day this service counts is later.
CITY = timezone(timedelta(hours=8), "Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The city's calendar day on which the instant falls."""
    return at.astimezone(CITY).date()


def start_of(day: date) -> datetime:
    """The instant at which a day of the city begins."""
    return datetime.combine(day, time.min, CITY).astimezone(UTC)


def rfc3339(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, with microseconds only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
