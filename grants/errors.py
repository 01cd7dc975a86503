"""What can be said no to when someone asks for, gives or uses a grant.

Refused
├── NoticeChanged       the notice that was read is not the one in force
├── RecipientRefused    this party cannot be authorised for this purpose
├── MarksRequired       an organisation's grant needs two marks (Art. 8(3)), and the caller gives none
├── MarkGiven           this mark, or this credential's, stands on the grant already
├── OtherPerson         the organisation wants its two marks from two people
├── TermsFixed          the first mark has fixed the terms; the second one is for the same
├── WrongState          the grant's state does not allow the act
├── GrantEnded          told only to the subject and to the grant's own recipient
├── PeriodUsedUp        the uses of this calendar period are spent; told to the recipient
├── PurposeLimit        the grant goes beyond what its purpose allows today; details name attribute and maximum
├── MandateEnded        a state organ's own mandate is not in force; told to that organ
├── PapersMissing       a counter case lacks papers of its list; details name them
├── CounterCaseEnded    a counter case ends with its day, or when its clerk ends it
├── CounterCaseUsed     so much was looked at under it that another is opened
├── CounterBusy         the clerk has so many cases open that one is ended first
├── ConflictOfInterest  the clerk is, or acts for, whom the case is about
├── NoCardReader        the installation has no reader for its kiosks
├── DocumentNotRead     no reader beside this kiosk has just read a document
├── DocumentRefused     the document will not do; details say why
├── KioskVisitEnded     the visit is over, another kiosk's, or none
├── KioskVisitUsed      so much was looked at in it that another is begun
├── KioskBusy           more visits than people can have come
└── NotGranted          what was asked for is outside the grant; details name it
"""

from core.errors import Refused


class NoticeChanged(Refused):
    """The hash is not that of the notice in force for these terms: read it again."""

    code = "NOTICE_CHANGED"


class RecipientRefused(Refused):
    """The recipient is unknown or may not be authorised for this purpose."""

    code = "RECIPIENT_REFUSED"


class MarksRequired(Refused):
    """A legal person's or unincorporated organisation's grant needs seal and legal representative (Art. 8(3))."""

    code = "MARKS_REQUIRED"


class MarkGiven(Refused):
    """Each of the two marks is given once, and each by a credential of its own."""

    code = "MARK_GIVEN"


class OtherPerson(Refused):
    """The organisation has said that its two marks come from two people."""

    code = "OTHER_PERSON"


class TermsFixed(Refused):
    """The second mark confirms what the first one was given for; to narrow it, reject and begin anew."""

    code = "TERMS_FIXED"


class WrongState(Refused):
    """The act does not start from the state the grant is in."""

    code = "WRONG_STATE"


class GrantEnded(Refused):
    """The grant was active once and is not now; `status` says how it stands."""

    code = "GRANT_ENDED"


class PeriodUsedUp(Refused):
    """As many looks as a calendar period allows have been made; `until` is when the next one begins."""

    code = "PERIOD_USED_UP"


class PurposeLimit(Refused):
    """The grant is beyond a ceiling of its purpose that is in force now."""

    code = "PURPOSE_LIMIT"


class NotGranted(Refused):
    """The operation asks for something the grant does not cover. Nothing of it is answered."""

    code = "NOT_GRANTED"


class MandateEnded(Refused):
    """The organ's own mandate is not approved yet, has not begun, or has ended."""

    code = "MANDATE_ENDED"


class PapersMissing(Refused):
    """Nothing is looked at before every paper of the list has been seen (Art. 8(3))."""

    code = "PAPERS_MISSING"


class CounterCaseEnded(Refused):
    """Whoever comes another day shows their papers again."""

    code = "COUNTER_CASE_ENDED"


class CounterCaseUsed(Refused):
    """A visit takes a few looks; what takes more is another visit."""

    code = "COUNTER_CASE_USED"


class CounterBusy(Refused):
    """One person stands at a counter at a time."""

    code = "COUNTER_BUSY"


class ConflictOfInterest(Refused):
    """Nobody serves themselves, nor whom they act for."""

    code = "CONFLICT_OF_INTEREST"


class NoCardReader(Refused):
    """This installation has no reader: nobody can show who they are."""

    code = "NO_CARD_READER"


class DocumentNotRead(Refused):
    """No reader beside this kiosk has just read such a document, or it has begun a visit before."""

    code = "DOCUMENT_NOT_READ"


class DocumentRefused(Refused):
    """The document has expired, or whose it is was not checked as it must be; details say which."""

    code = "DOCUMENT_REFUSED"


class KioskVisitEnded(Refused):
    """The visit is over, is another kiosk's, or never was."""

    code = "KIOSK_VISIT_ENDED"


class KioskVisitUsed(Refused):
    """A visit takes a few looks; whoever wants more begins another."""

    code = "KIOSK_VISIT_USED"


class KioskBusy(Refused):
    """More visits have begun at this kiosk than people can have come."""

    code = "KIOSK_BUSY"
