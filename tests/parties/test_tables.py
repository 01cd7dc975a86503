"""The pure tables: every act from every state, every post and every mandate against every scope."""

import itertools

import pytest

from core.principal import Scope
from parties import capacity, states
from parties.kinds import MandateKind, PartyKind, Post, ProviderKind
from parties.membership import Application
from parties.states import PartyAct, PartyState

_LEADS = {
    (PartyAct.ADMIT, PartyState.REGISTERED): PartyState.ACTIVE,
    (PartyAct.SUSPEND, PartyState.ACTIVE): PartyState.SUSPENDED,
    (PartyAct.SUSPEND, PartyState.FROZEN): PartyState.SUSPENDED,
    (PartyAct.REINSTATE, PartyState.SUSPENDED): PartyState.ACTIVE,
    (PartyAct.FREEZE, PartyState.ACTIVE): PartyState.FROZEN,
    (PartyAct.LIFT, PartyState.FROZEN): PartyState.ACTIVE,
}


@pytest.mark.parametrize(("act", "state"), list(itertools.product(PartyAct, PartyState)))
def test_every_act_from_every_state(act: PartyAct, state: PartyState) -> None:
    leads = states.STEPS[act].leads if state in states.STEPS[act].starts else None
    assert leads == _LEADS.get((act, state))


def test_only_a_freeze_takes_one_person_and_whatever_puts_out_raises_the_epoch() -> None:
    assert {act for act, step in states.STEPS.items() if step.people == 1} == {PartyAct.FREEZE}
    out = {act for act, step in states.STEPS.items() if step.puts_out}
    assert out == {act for act, step in states.STEPS.items() if PartyState.ACTIVE not in (step.leads,)}


_PERSONAL = {
    Scope.SELF_EXPORT,
    Scope.SELF_READ,
    Scope.SELF_SPEAK,
    Scope.SCORE_MANAGE,
    Scope.GRANT_GIVE,
    Scope.CLAIM_MAKE,
    Scope.OBJECTION_FILE,
}
_MAY = {
    MandateKind.SELF: _PERSONAL | {Scope.MANDATE_GIVE},
    MandateKind.GUARDIAN: _PERSONAL,
    MandateKind.LEGAL_REPRESENTATIVE: _PERSONAL,
    MandateKind.SEAL_KEEPER: {Scope.SELF_READ, Scope.GRANT_GIVE},
    MandateKind.AGENT: {Scope.SELF_READ},
    MandateKind.HELPER: {Scope.SELF_READ, Scope.CLAIM_MAKE, Scope.OBJECTION_FILE},
    MandateKind.NEAR_RELATIVE: set(),
}


@pytest.mark.parametrize(("kind", "scope"), list(itertools.product(MandateKind, Scope)))
def test_every_mandate_and_scope(kind: MandateKind, scope: Scope) -> None:
    assert (scope in capacity.of_mandate(kind)) == (scope in _MAY[kind])


@pytest.mark.parametrize("post", Post)
def test_no_post_outside_the_institution_puts_parties_in_or_out(post: Post) -> None:
    assert not any(scope.startswith("party:") for scope in capacity.of_post(post, institution=False))
    assert capacity.of_post(post, institution=False) <= capacity.of_post(post, institution=True)


def test_who_freezes_does_not_admit_and_who_admits_does_not_freeze() -> None:
    for post in Post:
        scopes = capacity.of_post(post, institution=True)
        assert not {Scope.PARTY_FREEZE, Scope.PARTY_ADMIT} <= scopes


def test_every_scope_is_somebodys() -> None:
    covered = frozenset[Scope]().union(*capacity.MANDATES.values(), *capacity.POSTS.values())
    assert covered == set(Scope)


_WITHIN = {Post.APPROVER, Post.AUDITOR, Post.CLERK, Post.HANDLER, Post.SECURITY}
# Who gives, whether they are of the city's institution, whether in their own organisation, whether that is a credit
# institution. A district's approver is of none of the city's.
_GIVEN = {
    (Post.APPROVER, True, True, True): _WITHIN,
    (Post.APPROVER, False, True, True): _WITHIN,
    (Post.APPROVER, True, False, True): {Post.APPROVER},
    (Post.APPROVER, True, False, False): {Post.MANAGER, Post.SUPERVISOR},
    **{(Post.MANAGER, city, True, there): {Post.OFFICER} for city in (True, False) for there in (True, False)},
}


@pytest.mark.parametrize(("post", "institution", "own", "there"), list(itertools.product(Post, *[(True, False)] * 3)))
def test_which_posts_each_post_gives(post: Post, institution: bool, own: bool, there: bool) -> None:
    given = capacity.may_give(post, PartyKind.BANK, institution=institution, own=own, in_institution=there)
    assert given == _GIVEN.get((post, institution, own, there), set())


def test_a_merchants_manager_gives_tills_and_no_manager_gives_a_post_beyond_what_its_own_desk_is_for() -> None:
    assert capacity.may_give(Post.MANAGER, PartyKind.PARTNER, institution=False, own=True) == {Post.TILL}
    for kind in PartyKind:
        assert Post.MANAGER not in capacity.may_give(Post.MANAGER, kind, institution=False, own=True)
        assert capacity.of_client(kind) <= capacity.of_post(Post.SYSTEM, institution=False)


def test_who_gives_posts_links_no_sign_ins_and_who_links_gives_none() -> None:
    for post in Post:
        assert not {Scope.STAFF_MANAGE, Scope.PARTY_LINK} <= capacity.of_post(post, institution=True)


_RIGHT = {"code": "BANK9", "name": "行", "kind": PartyKind.BANK, "contact": "022", "purposes": ("FINANCING",)}
_WRONG = [
    ({}, set()),
    ({"code": ""}, {"CODE_FORMAT"}),
    ({"code": "bank"}, {"CODE_FORMAT"}),
    ({"code": "BANK９"}, {"CODE_FORMAT"}),
    ({"code": "B" * 41}, {"CODE_FORMAT"}),
    ({"name": "  "}, {"LENGTH"}),
    ({"name": "行" * 121}, {"LENGTH"}),
    ({"contact": ""}, {"LENGTH"}),
    ({"purposes": ()}, {"PURPOSES_OF_KIND"}),
    ({"kind": PartyKind.PARTNER}, {"PURPOSES_OF_KIND"}),
    ({"kind": PartyKind.PARTNER, "purposes": ()}, set()),
    ({"kind": PartyKind.PROVIDER, "purposes": ()}, {"PROVIDER_KIND"}),
    ({"kind": PartyKind.PROVIDER, "purposes": (), "provider_kind": ProviderKind.STATE_ORGAN}, set()),
    ({"provider_kind": ProviderKind.STATE_ORGAN}, {"PROVIDER_KIND"}),
]


@pytest.mark.parametrize(("changed", "codes"), _WRONG)
def test_what_an_application_must_say(changed: dict[str, object], codes: set[str]) -> None:
    application = Application(**{**_RIGHT, **changed})  # type: ignore[arg-type]
    assert {fault.code for fault in application.faults()} == codes
