"""Since when something is contested that is kept on a floor above: read in the statement that reads it."""

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from objections.kinds import ObjectionTarget
from objections.tables import objection


def since(target: ObjectionTarget, id: ColumnElement[str]) -> ScalarSelect[object]:
    """When the oldest open case about the thing with this id was filed; null where none is open."""
    c = objection.c
    open_ = (c.target == target.value, c.target_id == id, c.ended_at.is_(None))
    return select(func.min(c.filed_at)).where(*open_).scalar_subquery()
