"""How large a document may be: depth, fields, aliases, directives and repetitions, fragments counted as often as they
are spread.

One memoised pass: a fragment is measured once, its measure is added at each spread, and sums saturate. A document of
36 bytes a doubling is refused as fast as an honest one is accepted.
"""

from dataclasses import dataclass, replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

# The app's 161 documents have a depth of 8 at most, 331 fields, 2 aliases, 1 directive and no repetition. Who writes
# another program has room for twice the depth and three times the fields; what no program writes has little, and
# repetitions least: validation compares all fields of one name with each other.
MOST = {"depth": 15, "fields": 1000, "aliases": 100, "directives": 100, "repeats": 50}


@dataclass(frozen=True)
class _Size:
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    repeats: int = 0

    def beside(self, other: "_Size") -> "_Size":
        return _Size(
            max(self.depth, other.depth),
            min(self.fields + other.fields, 10**6),
            min(self.aliases + other.aliases, 10**6),
            min(self.directives + other.directives, 10**6),
            min(self.repeats + other.repeats, 10**6),
        )


def too_large(document: DocumentNode) -> bool:
    """Whether any operation passes a bound. Cycles and unknown fragments count nothing: validation refuses them."""
    fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
    measured: dict[str, _Size] = {}

    def fragment(name: str) -> _Size:
        if name not in measured:
            measured[name] = _Size()
            if name in fragments:
                measured[name] = selections(fragments[name].selection_set)
        return measured[name]

    def selections(node: SelectionSetNode) -> _Size:
        named = [_name(child) for child in node.selections if isinstance(child, FieldNode)]
        total = _Size(repeats=len(named) - len(set(named)))
        for child in node.selections:
            directives = _Size(directives=len(child.directives or ()))
            if isinstance(child, FragmentSpreadNode):
                total = total.beside(fragment(child.name.value)).beside(directives)
                continue
            assert isinstance(child, FieldNode | InlineFragmentNode)  # there are no other selections
            inner = selections(child.selection_set) if child.selection_set else _Size()
            if isinstance(child, FieldNode):
                own = _Size(inner.depth + 1, 1, int(child.alias is not None))
                inner = replace(inner, depth=0).beside(own)
            total = total.beside(inner).beside(directives)
        return total

    sizes = (selections(n.selection_set) for n in document.definitions if isinstance(n, OperationDefinitionNode))
    return any(getattr(size, what) > most for size in sizes for what, most in MOST.items())


def _name(field: FieldNode) -> str:
    """By which an answer has it."""
    return field.alias.value if field.alias else field.name.value
