"""The schema, annotated with its policy."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.directives import annotate
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS
from schema.subscriptions import Subscription

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
)
graphql_schema = schema._schema
annotate(graphql_schema)


def sdl() -> str:
    """The schema as text, every field with its @lens or @privacy."""
    return schema.as_str() + "\n"
