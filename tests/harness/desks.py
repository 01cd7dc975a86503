"""Everything that a merchant can read of its desk, whatever fields there are."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from graphql import GraphQLObjectType, GraphQLUnionType, get_named_type
from python_calamine import CalamineWorkbook

from schema.root import graphql_schema
from tests.harness.callers import Town


async def everything(town: Town, persona: str) -> str:
    """All of it as one text: each field of `partner` with all that lies below, and the month's workbook."""
    type_ = graphql_schema.type_map["Partner"]
    assert isinstance(type_, GraphQLObjectType)
    month = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m}"
    answers = []
    for name, made in type_.fields.items():
        ids: list[str | None] = [None]
        if name == "offer":
            listed = await town.data(persona, "{ partner { offers(first: 100) { edges { node { id } } } } }")
            ids = [edge["node"]["id"] for edge in listed["partner"]["offers"]["edges"]]
        of = get_named_type(made.type)
        inner = f"{{ {_fields(of, 4)} }}" if isinstance(of, GraphQLObjectType) else ""
        for id_ in ids:
            given = f'(month: "{month}")' if "month" in made.args else f'(id: "{id_}")' if id_ else ""
            answers.append(str(await town.data(persona, f"{{ partner {{ {name}{given} {inner} }} }}")))
    return "\n".join([*answers, await _workbook(town, persona, month)])


def _fields(type_: Any, depth: int) -> str:
    chosen = []
    for name, made in type_.fields.items():
        inner = get_named_type(made.type)
        if isinstance(inner, GraphQLObjectType) and depth and not _wanting(made):
            chosen.append(f"{name}{_given(made)} {{ {_fields(inner, depth - 1)} }}")
        elif not isinstance(inner, GraphQLObjectType | GraphQLUnionType) and not _wanting(made):
            chosen.append(name)
    return " ".join(chosen) or "__typename"


def _wanting(made: Any) -> bool:
    return any(
        arg.type.__class__.__name__ == "GraphQLNonNull" and arg.default_value is None for arg in made.args.values()
    )


def _given(made: Any) -> str:
    return "(first: 100)" if "first" in made.args else ""


async def _workbook(town: Town, persona: str, month: str) -> str:
    bearer = {"Authorization": f"Bearer {await town.token(persona)}"}
    answer = await town.http.get(f"/settlements/{month}.xlsx", headers=bearer)
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return str([(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names])
