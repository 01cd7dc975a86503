"""A provider at the door: files sent over HTTP, and the duty that loads them, carried by hand."""

import csv
import io
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from api import merging, personas
from api.settings import DEMONSTRATION_ISSUER
from intake.layouts import LayoutName
from intake.unloading import Unloader
from parties import admission, links, lookup
from parties.kinds import Post
from parties.links import Owner
from tests.harness.callers import Town
from tests.harness.intake_rows import LAYOUT
from tests.harness.provider_files import penalty

PATH = "/intake/batches"
PARTIAL = {"Content-Type": "application/partial-upload"}


def sheet(rows: Sequence[dict[str, str]], name: LayoutName = LayoutName.PENALTY) -> bytes:
    """Rows of a layout as a CSV."""
    made, headers = io.StringIO(newline=""), LAYOUT[name].headers
    writer = csv.writer(made)
    writer.writerow(headers)
    writer.writerows([[row.get(header, "") for header in headers] for row in rows])
    return made.getvalue().encode()


def penalties(count: int, **changed: str) -> bytes:
    """So many penalties that are nobody else's."""
    mark = uuid.uuid4().hex[:8]
    return sheet([penalty(f"海津罚〔2026〕{mark}-{number}号", **changed) for number in range(count)])


async def bearer(town: Town, persona: str = "provider-1") -> dict[str, str]:
    return {"Authorization": f"Bearer {await town.token(persona)}"}


async def send(
    town: Town, content: Any, *, check: bool = False, persona: str = "provider-1", **headers: str
) -> httpx.Response:
    """POST a file; underscores in headers' names are hyphens. A check is not waited for."""
    given = {"Prefer": "wait=0"} | {name.replace("_", "-"): value for name, value in headers.items()}
    path = PATH + ("?check=true" if check else "")
    return await town.http.post(path, content=content, headers=given | await bearer(town, persona))


async def append(town: Town, path: str, content: Any, *, start: int, complete: bool) -> httpx.Response:
    """PATCH an upload."""
    headers = {**PARTIAL, "Upload-Offset": str(start), "Upload-Complete": f"?{int(complete)}", "Prefer": "wait=0"}
    return await town.http.patch(path, content=content, headers=headers | await bearer(town))


async def status(town: Town, path: str, persona: str = "provider-1") -> httpx.Response:
    return await town.http.get(path, headers=await bearer(town, persona))


def unloader(town: Town, *, small: bool = True) -> Unloader:
    """The duty, as another process would carry it."""
    house = town.house
    return Unloader(
        house.database,
        house.blobs,
        house.loading,
        invented=True,
        small=small,
        beyond=merging.BEYOND,
        now=lambda: datetime.now(UTC),
    )


async def unload(town: Town, *, later: timedelta = timedelta()) -> None:
    """Load whatever waits."""
    while await unloader(town).run_once(datetime.now(UTC) + later) == 0:
        pass


async def other_provider(town: Town) -> str:
    """A token of another provider's officer."""
    async with town.house.database.writing() as unit:
        party_id = await lookup.find(unit, "JTYS") or ""
        staff_id = await admission.employ(unit, party_id, label="数据经办人", post=Post.OFFICER)
        await links.link(unit, issuer=DEMONSTRATION_ISSUER, name="provider-9", owner=Owner(staff_id=staff_id))
    rings, audience = town.house.rings, town.house.settings.audience
    persona = personas.PERSONAS["provider-1"]
    return personas.sign(rings, persona, "provider-9", party_id, audience=audience, at=datetime.now(UTC))


async def token_of_bank(town: Town) -> str:
    """A bank officer's token that would send: the post covers it, the bank is no provider."""
    async with town.house.database.reading() as unit:
        party_id = await personas.party_of(unit, "bank-1")
    rings, audience = town.house.rings, town.house.settings.audience
    persona = personas.PERSONAS["provider-1"]
    return personas.sign(rings, persona, "bank-1", party_id, audience=audience, at=datetime.now(UTC))
