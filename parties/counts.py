"""What oversight is told of parties: whose district is which, as a condition for another floor's counts."""

from sqlalchemy import ColumnElement, select

from parties.tables import party


def of_district(party_id: ColumnElement[str], code: str) -> ColumnElement[bool]:
    """Whether the party with this id is the credit institution of a district (行政区划代码)."""
    return party_id.in_(select(party.c.id).where(party.c.institution, party.c.district == code))


def of_institutions(party_id: ColumnElement[str], district: str | None) -> ColumnElement[bool]:
    """Whether the party with this id is a credit institution, of whatever area or of this district."""
    if district is not None:
        return of_district(party_id, district)
    return party_id.in_(select(party.c.id).where(party.c.institution))
