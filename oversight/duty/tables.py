"""What staff's duty leaves behind: the quarterly word on every post, broken glass, releases that were
reviewed, and how the channels fared (Art. 13)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.database import Instant, metadata

# One post that was held on the day a quarter's review was opened, and what somebody said of it.
post_review = Table(
    "post_review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    Column("staff_id", String(40), nullable=False),
    # Such as 2026Q4.
    Column("quarter", String(6), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("outcome", String(12)),
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    UniqueConstraint("staff_id", "quarter"),
    CheckConstraint("outcome IN ('CONFIRMED', 'ENDED', 'LAPSED', 'KEPT')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
    # What nobody said a word on has nobody's name.
    CheckConstraint(
        "(outcome IN ('CONFIRMED', 'ENDED') AND decided_by IS NOT NULL)"
        " OR ((outcome IS NULL OR outcome IN ('LAPSED', 'KEPT')) AND decided_by IS NULL)",
        name="somebody",
    ),
    CheckConstraint("decided_by IS NULL OR decided_by <> staff_id", name="another"),
    Index("ix_post_review_party_id_until", "party_id", "until"),
)

# A record that was opened in an emergency, without a case, and the word of a second person within the hour. Of a number
# that is nobody's it has an id that is nobody's.
broken_glass = Table(
    "broken_glass",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("party_id", String(40), nullable=False),
    Column("staff_id", String(40), nullable=False),
    Column("label", String(60), nullable=False),
    Column("subject_id", String(40), nullable=False, index=True),
    # Identity numbers in it are masked.
    Column("reason", String(200), nullable=False),
    Column("opened_at", Instant, nullable=False),
    # Until when a second person speaks, and until when it is read when they have agreed.
    Column("confirm_by", Instant, nullable=False),
    Column("reads_until", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("told_at", Instant),
    Column("outcome", String(12)),
    Column("answered_by", String(40)),
    Column("answered_at", Instant),
    Column("answer", String(200)),
    Column("reviewed_by", String(40)),
    Column("reviewed_at", Instant),
    Column("finding", String(200)),
    CheckConstraint("outcome IN ('CONFIRMED', 'CONTESTED', 'UNCONFIRMED')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered"),
    CheckConstraint("answered_by IS NULL OR answered_by <> staff_id", name="second_person"),
    CheckConstraint("outcome <> 'UNCONFIRMED' OR answered_by IS NULL", name="nobody"),
    CheckConstraint("reviewed_by IS NULL OR reviewed_by <> staff_id", name="reviewed_by_another"),
    CheckConstraint("(reviewed_at IS NULL) = (finding IS NULL)", name="reviewed"),
    CheckConstraint("looks = 0 OR told_at IS NOT NULL", name="told"),
    # One waits at a time: who opens another without a word on the last is not in an emergency.
    Index(
        "uq_broken_glass_waits",
        "staff_id",
        unique=True,
        sqlite_where=text("outcome IS NULL"),
        postgresql_where=text("outcome IS NULL"),
    ),
)

# 保密审查: something of many people's that is to leave the institution, asked for by one and read by another.
release = Table(
    "release",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("party_id", String(40), nullable=False),
    # What sort of thing it is, and which one.
    Column("kind", String(20), nullable=False),
    Column("about", String(60), nullable=False),
    Column("holds", String(200), nullable=False),
    Column("count", Integer, nullable=False),
    # Of its bytes: what was read is what leaves.
    Column("sha256", String(64), nullable=False),
    Column("recipient", String(200), nullable=False),
    Column("requested_by", String(40), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("outcome", String(12)),
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    Column("reason", String(200)),
    UniqueConstraint("kind", "about", "sha256"),
    CheckConstraint("outcome IN ('RELEASED', 'REFUSED')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name="decided"),
    CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_at"),
    CheckConstraint("decided_by IS NULL OR decided_by <> requested_by", name="two_people"),
    Index("ix_release_party_id_requested_at", "party_id", "requested_at"),
)

# How many operations came through a channel in an hour, and how many of them failed by our fault.
channel_hour = Table(
    "channel_hour",
    metadata,
    Column("hour", Instant, primary_key=True),
    Column("channel", String(12), primary_key=True),
    Column("answered", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
)

# How often in an hour a process asked itself whether it could serve, and how often it could not.
ready_hour = Table(
    "ready_hour",
    metadata,
    Column("hour", Instant, primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("unready", Integer, nullable=False),
)

# How far the log has been watched: the position of the last look that the rules have seen. One row.
watched = Table(
    "watched",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# Something unusual in somebody's looks of a day, or a look that its subject does not know; who looks into it, and what
# it was. Without a key to `access`, whose rows may be erased, and without a word on whom the looks were at.
look_review = Table(
    "look_review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    # Rule, basis, who and day: a finding opens one review, however often it is found.
    Column("key", String(160), nullable=False, unique=True),
    Column("rule", String(16), nullable=False),
    Column("basis", String(30), nullable=False),
    Column("looker_id", String(40)),
    Column("party_id", String(40)),
    Column("day", Date, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    # By which version of the limits.
    Column("limits", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("looks", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("taken_by", String(40)),
    Column("taken_at", Instant),
    Column("outcome", String(20)),
    Column("reason", String(500)),
    Column("decided_at", Instant),
    Column("confirmed_by", String(40)),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('OPEN', 'TAKEN', 'DECIDED', 'CLOSED')", name="state"),
    CheckConstraint("outcome IN ('JUSTIFIED', 'MISTAKE', 'MISUSE', 'RULE_TOO_STRICT')", name="outcome"),
    CheckConstraint("(state = 'OPEN') = (taken_by IS NULL)", name="owned"),
    CheckConstraint("(state IN ('DECIDED', 'CLOSED')) = (outcome IS NOT NULL)", name="decided"),
    CheckConstraint("(state = 'CLOSED') = (closed_at IS NOT NULL)", name="closed"),
    CheckConstraint("state <> 'DECIDED' OR outcome = 'MISUSE'", name="waits_for_a_second"),
    CheckConstraint(
        "state <> 'CLOSED' OR (outcome = 'MISUSE') = (confirmed_by IS NOT NULL)",
        name="misuse_takes_two",
    ),
    CheckConstraint("taken_by <> looker_id", name="by_another"),
    CheckConstraint("confirmed_by <> taken_by AND (looker_id IS NULL OR confirmed_by <> looker_id)", name="third"),
    Index("ix_look_review_state_opened_at_id", "state", "opened_at", "id"),
    Index("ix_look_review_opened_at_id", "opened_at", "id"),
)

# 事件: something that went wrong with people's information; what was frozen, who was told, and how it ended.
incident = Table(
    "incident",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("what", String(500), nullable=False),
    # Whose looks, and from when to when.
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("looker_id", String(40)),
    Column("grant_id", String(40)),
    Column("party_id", String(40)),
    Column("recorded_by", String(40), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    # What those who were touched are told. A round tells those who may know as of an instant (null: as of the record)
    # and could not as of the one before, up to which of them it has; when it is over, how many may not know yet.
    Column("advice", String(300)),
    Column("as_of", Instant),
    Column("before", Instant),
    Column("told_through", String(40), nullable=False),
    Column("withheld", Integer),
    Column("told", Integer, nullable=False),
    Column("told_at", Instant),
    # The report's canonical JSON.
    Column("report", Text),
    Column("proposed_by", String(40)),
    Column("proposed_at", Instant),
    Column("closed_by", String(40)),
    Column("closed_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('OPEN', 'TELLING', 'TOLD', 'PROPOSED', 'CLOSED')", name="state"),
    CheckConstraint("until > since", name="takes_time"),
    CheckConstraint(
        "(CASE WHEN looker_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN grant_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN party_id IS NULL THEN 0 ELSE 1 END) = 1",
        name="whose",
    ),
    CheckConstraint("(state = 'OPEN') = (advice IS NULL)", name="advised"),
    CheckConstraint("(state IN ('PROPOSED', 'CLOSED')) = (report IS NOT NULL)", name="reported"),
    CheckConstraint("(state = 'CLOSED') = (closed_by IS NOT NULL)", name="closed"),
    CheckConstraint("closed_by <> proposed_by", name="two_people"),
    Index("ix_incident_recorded_at_id", "recorded_at", "id"),
)

# What was frozen because of an incident. A sign-in's name is hashed, as in the act's own record.
incident_freeze = Table(
    "incident_freeze",
    metadata,
    Column("incident_id", ForeignKey("incident.id"), primary_key=True),
    Column("target", String(12), primary_key=True),
    Column("target_id", String(64), primary_key=True),
    Column("by", String(40), nullable=False),
    Column("at", Instant, nullable=False),
)
