"""What a post or a mandate may do at most: a token's scopes are cut to these. Pure tables.

A scope says what a token may try; the issuer writes it. Whether the bearer's post or mandate covers it is ours to say.
"""

from collections.abc import Mapping

from core.principal import Scope
from parties.kinds import MandateKind, Post

_SELF = frozenset({Scope.SELF_READ, Scope.SCORE_MANAGE, Scope.GRANT_GIVE, Scope.CLAIM_MAKE})
_TAKING_IN = frozenset({Scope.PARTY_REGISTER, Scope.PARTY_ADMIT, Scope.PARTY_SUSPEND})
_PUTTING_OUT = frozenset({Scope.PARTY_FREEZE, Scope.PARTY_SUSPEND})

MANDATES: Mapping[MandateKind, frozenset[Scope]] = {
    MandateKind.SELF: _SELF,
    # 民法典 23, 34: a guardian is the ward's statutory agent.
    MandateKind.GUARDIAN: _SELF,
    # A helper reads and takes offers; whatever consents to something new stays with the person.
    MandateKind.HELPER: frozenset({Scope.SELF_READ, Scope.CLAIM_MAKE}),
    MandateKind.LEGAL_REPRESENTATIVE: _SELF,
    MandateKind.SEAL_KEEPER: frozenset({Scope.SELF_READ, Scope.GRANT_GIVE}),
    MandateKind.AGENT: frozenset({Scope.SELF_READ}),
    # 个人信息保护法 49 is for the counter, with proof; no sign-in acts in this capacity.
    MandateKind.NEAR_RELATIVE: frozenset(),
}

POSTS: Mapping[Post, frozenset[Scope]] = {
    Post.APPROVER: _TAKING_IN,
    Post.CLERK: frozenset(),
    Post.HANDLER: frozenset(),
    Post.KIOSK: frozenset(),
    Post.MANAGER: frozenset({Scope.PARTNER_READ}),
    Post.OFFICER: frozenset({Scope.GRANT_USE, Scope.WEBHOOK_MANAGE}),
    Post.SECURITY: _PUTTING_OUT,
    Post.SUPERVISOR: frozenset(),
    Post.SYSTEM: frozenset({Scope.GRANT_USE, Scope.WEBHOOK_MANAGE, Scope.CLAIM_REDEEM, Scope.PARTNER_READ}),
    Post.TILL: frozenset({Scope.CLAIM_REDEEM, Scope.PARTNER_READ}),
}
# Only the institution's own staff takes parties in and puts them out, whatever post somebody else's staff holds.
INSTITUTION_ONLY = _TAKING_IN | _PUTTING_OUT


def of_post(post: Post, *, institution: bool) -> frozenset[Scope]:
    """What staff in this post may try."""
    return POSTS[post] if institution else POSTS[post] - INSTITUTION_ONLY


def of_mandate(kind: MandateKind) -> frozenset[Scope]:
    """What a person may try in this capacity."""
    return MANDATES[kind]
