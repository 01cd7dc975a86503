"""Rows that repeat the key of an earlier row of their file: each is warned of, and meets the earlier one stored."""

import secrets
import sqlite3
from hashlib import blake2b

from intake.drafts import AmendmentDraft, Draft, RecordDraft, SubjectChangeDraft

# Twenty bytes a key: a million rows stay in memory, and what is more goes to a file that nobody else can open.
_CACHE_KIB = 32 << 10
# To put right is to say something about a key that is here: to say two things is no repetition.
_OF_WHAT_IS_HERE = (AmendmentDraft, SubjectChangeDraft)
# An identity number, and of a record its document's number.
Key = tuple[str, str]


def key_of(draft: Draft) -> Key:
    """What a row is about."""
    return draft.identity.number, draft.content.document_number if isinstance(draft, RecordDraft) else ""


class Repeats:
    """The keys of one file so far, whatever the batches it comes in; to be closed.

    Kept as digests under a secret of its own, so that no number of a person reaches the disk, nor anything that can be
    tried out. Of ten million keys two have one digest in one file of 300,000: a row is warned of for nothing then.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)
        self._seen = sqlite3.connect("")  # without a name: gone with its connection
        self._seen.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._seen.execute("CREATE TABLE seen (digest INTEGER PRIMARY KEY)")

    def close(self) -> None:
        """Forget them."""
        self._seen.close()

    def has(self, draft: Draft, key: Key) -> bool:
        """Whether a row before has the key of this one, which is kept."""
        return not (isinstance(draft, _OF_WHAT_IS_HERE) or self._is_new(key))

    def _is_new(self, key: Key) -> bool:
        digest = blake2b("\0".join(key).encode(), digest_size=8, key=self._secret).digest()
        number = int.from_bytes(digest, signed=True)
        return self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (number,)).rowcount == 1
