"""A look's receipt, to be kept and checked without us: by `haihe verify`, or by `docs/verify.py` without our code."""

import strawberry

from audit.receipts import Receipt


@strawberry.type(
    description="What the access log says of one look, and the proof that it says so (c2sp.org/tlog-proof). Any JSON "
    "that holds receipts as they are answered here is a file for `haihe verify`."
)
class AccessReceipt:
    """A leaf of the log, with its place in a signed tree."""

    position: str = strawberry.field(description="Its place among all looks at anybody, from 1; a decimal number.")
    data: str = strawberry.field(description="What is said of the look: JSON, byte for byte as it was hashed.")
    salt: str = strawberry.field(description="What `data` was hashed with, base64.")
    link: str | None = strawberry.field(
        description="To the subject alone: the look's number among theirs and the leaf before it, so that gaps show."
    )
    link_salt: str | None = strawberry.field(description="What `link` was hashed with, base64.")
    proof: str = strawberry.field(description="A tlog-proof: index, hashes, and the checkpoint that the log signed.")

    @classmethod
    def of(cls, receipt: Receipt) -> "AccessReceipt":
        """A receipt."""
        return cls(
            position=str(receipt.position),
            data=receipt.data,
            salt=receipt.salt,
            link=receipt.link,
            link_salt=receipt.link_salt,
            proof=receipt.proof,
        )
