"""Documents that a third party's builds send: registered by whoever manages its programs (ADR 0154)."""

from typing import Annotated

import strawberry
from graphql import GraphQLSchema

from core.database import WriteUnit
from core.errors import BadCall, Detail, Invalid
from parties import documents
from schema import manifests
from schema.acting import act, attempt_of
from schema.clients import Client
from schema.context import Info
from schema.documents import decided_for_all
from schema.refusals import Refusal

# Deciding one takes milliseconds; more come in another call, under the same version.
MOST_AT_ONCE = 20


@strawberry.input(description="One document, by the name that the build gives it: the digest of its text.")
class StoredDocumentInput:
    """A name and a text."""

    name: str
    text: str


@strawberry.input(
    description="Registers documents of a version of one's own program; more can be added to it by another call."
)
class DocumentsRegisterInput:
    """Whose documents, of which version."""

    client_id: strawberry.ID
    version: str
    documents: list[StoredDocumentInput]
    idempotency_key: strawberry.ID


@strawberry.type(description="The program, which may ask for the documents by their names from now on.")
class DocumentsRegisterPayload:
    """What was registered."""

    client: Client
    replayed: bool


DocumentsRegisterResult = Annotated[DocumentsRegisterPayload | Refusal, strawberry.union("DocumentsRegisterResult")]


@strawberry.type
class DocumentActs:
    """What a manager does about documents."""

    @strawberry.mutation(description="Register documents of one's own program.")
    async def documents_register(self, info: Info, input: DocumentsRegisterInput) -> DocumentsRegisterResult:
        """Every digest verified and every document decided; all of them, or none."""
        context = info.context
        party_id = context.party()
        texts = {manifests.name_of(one.name): one.text for one in input.documents}

        async def do(unit: WriteUnit) -> str:
            broken = _faults(input, info.schema._schema)  # noqa: SLF001 (as in `schema/root.py`, which imports this)
            if broken:
                raise Invalid(*broken)
            await documents.register(unit, party_id, input.client_id, input.version, texts, at=context.at)
            return input.client_id

        async def show(client_id: str, replayed: bool) -> DocumentsRegisterPayload:
            return DocumentsRegisterPayload(client=await Client.find(context, client_id), replayed=replayed)

        said = {"client": input.client_id, "version": input.version, "documents": sorted(texts)}
        return await act(info, attempt_of(context, "documentsRegister", input.idempotency_key, **said), do, show)


def _faults(input: DocumentsRegisterInput, schema: GraphQLSchema) -> list[Detail]:
    """Every rule that the input breaks."""
    if not 1 <= len(input.documents) <= MOST_AT_ONCE:
        return [Detail(("documents",), "LENGTH", f"1..{MOST_AT_ONCE}")]
    found = [] if manifests.is_version(input.version) else [Detail(("version",), "VERSION_FORMAT")]
    for place, one in enumerate(input.documents):
        if not manifests.is_digest(manifests.name_of(one.name), one.text):
            found.append(Detail(("documents", str(place), "name"), "DIGEST"))
            continue
        try:
            decided_for_all(schema, one.text)
        except BadCall as refused:
            found.append(Detail(("documents", str(place), "text"), "DOCUMENT_INVALID", refused.code))
    return found
