"""What a post or a mandate may do at most: a token's scopes are cut to these. Pure tables.

A scope says what a token may try; the issuer writes it. Whether the bearer's post or mandate covers it is ours to say.
"""

from collections.abc import Mapping, Sequence

from core.principal import Scope
from parties.kinds import AUTHORISABLE, MandateKind, PartyKind, Post

_SELF = frozenset(
    {
        Scope.SELF_EXPORT,
        Scope.SELF_READ,
        Scope.SELF_SPEAK,
        Scope.SCORE_MANAGE,
        Scope.GRANT_GIVE,
        Scope.CLAIM_MAKE,
        Scope.OBJECTION_FILE,
    }
)
_TAKING_IN = frozenset({Scope.PARTY_REGISTER, Scope.PARTY_ADMIT, Scope.PARTY_SUSPEND, Scope.AGENCY_ADMIT})
_ANSWERING = frozenset({Scope.REVIEW_ANSWER})
# Whether somebody's refusal stands is for another to say; who takes a paper in does not decide on it.
_APPROVING = frozenset({Scope.OBJECTION_APPROVE})
_RECEIVING = frozenset({Scope.OBJECTION_RECEIVE, Scope.COUNTER_SERVE})
# A device that serves whoever lays their own document on it, and nobody's staff.
_KIOSK = frozenset({Scope.KIOSK_SERVE})
_DECIDING = frozenset({Scope.INTAKE_REVIEW})
# What a merchant writes, the institution lets stand: no post has both.
_LETTING = frozenset({Scope.OFFER_APPROVE})
# Every post of the institution is held by another approver's word, quarter by quarter.
_REVIEWING = frozenset({Scope.POST_REVIEW})
# Who opens a record in an emergency, and who says within the hour whether it was one: no post does both.
_BREAKING = frozenset({Scope.GLASS_BREAK})
_WITNESSING = frozenset({Scope.GLASS_ANSWER})
# 保密审查: what tells of many people leaves by the word of the city's approver.
_RELEASING = frozenset({Scope.RELEASE_REVIEW})
# Who audits the whole house does none of its work (合规审计).
_AUDITING = frozenset({Scope.AUDIT_EXPORT})
# Who looks into what is unusual, and who says a second word where it was misuse.
_WATCHING = frozenset({Scope.SECURITY_REVIEW})
_SECONDING = frozenset({Scope.SECURITY_CONFIRM})
# Who answers for an institution to its supervisor.
_ORDERED = frozenset({Scope.ORDER_ANSWER})
# What organs are shared with: two of the city's approvers say so.
_SHARING = frozenset({Scope.SHARE_APPROVE})
_PUTTING_OUT = frozenset({Scope.PARTY_FREEZE, Scope.PARTY_SUSPEND, Scope.PARTY_LINK})

MANDATES: Mapping[MandateKind, frozenset[Scope]] = {
    # Who may act for a person is for that person alone to say: nobody who acts for them passes it on.
    MandateKind.SELF: _SELF | {Scope.MANDATE_GIVE},
    # 民法典 23, 34: a guardian is the ward's statutory agent.
    MandateKind.GUARDIAN: _SELF,
    # A helper reads, takes offers and contests what is wrong; whatever consents to something new stays with the person.
    MandateKind.HELPER: frozenset({Scope.SELF_READ, Scope.CLAIM_MAKE, Scope.OBJECTION_FILE}),
    MandateKind.LEGAL_REPRESENTATIVE: _SELF,
    MandateKind.SEAL_KEEPER: frozenset({Scope.SELF_READ, Scope.GRANT_GIVE}),
    MandateKind.AGENT: frozenset({Scope.SELF_READ}),
    # 个人信息保护法 49 is for the counter, with proof; no sign-in acts in this capacity.
    MandateKind.NEAR_RELATIVE: frozenset(),
}

