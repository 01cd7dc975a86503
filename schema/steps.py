"""The parts that plans are put together from: how a value that was found becomes a part of the answer.

A value in its usual form goes out as it is; anything else goes through the schema's own serializer, which is the plain
executor's too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from graphql import GraphQLEnumType, GraphQLScalarType
from graphql.execution.values import VariableValues


@dataclass(slots=True)
class Here:
    """Where a plan runs: one root field of one operation."""

    info: Any
    variables: VariableValues


Run = Callable[[Any, Here], Any]


@dataclass(frozen=True)
class Step:
    """How a value is made of what it comes from. What `run` answers is awaited when `awaits`.

    `known` is what to test of a value `v`, and what it goes out as when the test holds. `place` is where below its
    object stands what the value is read from, and `make` what is made of that, if anything.
    """

    run: Run
    awaits: bool = False
    place: str | None = None
    known: "Known | None" = None
    make: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Known:
    """An expression that is true of a value `v` in its usual form, and the expression of what it goes out as."""

    test: str
    value: str = "v"
    names: Mapping[Any, str] | None = None


def not_null(inner: Step) -> Step:
    """A value that must be there."""
    finish = inner.run
    if inner.awaits:

        async def waited(value: Any, here: Here) -> Any:
            if value is None:
                raise TypeError("null where there must be a value")
            return await finish(value, here)

        return Step(waited, awaits=True)

    def run(value: Any, here: Here) -> Any:
        if value is None:
            raise TypeError("null where there must be a value")
        return finish(value, here)

    return Step(run, known=inner.known)


def nullable(inner: Step) -> Step:
    """A value that may be null."""
    finish = inner.run
    if inner.awaits:

        async def waited(value: Any, here: Here) -> Any:
            return None if value is None else await finish(value, here)

        return Step(waited, awaits=True)
    return Step(lambda value, here: None if value is None else finish(value, here), known=inner.known)


def list_of(item: Step) -> Step:
    """Each item, one after another."""
    finish = item.run
    if item.awaits:

        async def waited(values: Any, here: Here) -> list[Any]:
            return [await finish(value, here) for value in values]

        return Step(waited, awaits=True)
    return Step(lambda values, here: [finish(value, here) for value in values])


def enum(type_: GraphQLEnumType) -> Step:
    """Members, and the texts that are stored for them, by the name they go out under."""
    names: dict[Any, str] = {}
    for name, value in type_.values.items():
        names[value.value] = name
    wrapped = getattr(type_, "wrapped_cls", None)
    if wrapped is not None:
        names |= {member: names[member.value] for member in wrapped}
    return Step(lambda value, _here: names[value], known=Known("v in names", "names[v]", names))


def scalar(type_: GraphQLScalarType) -> Step:
    """As it is in its usual form; else by the scalar's own serializer."""
    serialize = type_.coerce_output_value

    def other(value: Any) -> Any:
        made = serialize(value)
        if made is None:
            raise TypeError("a scalar that is null")
        return made

    known = _USUAL.get(type_.name)
    return Step(lambda value, _here: other(value), known=known)


# What a scalar is when it can go out as it is; anything else goes through the scalar's own serializer. Instants and
# days are left to orjson, which writes them as our scalars do.
_USUAL = {
    "String": Known("v.__class__ is str"),
    "ID": Known("v.__class__ is str"),
    "Int": Known("v.__class__ is int and -2147483648 <= v <= 2147483647"),
    "Boolean": Known("v.__class__ is bool"),
    "Date": Known("v.__class__ is date"),
    "DateTime": Known("v.__class__ is datetime and v.tzinfo is UTC"),
}


def read_at(resolve: Step, complete: Step) -> Step:
    """A field that is read at a place: its run is given what stands there, and not the object."""
    make, finish = resolve.make, complete.run
    if make is None:
        return Step(finish, place=resolve.place, known=complete.known)
    return Step(lambda found, here: finish(make(found), here), place=resolve.place)


def of_object(step: Step) -> Run:
    """The step's run as a function of the object, where it is one of what stands at a place."""
    if step.place is None:
        return step.run
    read, finish = attrgetter(step.place), step.run
    return lambda source, here: finish(read(source), here)


def projection(steps: Sequence[tuple[str, Step]]) -> Run:
    """A function from an object to the dict of its selection, written out and compiled.

    What is only read, and found in its usual form, costs an attribute and a test; everything else calls its step.
    Response keys come from the document: they are written as literals, and are names by GraphQL's grammar.
    """
    scope: dict[str, Any] = {"UTC": UTC, "date": date, "datetime": datetime}
    lines, members = ["def project(s, here):"], []
    for number, (key, step) in enumerate(steps):
        scope[f"run_{number}"] = step.run
        members.append(f"{key!r}: v_{number}")
        if step.known is None or step.place is None:
            read = "s" if step.place is None else f"s.{step.place}"
            lines.append(f" v_{number} = run_{number}({read}, here)")
            continue
        scope[f"names_{number}"] = step.known.names
        test, value = (text.replace("names", f"names_{number}") for text in (step.known.test, step.known.value))
        lines.append(f" v = s.{step.place}")
        lines.append(f" v_{number} = {value} if {test} else run_{number}(v, here)")
    lines.append(" return {" + ", ".join(members) + "}")
    exec("\n".join(lines), scope)  # noqa: S102 (the text is ours)
    project: Run = scope["project"]
    return project
