"""CORS: named origins and no others, at the endpoint and beside it, with their preflight and never with credentials."""

from collections.abc import Mapping

import pytest

from api import origin
from api.house import House
from api.settings import NotConfigured, Settings
from tests.harness.callers import Town, inhabited

_BANK, _OTHER = "https://bank.example", "https://bank.example.evil.example"
_ASK = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type, dpop"}
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def _preflight(town: Town, path: str, origin: str, **changed: str) -> tuple[int, Mapping[str, str]]:
    answer = await town.http.options(path, headers={"Origin": origin, **_ASK, **changed})
    return answer.status_code, answer.headers


async def test_by_default_no_other_origin_is_answered(house: House) -> None:
    async with inhabited(house) as town:
        answer = await town.ask(None, "{ __typename }", headers={"Origin": _BANK})
        status, headers = await _preflight(town, "/graphql", _BANK)
    assert (answer.status, status) == (200, 405)
    assert not any(name.startswith("access-control") for name in (*answer.response.headers, *headers))


@pytest.mark.parametrize("path", ["/graphql", "/oauth/token"])
async def test_a_named_origin_may_and_no_other(house: House, path: str) -> None:
    house.settings = house.settings.model_copy(update={"cors_origins": (_BANK,)})
    async with inhabited(house) as town:
        status, headers = await _preflight(town, path, _BANK)
        assert (status, headers["access-control-allow-origin"]) == (200, _BANK)
        assert "Origin" in headers["vary"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-credentials" not in headers
        for other in (_OTHER, "null", "http://bank.example", "https://bank.example:8443", "*"):
            status, headers = await _preflight(town, path, other)
            assert (status, headers.get("access-control-allow-origin")) == (400, None)
        assert (await _preflight(town, path, _BANK, **{"Access-Control-Request-Method": "PATCH"}))[0] == 400
        assert (await _preflight(town, path, _BANK, **{"Access-Control-Request-Headers": "cookie"}))[0] == 400


async def test_answers_name_the_origin_that_asked_and_vary_by_it(house: House) -> None:
    house.settings = house.settings.model_copy(update={"cors_origins": (_BANK,)})
    async with inhabited(house) as town:
        for asker, shown in ((_BANK, _BANK), (_OTHER, None), (None, None)):
            given = {} if asker is None else {"Origin": asker}
            headers = (await town.ask(None, "{ __typename }", headers=given)).response.headers
            assert headers.get("access-control-allow-origin") == shown
            assert headers["vary"] == "Accept, Accept-Language, Authorization, Origin"
            assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("wrong", ["*", "balancer", "10.0.0.1/24", "", "10.0.0.1:80"])
async def test_who_is_no_proxy_stops_the_start(house: House, wrong: str) -> None:
    with pytest.raises(NotConfigured, match="HAIHE_PROXIES"):
        origin.proxies(Settings(data=house.settings.data, proxies=("10.0.0.0/24", wrong)))
    assert origin.proxies(Settings(data=house.settings.data, proxies=("10.0.0.0/24", "::1"))) == ("10.0.0.0/24", "::1")


@pytest.mark.parametrize("wrong", ["*", "null", "https://bank.example/", "bank.example", "https://*.bank.example", ""])
async def test_what_is_no_origin_stops_the_start(house: House, wrong: str) -> None:
    with pytest.raises(NotConfigured, match="HAIHE_CORS_ORIGINS"):
        origin.others(Settings(data=house.settings.data, cors_origins=(wrong,)))