POSTS: Mapping[Post, frozenset[Scope]] = {
    Post.APPROVER: frozenset(
        {
            *_TAKING_IN,
            *_DECIDING,
            *_LETTING,
            *_APPROVING,
            *_REVIEWING,
            *_WITNESSING,
            *_SECONDING,
            *_ORDERED,
            *_SHARING,
            *_RELEASING,
            Scope.STAFF_MANAGE,
            Scope.CLIENT_MANAGE,
        }
    ),
    Post.AUDITOR: _AUDITING,
    Post.CLERK: _RECEIVING,
    Post.HANDLER: _ANSWERING | _BREAKING | {Scope.OBJECTION_HANDLE},
    Post.KIOSK: _KIOSK,
    Post.MANAGER: frozenset({Scope.PARTNER_READ, Scope.OFFER_MANAGE, Scope.STAFF_MANAGE, Scope.CLIENT_MANAGE}),
    # A state organ's officer looks by its mandates and keeps its models, a provider's sends its files and answers for
    # them, a credit service agency's handles what is addressed to it; who is none of these has nothing to do it with.
    Post.OFFICER: frozenset(
        {
            *(Scope.GRANT_USE, Scope.WEBHOOK_MANAGE, Scope.AGENCY_LOOK, Scope.INTAKE_SEND),
            *(Scope.OBJECTION_HANDLE, Scope.OBJECTION_VERIFY, Scope.INDUSTRY_KEEP, Scope.SHARE_READ),
        }
    ),
    Post.SECURITY: _PUTTING_OUT | _BREAKING | _WATCHING | _SECONDING,
    # Counts, and people only under a complaint that two took in; of which area is for a row of oversight's own to say.
    Post.SUPERVISOR: frozenset({Scope.OVERSIGHT_READ, Scope.ORDER_GIVE, Scope.COMPLAINT_HANDLE}),
    Post.SYSTEM: frozenset(
        {
            *(Scope.GRANT_USE, Scope.WEBHOOK_MANAGE, Scope.CLAIM_REDEEM, Scope.PARTNER_READ, Scope.INTAKE_SEND),
            Scope.SHARE_READ,
        }
    ),
    Post.TILL: frozenset({Scope.CLAIM_REDEEM, Scope.PARTNER_READ}),
}
# Only the institution's own staff takes parties in, puts them out, lets offers stand, decides on rows set aside, on
# what is shared, and answers people,
# whatever post somebody else's staff holds.
CITY_ONLY = (
    _TAKING_IN
    | _PUTTING_OUT
    | _DECIDING
    | _LETTING
    | _ANSWERING
    | _WATCHING
    | _SECONDING
    | _SHARING
    | _RELEASING
    | _AUDITING
)
INSTITUTION_ONLY = CITY_ONLY | _APPROVING | _REVIEWING | _BREAKING | _WITNESSING | _ORDERED | _RECEIVING | _KIOSK

# Whose two words lift a freeze.
LIFTING = frozenset(post for post, scopes in POSTS.items() if Scope.PARTY_SUSPEND in scopes)

# How many people of the city's institution must be left who can act in one of these posts when somebody goes: two words
# lift a freeze, and confirm a post; and without whoever links sign-ins nobody comes in any more.
LEFT: Sequence[tuple[frozenset[Post], int]] = (
    (LIFTING, 2),
    (frozenset({Post.APPROVER}), 2),
    (frozenset({Post.SECURITY}), 1),
)

# What an approver gives: one's own institution's posts; in a district's institution its approver, who gives the others
# there; and elsewhere those that answer for the organisation to it. A kiosk is nobody's post: it is registered as a
# device, by its key.
_WITHIN = frozenset({Post.APPROVER, Post.AUDITOR, Post.CLERK, Post.HANDLER, Post.SECURITY})
_FIRST = frozenset({Post.APPROVER})
_ELSEWHERE = frozenset({Post.MANAGER, Post.SUPERVISOR})
_AUTHORISED = frozenset({Scope.GRANT_USE, Scope.WEBHOOK_MANAGE})
_THIRD_PARTIES = frozenset({*AUTHORISABLE, PartyKind.STATE_ORGAN})


def of_post(post: Post, *, institution: bool, district: bool = False) -> frozenset[Scope]:
    """What staff in this post may try; a district's institution answers objections, and the city's does the rest."""
    if not institution:
        return POSTS[post] - INSTITUTION_ONLY
    return POSTS[post] - CITY_ONLY if district else POSTS[post]


def of_mandate(kind: MandateKind) -> frozenset[Scope]:
    """What a person may try in this capacity."""
    return MANDATES[kind]


def may_give(
    post: Post, kind: PartyKind, *, institution: bool, own: bool, in_institution: bool = False
) -> frozenset[Post]:
    """The posts that somebody in this post gives and takes in an organisation of a kind: their own one, or another.

    `institution` says whether the giver works for the city's institution, `in_institution` whether the organisation is
    a credit institution, the city's or a district's. A manager makes no managers.
    """
    if post is Post.APPROVER and own:
        return _WITHIN if in_institution else frozenset()
    if post is Post.APPROVER and institution:
        return _FIRST if in_institution else _ELSEWHERE
    if post is Post.MANAGER and own:
        return frozenset({Post.TILL}) if kind is PartyKind.PARTNER else frozenset({Post.OFFICER})
    return frozenset()


def of_client(kind: PartyKind, *, institution: bool = False) -> frozenset[Scope]:
    """What a program of an organisation of this kind may try; the institution's own clients are its kiosks."""
    if institution:
        return _KIOSK
    if kind is PartyKind.PARTNER:
        return frozenset({Scope.CLAIM_REDEEM, Scope.PARTNER_READ})
    if kind is PartyKind.PROVIDER:
        return frozenset({Scope.INTAKE_SEND})
    if kind is PartyKind.STATE_ORGAN:
        # It reads what was agreed to be shared; it looks at nobody by law: that is an officer's, in a case.
        return frozenset({Scope.SHARE_READ})
    return _AUTHORISED if kind in AUTHORISABLE else frozenset()


def is_third_party(kind: PartyKind, post: Post, *, institution: bool) -> bool:
    """Whether staff in this post looks at other people's records for an organisation outside the institution: their
    tokens are bound to a key. A supervisor sees counts, and somebody only under a complaint of theirs that two took in,
    as the institution's staff do under a case."""
    return kind in _THIRD_PARTIES and post is not Post.SUPERVISOR and not institution
