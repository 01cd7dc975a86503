"""The caller's post or mandate must cover what the token may try: asked once for each root field, before it reads.

The token's scopes were checked before there was a caller. The caller's own are cut to their post's or mandate's
(`parties.capacity`) when they are identified, and this is where the cut is felt.
"""

from typing import Any

from graphql import GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema

from core.principal import Scope
from parties.errors import BeyondPost
from schema.policy import ROOTS


def install(schema: GraphQLSchema) -> None:
    """Put the question before the resolver of every root field that has a scope."""
    for coordinate, root in ROOTS.items():
        type_name, _, name = coordinate.partition(".")
        type_ = schema.query_type if type_name == "Query" else schema.mutation_type
        if root.scope is not None and type_ is not None:
            field = type_.fields[name]
            assert field.resolve is not None  # strawberry gives every field one
            field.resolve = _guarded(field.resolve, root.scope)


def _guarded(resolve: GraphQLFieldResolver, scope: Scope) -> GraphQLFieldResolver:
    def guarded(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if scope not in info.context.caller.principal.scopes:
            raise BeyondPost()
        return resolve(source, info, **arguments)

    return guarded
