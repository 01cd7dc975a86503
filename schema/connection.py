"""Connections: { edges { cursor node } pageInfo { hasNextPage endCursor } }, forward only."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import strawberry

from core.paging import Page

Node = TypeVar("Node")


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """Where a page ends, and whether more follows."""

    page: strawberry.Private[Page[Any]]
    has_next_page: bool

    @strawberry.field
    def end_cursor(self) -> str | None:
        """The cursor of the page's last row."""
        return self.page.seal(self.page.items[-1]) if self.page.items else None


@strawberry.type(description="One node and the cursor after which the next page starts.")
class Edge(Generic[Node]):
    """One node and its sealed cursor."""

    page: strawberry.Private[Page[Any]]
    row: strawberry.Private[Any]
    node: Node

    @strawberry.field
    def cursor(self) -> str:
        """Sealed when it is asked for."""
        return self.page.seal(self.row)


@strawberry.type(description="One page.")
class Connection(Generic[Node]):
    """One page of nodes."""

    edges: list[Edge[Node]]
    page_info: PageInfo


def connect(page: Page[Any], make: Callable[[Any], Node]) -> Connection[Node]:
    """A page of rows as a connection of what `make` makes of each."""
    return assemble(page, [make(row) for row in page.items])


def assemble(page: Page[Any], nodes: Sequence[Node]) -> Connection[Node]:
    """A page of rows as a connection of what was made of each."""
    edges = [Edge(page=page, row=row, node=node) for row, node in zip(page.items, nodes, strict=True)]
    return Connection(edges=edges, page_info=PageInfo(page=page, has_next_page=page.more))
