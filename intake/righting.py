"""What somebody says that a record should say, read as a row of a file is: by the catalogue and its layout's checks.

Whoever is asked about one record writes its items, or the cells of the one that is missing; never whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core import installation
from core.database import Unit
from core.errors import Detail, Invalid
from core.identity import WRITTEN_TYPES, mask_numbers_in
from core.installation import Kind
from core.moments import day_of
from credit import catalogue
from credit.entering import RecordContent
from credit.kinds import SubjectKind
from credit.subjects import Written
from intake import drafts, layouts, surroundings
from intake.cells import Values
from intake.drafts import RecordDraft
from intake.errors import RowRefused
from intake.findings import Finding
from intake.forms import FORMS
from intake.layouts import LAYOUTS, LayoutName
from parties import directory
from parties.kinds import ProviderKind

_LAYOUTS = {layout.name: layout for layout in LAYOUTS}
_KINDS = {kind: word for word, kinds in drafts.KINDS.items() for kind in kinds if len(kinds) == 1}
_TYPES = {type_: word for word, type_ in WRITTEN_TYPES.items()}


@dataclass(frozen=True)
class Items:
    """Those of a record's items that should say something else, an empty one nothing; and the title they make of it."""

    items: Mapping[str, str]
    title: str


def corrected(record: Any, given: Mapping[str, str]) -> Items:
    """A record's items with some of them written anew, in the terms of the catalogue it was entered under; an empty one
    is taken away. Raises `Invalid` by the code of the item that breaks a rule."""
    entry = catalogue.VERSIONS[record.catalogue].entries[record.kind]
    items = {item.code: item for item in entry.items}
    unknown = [Detail(("items", code), "NO_SUCH_ITEM") for code in given if code not in items]
    if unknown or not given:
        raise Invalid(*unknown or [Detail(("items",), "EMPTY")])
    written = {items[code].label: value for code, value in given.items()}
    some = replace(entry, items=tuple(items[code] for code in given))
    try:
        checked = drafts.items_of(some, written, "", record.occurred_on)
    except RowRefused as error:
        code = next((code for code in given if items[code].label == error.column), "")
        raise Invalid(Detail(("items", code), error.code, error.limit or None)) from None
    return Items(
        {code: checked.get(code, "") for code in given},
        _title(record, {items[code].label: value for code, value in checked.items()}),
    )


async def missing(
    unit: Unit, provider_id: str, whose: Written, layout: LayoutName, given: Mapping[str, str], *, at: datetime
) -> RecordContent:
    """A record that is missing, by the cells of its layout: checked as if the provider's file brought it today. Raises
    `Invalid` by the column that breaks a rule."""
    provider = await directory.provider_of(unit, provider_id)
    if provider is None or layout not in FORMS:
        raise Invalid(Detail(("kind",), "NO_SUCH_KIND"))
    headers = _LAYOUTS[layout].headers
    unknown = [Detail(("items", column), "NO_SUCH_ITEM") for column in given if column not in headers]
    if unknown:
        raise Invalid(*unknown)
    values: Values = {**dict.fromkeys(headers, ""), **given, **_identity(headers, whose)}
    invented = await installation.kind_of(unit) is Kind.DEMONSTRATION
    kind = ProviderKind(provider.provider_kind)
    around = await surroundings.of(unit, provider_id, kind, invented=invented, at=at)
    found: list[Finding] = []
    draft = drafts.read(_LAYOUTS[layout], 0, values, around, found)
    if not isinstance(draft, RecordDraft):
        worst = found[-1]
        raise Invalid(Detail(("items", worst.column), worst.code, worst.limit or None))
    if draft.content.occurred_on > day_of(at) or whose.kind not in draft.kinds:
        raise Invalid(Detail(("kind",), "NO_SUCH_KIND"))
    return draft.content


def _identity(headers: tuple[str, ...], whose: Written) -> Mapping[str, str]:
    """Whose it is, in the layout's own columns: the case says so, and nobody writes another one over it."""
    word = _TYPES.get(whose.type, "")
    if layouts.KIND not in headers:
        return {
            layouts.SUBJECT_NAME: whose.name,
            layouts.IDENTITY_TYPE: word,
            layouts.IDENTITY_NUMBER: whose.number,
        }
    person = whose.kind is SubjectKind.NATURAL_PERSON
    by_document = {layouts.IDENTITY_TYPE: word, layouts.IDENTITY_NUMBER: whose.number}
    return {
        layouts.NAME: whose.name,
        layouts.KIND: _KINDS[whose.kind],
        **(by_document if person else {layouts.USCC: whose.number}),
    }


def _title(record: Any, by_label: Mapping[str, str]) -> str:
    form = FORMS[LayoutName(record.kind)]
    named = by_label.get(form.name)
    return f"{form.before}{mask_numbers_in(named)}"[:200] if named else str(record.title)
