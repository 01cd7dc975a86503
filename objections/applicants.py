"""Who files, and acts in a case of their own."""

from dataclasses import dataclass, field

from core.uploads import Owner


@dataclass(frozen=True)
class Applicant:
    """In which capacity, through which door, and whose uploads the evidence is. On paper `received_by` is the staff
    member who took it in, nobody has signed in, and `name` is that of who stands there for somebody else."""

    capacity: str
    channel: str
    owner: Owner
    person_id: str | None = None
    received_by: str | None = None
    name: str | None = field(default=None, repr=False)
