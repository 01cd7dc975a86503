"""The phone's home costs one request: all it shows, in one document, in one look."""

from tests.harness.callers import Town

_HOME = """
query Home {
  viewer {
    name assurance actingFor { name kind identity { masked } } party { name }
    mandates(first: 50) { edges { node { id kind validUntil subject { name kind } } } }
  }
  me {
    name kind scoreStatus unreadNotices
    score {
      value tier computedAt modelVersion objections { filedAt }
      band { code name from to }
      scale { min max demonstration bands { code name from to } }
      factors { code message contribution }
    }
    notices(unreadOnly: true, first: 3) { edges { node { id kind message at readAt } } }
    accessHistory(first: 3) { edges { node { id at summary } } }
    offers(first: 4) {
      edges { node { eligible gaps { message } offer { id title sector benefitText remaining partner { name } } } }
    }
    claims(statuses: [CLAIMED], first: 3) { edges { node { id expiresAt offer { title } } } }
  }
}
"""


async def test_the_phones_home_is_one_request_and_one_look(town: Town) -> None:
    await town.claim("citizen-1", await town.open_offer(), key="claim")
    looks = await town.count("SELECT count(*) FROM access")
    found = await town.data("citizen-1", _HOME)
    assert found["viewer"]["actingFor"]["name"] == found["me"]["name"]
    assert len(found["me"]["accessHistory"]["edges"]) == 1
    assert len(found["me"]["offers"]["edges"]) == 4
    assert len(found["me"]["claims"]["edges"]) == 1
    scored = await town.data("citizen-7", _HOME)
    score = scored["me"]["score"]
    assert score["scale"]["min"] <= score["value"] < score["scale"]["max"]
    assert score["value"] == sum(factor["contribution"] for factor in score["factors"])
    assert scored["me"]["unreadNotices"] >= len(scored["me"]["notices"]["edges"]) > 0
    assert await town.count("SELECT count(*) FROM access") == looks + 2


async def test_who_acts_for_another_sees_for_whom_else_in_the_same_request(town: Town) -> None:
    found = await town.data("citizen-3", _HOME)
    kinds = {edge["node"]["kind"] for edge in found["viewer"]["mandates"]["edges"]}
    assert {"GUARDIAN", "AGENT"} <= kinds
