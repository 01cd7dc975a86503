"""What becomes of every table about a subject when two subjects turn out to be one (`credit.merging`).

Each context moves what it keeps by rules of its own. Here is what those rules are, so that a new table about subjects
has one: a house test counts. Contexts that `credit` does not know are handed to whoever loads files.
"""

from collections.abc import Mapping, Sequence

from core.moving import Move
from incentives import merging as claims
from objections import merging as cases
from oversight.duty import merging as emergencies
from oversight.supervision import merging as complaints

BEYOND: Sequence[Move] = (cases.move, claims.move, emergencies.move, complaints.move)

MOVED = "every row is the kept subject's"
WITH = "stands with the row that it hangs on"
KEPT = "nothing is written: it says what was, under the id that it had"
RULES: Mapping[str, str] = {
    "subject": "the absorbed row stays as a pointer that nothing finds; those that point to it point on",
    "former_identity": "moved, and says of which subject it first was; the absorbed number and name are one more",
    "subject_merge": "one row for each merge",
    "subject_merge_row": "one row for each row that the merge touched",
    "record": "moved, and says in which strand it was; of two rows of one record one stands, the other is a duplicate",
    "record_version": WITH,
    "third_person": WITH,
    "correction": "moved, and says in which strand it was",
    "correction_told": WITH,
    "report": "moved: its words are sealed, and it is SUPERSEDED",
    "report_record": WITH,
    "export": "moved; of two in the making one is made",
    "score": "one stands: the open one, of two open ones the kept subject's; computed anew",
    "score_review": "moved; of two that wait the absorbed subject's lapses",
    "score_due": "asked for anew",
    "residence": "the kept subject's own statement stands, else the absorbed one's moves",
    "evaluation": "the one assessed last stands",
    "evaluation_version": "both subjects' in the order in which they were replaced, with the one that stands no more",
    "consent_grant": "moved: two stay two, and each reaches what it reached, and what is entered since",
    "grant_step": KEPT,
    "grant_mark": MOVED,
    "grant_period": WITH,
    "grant_attempt": WITH,
    "marks_apart": "two people are wanted where either wanted them",
    "cooling": "moved; of two the one that lasts longer",
    "connect_code": MOVED,
    "counter_case": MOVED,
    "counter_paper": WITH,
    "counter_print": WITH,
    "kiosk_visit": MOVED,
    "kiosk_print": WITH,
    "broken_glass": MOVED,
    "complaint": MOVED,
    "access": KEPT,
    "log_leaf": KEPT,
    "access_question": MOVED,
    "trail_joined": "one row for each absorbed subject",
    "outbox": MOVED,
    "change": "kept, for two days: whoever listens is somebody else from now on, and reads everything anew",
    "delivery": WITH,
    "claim": "moved, in slots for both; unused ones beyond the person's limit are void, redeemed ones stand",
    "redemption": WITH,
    "reversal": WITH,
    "deferral": WITH,
    "offline_upload": WITH,
    "budget_line": KEPT,
    "industry_value": KEPT,
    "industry_result": KEPT,
    "identity_link": "moved, its epoch raised",
    "representation": "moved; of two that say the same the one that lasts longer",
    "mandate": "moved; of two live ones between two people one: a guardian's, else the one that lasts longer",
    "party": "moved; two organisations that both take part are not merged",
    "staff": WITH,
    "client": WITH,
    "client_key": WITH,
    "upload": MOVED,
    "objection": "moved: its number, term and handler stay; it contests the record, score or evaluation that stands",
    "verification": WITH,
    "clock_stop": WITH,
    "due_date": WITH,
    "objection_message": WITH,
    "objection_evidence": WITH,
    "objection_step": WITH,
}
