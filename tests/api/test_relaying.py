"""The relay of a running service: shipped carriers write files beside the service's own, and webhooks go by HTTP."""

from datetime import UTC, datetime

from api.relaying import relay_of
from core.installation import Kind
from notices import outbox
from notices.kinds import EventKind
from tests.harness.callers import Town


async def test_a_text_message_and_a_letter_lie_in_the_services_outgoing_folder(town: Town) -> None:
    at = datetime.now(UTC)
    folder = town.house.settings.data / "outgoing"
    before = {path for path in folder.glob("*/*") if path.is_file()}
    async with town.house.database.writing() as unit:
        message = await outbox.tell_subject(unit, "sub_x", EventKind.SCORE_OPENED, about="sco_x", at=at)
        letter = await outbox.tell_subject(unit, "sub_x", EventKind.PARTY_FROZEN, about="pty_x", at=at)
    relay, hooks = relay_of(town.house, Kind.DEMONSTRATION, jitter=lambda: 0.0)
    try:
        while await relay.run_once(at) == 0.0:
            pass
    finally:
        await hooks.close()
    made = {path for path in folder.glob("*/*") if path.is_file()} - before
    text = {path.parent.name: path.read_text("utf-8") for path in made if message in path.name or letter in path.name}
    assert set(text) == {"sms", "post"}
    assert "您的海河分刚刚开通" in text["sms"]
    assert "贵单位" in text["post"]
    ended = "SELECT count(*) FROM delivery WHERE state = 'DELIVERED' AND outbox_id IN (:a, :b)"
    assert await town.count(ended, a=message, b=letter) == 2
