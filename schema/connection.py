"""Connections: { edges { cursor node } pageInfo { hasNextPage endCursor } }, forward only."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import strawberry

from core.paging import Page

Node = TypeVar("Node")


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Where a page ends, and whether more follows."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type(description="One node and the cursor after which the next page starts.")
class Edge(Generic[Node]):
    """One node and its sealed cursor."""

    cursor: str
    node: Node


@strawberry.type(description="One page.")
class Connection(Generic[Node]):
    """One page of nodes."""

    edges: list[Edge[Node]]
    page_info: PageInfo


def connect(page: Page[Any], make: Callable[[Any], Node]) -> Connection[Node]:
    """A page of rows as a connection of what `make` makes of each."""
    edges = [Edge(cursor=cursor, node=make(item)) for item, cursor in zip(page.items, page.cursors, strict=True)]
    end = edges[-1].cursor if edges else None
    return Connection(edges=edges, page_info=PageInfo(has_next_page=page.more, end_cursor=end))
