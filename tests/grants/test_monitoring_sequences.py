"""Any sequence of acts and changes: what stands to be told is what the simplest model says, after every step."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.moments import day_of
from credit import changes
from credit.changes import Face
from tests.harness.callers import Town
from tests.harness.monitoring import monitored, told
from tests.harness.scale import scaled

_ACTS = ("change", "change", "hidden", "anothers", "pause", "resume", "end", "revoke")
_MUTATIONS = {
    "pause": "grantPause",
    "resume": "grantResume",
    "end": "grantMonitoringEnd",
    "revoke": "grantRevoke",
}
_WRITTEN = "SELECT count(*) FROM access WHERE basis = 'MONITORING' AND grant_id = :g"


@dataclass
class _Model:
    """A grant as a child would keep it: whether it lives, whether it is watched, what is in the letter box."""

    status: str = "ACTIVE"
    watched: bool = True
    version: int = 1
    standing: int = 0
    written: int = 0

    def step(self, act: str) -> None:
        """What the act does; nothing where it does not start."""
        live = self.status == "ACTIVE" and self.watched
        if act == "change" and live:
            self.standing, self.written = self.standing + 1, self.written + 1
        if act == "pause" and self.status == "ACTIVE":
            self._to("PAUSED")
        elif act == "resume" and self.status == "PAUSED":
            self._to("ACTIVE")
        elif act == "end" and self.watched and self.status != "REVOKED":
            self.watched = False
            self._to(self.status)
        elif act == "revoke" and self.status != "REVOKED":
            self._to("REVOKED")

    def _to(self, status: str) -> None:
        self.status, self.version, self.standing = status, self.version + 1, 0


async def _do(town: Town, grant_id: str, act: str, version: int, subjects: dict[str, str]) -> None:
    if act in _MUTATIONS:
        input_ = {"grantId": grant_id} | ({"expectedVersion": version} if act in ("pause", "resume") else {})
        await town.act("citizen-2", _MUTATIONS[act], input_, "replayed")
        return
    owner = subjects["citizen-3" if act == "anothers" else "citizen-2"]
    publicity = "ORGANS_ONLY" if act == "hidden" else "PUBLIC"
    at = datetime.now(UTC)
    async with town.house.database.writing() as unit:
        await changes.tell(unit, [Face(owner, "ADMINISTRATIVE", "CURRENT", publicity, None, day_of(at))], at=at)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@settings(max_examples=scaled(8, 200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(_ACTS), min_size=1, max_size=12))
async def test_any_sequence_is_told_as_the_model_says(town: Town, acts: list[str]) -> None:
    subjects = {name: (await town.data(name, "{ me { id } }"))["me"]["id"] for name in ("citizen-2", "citizen-3")}
    grant_id, model = await monitored(town, key=uuid.uuid4().hex), _Model()
    for act in acts:
        await _do(town, grant_id, act, model.version, subjects)
        model.step(act)
        assert await told(town, grant_id) == model.standing, acts
        assert await town.count(_WRITTEN, g=grant_id) == model.written, acts
    await town.act("citizen-2", "grantRevoke", {"grantId": grant_id}, "replayed")
    assert await told(town, grant_id) == 0
