"""Refused looks that named somebody: who tried, at whom, and why it was refused (design §2).

Only a look at somebody else names a target. What it named is read from the document and its variables, so a refusal
before anything ran is an attempt too.
"""

from dataclasses import dataclass
from datetime import datetime

from graphql.execution.values import VariableValues

from audit.lens import Audience, BasisKind, Lens
from audit.looks import LONGEST_CLIENT, Look, Shape
from core.database import Unit
from core.errors import DomainError
from core.identity import mask_numbers_in
from core.principal import Principal
from grants import use
from parties.callers import Caller, identify
from schema import policy
from schema.context import value_of
from schema.documents import Operation

_LONGEST = 40
_MOST_READ = 200


@dataclass(frozen=True)
class Target:
    """What a root field named: a grant, and how it was going to be looked through, by which document."""

    grant_id: str
    stage: str | None
    operator: str | None
    shape: Shape
    document: str


def targets(operation: Operation, variables: VariableValues) -> list[Target]:
    """The grants that an operation names as what it looks through."""
    found = []
    for reach in operation.reaches.values():
        if reach.root.lens is not policy.Lens.GRANTED or reach.query is None:
            continue
        query = value_of(*reach.query, variables)
        if isinstance(query, dict):
            stage, operator = query.get("stage"), query.get("operator")
            found.append(
                Target(
                    str(query.get("grantId"))[:_LONGEST],
                    getattr(stage, "value", stage),
                    mask_numbers_in(str(operator)[:_MOST_READ])[:_LONGEST] if operator else None,
                    reach.shape,
                    operation.document,
                )
            )
    return found


async def look(
    unit: Unit, target: Target, principal: Principal, caller: Caller | None, code: str, *, at: datetime
) -> Look:
    """The attempt as a look: at the grant's subject, where there is such a grant."""
    if caller is None:
        try:
            caller = await identify(unit, principal, at=at)
        except DomainError:
            # The organisation that the token names is not proved: the trail accuses nobody of what it cannot show.
            caller = Caller(principal)
    row = await use.named(unit, target.grant_id)
    return Look(
        lens=Lens(Audience.RECIPIENT, BasisKind.GRANT, row.subject_id) if row is not None else None,
        basis=BasisKind.GRANT.value,
        shape=target.shape,
        purpose=row.purpose if row is not None else "OTHER",
        channel=principal.channel,
        actor_party_id=caller.party_id,
        actor_name=caller.party_name,
        officer_id=caller.officer_id,
        operator=target.operator,
        client=principal.client[:LONGEST_CLIENT],
        stage=target.stage,
        grant_id=target.grant_id,
        grant_version=row.version if row is not None else None,
        document=target.document,
        refused=code[:_LONGEST],
    )
