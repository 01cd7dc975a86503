"""The npm clients against a running server: `graphql-ws` and `graphql-sse`, Apollo Client and urql."""

import pytest

from tests.harness import npm
from tests.harness.callers import Town
from tests.harness.servers import Server
from tests.harness.sockets import cursor

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
_NOTICES, _MORE = 7, 2


async def test_the_npm_clients_follow_and_are_refused_as_the_protocols_say(town: Town) -> None:
    house = town.house
    for n in range(_NOTICES + _MORE):
        assert "grant" in await town.grant("citizen-1", key=f"n{n}")
    found = await town.data(
        "citizen-1", f"{{ me {{ notices(first: {_NOTICES + _MORE}) {{ edges {{ node {{ id }} }} }} }} }}"
    )
    notices = [edge["node"]["id"] for edge in found["me"]["notices"]["edges"]]
    after, token = await cursor(town, "citizen-1"), await town.token("citizen-1")
    with Server(house.settings, "npm") as server:
        given = {"URL": server.url, "TOKEN": token, "CURSOR": after}
        for script, some, packages in (
            ("interop.mjs", notices[:_NOTICES], ("graphql-ws", "graphql-sse")),
            ("clients.mjs", notices[_NOTICES:], ("@apollo/client", "@urql/core", "graphql-ws")),
        ):
            done = await npm.run(script, {**given, "NOTICES": ",".join(some)}, packages)
            assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr[-3000:]
