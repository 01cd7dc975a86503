"""By which ways what is told, how long to wait after a failure, and when to stop trying. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from notices.kinds import EventKind, Way

# CHOICE: everything stands in the app. A text message goes out where somebody else could have acted in one's name;
# a letter where the app can no longer be opened.
WAYS: Mapping[EventKind, tuple[Way, ...]] = {
    EventKind.GRANT_ISSUED: (Way.SMS,),
    EventKind.GRANT_REVOKED: (),
    # A request may be made out to nobody (`grants.requesting`): it is told in the app alone, where nobody looks.
    EventKind.GRANT_REQUESTED: (),
    EventKind.GRANT_MARKED: (Way.SMS,),
    EventKind.GRANT_REJECTED: (),
    EventKind.GRANT_PAUSED: (),
    EventKind.GRANT_RESUMED: (Way.SMS,),
    EventKind.GRANT_RELINQUISHED: (),
    EventKind.RECORDS_CHANGED: (),
    EventKind.RECORD_CORRECTED: (),
    EventKind.MONITORING_ENDED: (),
    EventKind.SCORE_OPENED: (Way.SMS,),
    EventKind.SCORE_CLOSED: (Way.SMS,),
    EventKind.SCORE_REVIEW_ASKED: (),
    EventKind.SCORE_REVIEW_ANSWERED: (),
    EventKind.CLAIM_REDEEMED: (),
    EventKind.REDEMPTION_REVERSED: (),
    EventKind.CLAIM_VOIDED: (),
    EventKind.DEFERRAL_FINISHED: (),
    EventKind.PARTY_FROZEN: (Way.POST,),
    EventKind.HELPER_GIVEN: (Way.SMS,),
    EventKind.HELPER_ENDED: (),
    EventKind.LOOK_QUESTIONED: (),
    # Somebody else could have filed in one's name, or taken it back.
    EventKind.OBJECTION_FILED: (Way.SMS,),
    EventKind.OBJECTION_WITHDRAWN: (Way.SMS,),
    # Somebody could have come with another's papers.
    EventKind.COUNTER_OWN: (Way.SMS,),
    EventKind.COUNTER_OTHER: (Way.SMS,),
    EventKind.KIOSK_LOOKED: (Way.SMS,),
    # Nobody agreed to it beforehand: it is told at once.
    EventKind.GLASS_BROKEN: (Way.SMS,),
    EventKind.GLASS_CONTESTED: (Way.SMS,),
    EventKind.GLASS_UNCONFIRMED: (Way.SMS,),
    # Somebody could have complained in another's name.
    EventKind.COMPLAINT_OPENED: (Way.SMS,),
    EventKind.COMPLAINT_CLOSED: (),
    EventKind.COMPLAINT_LAPSED: (),
    # 个人信息保护法 57: whoever reads no notice has to hear of it too.
    EventKind.INCIDENT_TOLD: (Way.SMS,),
    # To an organisation, as an event.
    EventKind.RECTIFICATION_ORDERED: (),
    EventKind.RECTIFICATION_MOVED: (),
    EventKind.SHARE_ASKED: (),
    EventKind.SHARE_APPROVED: (),
    EventKind.SHARE_RETURNED: (),
    EventKind.SHARE_ENDING: (),
    EventKind.SHARE_ENDED: (),
    EventKind.OBJECTION_SAID: (),
    # By which way the answer goes is the applicant's choice, and the case's.
    EventKind.OBJECTION_ANSWERED: (),
    EventKind.OBJECTION_FORWARDED: (),
    EventKind.OBJECTION_VERIFIED: (),
    EventKind.OBJECTION_STOPPED: (),
    EventKind.OBJECTION_RESUMED: (),
    EventKind.OBJECTION_DUE_MOVED: (),
    EventKind.OBJECTION_OVERDUE: (),
    # The applicant's choice: by text message, by post, or at the counter, where they have to hear that it is there.
    EventKind.OBJECTION_ANSWERED_TEXT: (Way.SMS,),
    EventKind.OBJECTION_TO_POST: (Way.POST,),
    EventKind.OBJECTION_TO_COLLECT: (Way.SMS,),
    EventKind.EXPORT_REQUESTED: (Way.SMS,),
    EventKind.EXPORT_READY: (),
    EventKind.SUBJECT_RENAMED: (Way.SMS,),
    EventKind.SUBJECT_RENUMBERED: (Way.SMS,),
    EventKind.SUBJECT_MERGED: (Way.SMS,),
    EventKind.EVALUATION_BASIS_CHANGED: (),
    EventKind.EVALUATION_TO_RENEW: (),
}

# CHOICE: eight tries in about a day and a half, then the message is given up, visibly.
WAITS = tuple(timedelta(seconds=s) for s in (5, 60, 300, 1800, 7200, 18000, 36000))
MOST_ATTEMPTS = len(WAITS) + 1
# CHOICE: a webhook that has failed ten times in a row, and for six hours, is left alone until its party sets it again.
# The number alone would be reached in the first second of an outage; the time, before any message is given up.
PAUSE_AFTER, PAUSE_PATIENCE = 10, timedelta(hours=6)
# CHOICE: after a rotation both secrets sign for a day.
ROTATION = timedelta(days=1)
# A try that has neither ended nor failed by then was cut off (a kill, a lost database): it is made again.
LEASE = timedelta(seconds=60)


def wait_after(attempts: int, jitter: float) -> timedelta | None:
    """How long to wait after this many failed tries, or None to give up.

    `jitter` in [0, 1) adds up to half: what failed together does not come back together.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return WAITS[max(attempts, 1) - 1] * (1 + jitter / 2)
