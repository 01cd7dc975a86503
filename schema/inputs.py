"""Arguments as resolvers are given them: strawberry's conversion, with what it decides of a type decided once.

At every call strawberry asks of each field of an input what its name and its type are. A converter has asked. A type
that is not of the plain kinds is left to strawberry's own function; the differential proof holds the two together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from typing import Any

from strawberry.scalars import is_scalar
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.unset import UNSET

Convert = Callable[[Any], Any]


class Converters:
    """Converters for the input types of one schema."""

    def __init__(self, config: StrawberryConfig, scalars: Any) -> None:
        self._config = config
        self._scalars = scalars
        self._inputs: dict[type, Convert] = {}

    def of(self, arguments: Sequence[StrawberryArgument]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What makes a resolver's keyword arguments out of a field's coerced values."""
        name = self._config.name_converter.from_argument
        known = [(name(one), str(one.python_name), self._type(one.type)) for one in arguments]
        return lambda values: {python: make(values[said]) for said, python, make in known if said in values}

    def _type(self, type_: Any) -> Convert:
        if isinstance(type_, StrawberryMaybe):
            return self._strawberrys(type_)
        if isinstance(type_, StrawberryOptional):
            return self._type(type_.of_type)
        if isinstance(type_, StrawberryList):
            return self._list(self._type(type_.of_type))
        if isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_) or is_scalar(type_, self._scalars):
            return _as_it_is
        if has_object_definition(type_) and type_.__strawberry_definition__.from_input is None:
            return self._inputs[type_] if type_ in self._inputs else self._input(type_)
        return self._strawberrys(type_)

    def _strawberrys(self, type_: Any) -> Convert:
        return lambda value: convert_argument(value, type_, self._scalars, self._config)

    @staticmethod
    def _list(item: Convert) -> Convert:
        def convert(values: Any) -> Any:
            if values is None or values is UNSET:
                return values
            return [*values] if item is _as_it_is else [item(value) for value in values]

        return convert

    def _input(self, type_: type) -> Convert:
        fields: list[tuple[str, str, Convert]] = []
        definition: Any = type_.__strawberry_definition__  # type: ignore[attr-defined]
        absent = {
            field.python_name: None
            for field in definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        }

        def convert(value: Any) -> Any:
            if value is None or value is UNSET:
                return value
            return type_(**absent | {python: make(value[said]) for said, python, make in fields if said in value})

        self._inputs[type_] = convert  # before its fields: one of them may be of this very type
        name = self._config.name_converter.from_field
        for field in definition.fields:
            made = self._type(field.resolve_type(type_definition=definition))
            fields.append((name(field), field.python_name, made))
        return convert


def _as_it_is(value: Any) -> Any:
    return value
