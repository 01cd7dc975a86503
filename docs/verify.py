"""Checks receipts of the access log, and that the log only ever grows, with nothing but Python's standard library.

KEYS are the log's verifier keys, FILEs any JSON with receipts as the API answers them, --kept what you kept of
/log/checkpoint earlier, --log where the log is served, or a folder with a copy of it. Formats: RFC 6962 and 8032,
c2sp.org/signed-note, tlog-checkpoint, tlog-proof, tlog-tiles; docs/adr/0055. Shares no code with the service; the file
beside it, ed25519.py, checks signatures.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import urllib.request

from ed25519 import signed


def need(held, what):
    if not held:
        raise ValueError(what)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase(text, length=None):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text and length in (None, len(data)), "not base64 as it is written")
    return data


def natural(text, before=""):
    need(re.fullmatch(re.escape(before) + "(0|[1-9][0-9]*)", text, re.ASCII), "not a number")
    return int(text.removeprefix(before))


def read(place):
    with urllib.request.urlopen(place) if re.match("https?://", place) else open(place, "rb") as file:
        return file.read()


def opened(note, keys):
    """The lines of a note that a key of the log it names first signed; signatures of others are passed over."""
    body, _, lines = note.rpartition("\n\n")
    need(re.fullmatch("(— [^ \n]+ [^ \n]+\n)+", lines), "not a signed note")
    origin, known = body.split("\n")[0], False
    for name, data in ((name, unbase(text)) for name, text in re.findall("— (.+) (.+)\n", lines)):
        for key in keys:
            if name == origin and key.startswith(f"{name}+{data[:4].hex()}+"):
                public = unbase(key.split("+", 2)[2], 33)
                need(sha(name.encode(), b"\n", public)[:4] == data[:4] and public[0] == 1, "not an Ed25519 key")
                need(signed(public[1:], f"{body}\n".encode(), data[4:]), "the signature is false")
                known = True
    need(known, "not signed by a known key")
    return body.split("\n")


def checkpoint(note, keys):
    """(origin, size, root, withheld) of a signed state of the log."""
    origin, size, root, withheld = opened(note, keys)
    return origin, natural(size), unbase(root, 32), natural(withheld, "withheld ")


def root_of(size, index, leaf, path):
    """The root of a tree whose leaf is known, its siblings taken from the end of the path (RFC 6962, 2.1.1)."""
    if size == 1:
        return leaf
    half = 1 << (size - 1).bit_length() - 1
    need(path, "the proof is too short")
    other = path.pop()
    if index < half:
        return sha(b"\1", root_of(half, index, leaf, path), other)
    return sha(b"\1", other, root_of(size - half, index - half, leaf, path))


def receipt(found, keys):
    """(index, leaf, link, checkpoint) of a receipt of which every bit holds."""
    found = {name: value for name, value in found.items() if name != "__typename" and value is not None}
    need({"data", "salt", "proof"} <= set(found) <= {"position", "data", "salt", "link", "linkSalt", "proof"}, "fields")
    head, _, note = found["proof"].partition("\n\n")
    kind, index, *path = head.split("\n")
    need(kind == "c2sp.org/tlog-proof@v1", "not a proof")
    index, path, tree = natural(index, "index "), [unbase(line, 32) for line in path], checkpoint(note, keys)
    need(index < tree[1] and found.get("position", str(index + 1)) == str(index + 1), "the position is another")
    leaf = sha(b"\0", unbase(found["salt"], 32), found["data"].encode())
    need(root_of(tree[1], index, leaf, path) == tree[2] and not path, "the look is not in the tree")
    if not {"link", "linkSalt"} & set(found):
        return index, leaf, {}, tree
    linked = sha(unbase(found["linkSalt"], 32), found["link"].encode())
    need(linked == unbase(json.loads(found["data"])["link"]), "the link is another look's")
    return index, leaf, json.loads(found["link"]), tree


def together(found):
    """No two contradict each other, and no number is missing between one subject's looks."""
    places, roots, last = {}, {}, {}
    for index, leaf, link, (_, size, root, _) in sorted(found, key=lambda one: one[0]):
        need(places.setdefault(index, leaf) == leaf and roots.setdefault(size, root) == root, "the log has been forked")
        if link.get("sequence") is not None:
            number, before = last.get(link["subject"], (None, None))
            if number is not None and (number, before) != (link["sequence"], leaf):
                need(link["sequence"] == number + 1, f"missing between {number} and {link['sequence']}")
                need(unbase(link["previous"]) == before, "a look does not follow the one before")
            last[link["subject"]] = link["sequence"], leaf


def leaves_in(prefix, size):
    """Every leaf of the log, out of its lowest tiles."""
    for number in range(-(-size // 256)):
        width = min(256, size - number * 256)
        *high, low = (group.zfill(3) for group in f"{number:,}".split(","))
        place = "".join(f"x{group}/" for group in high) + low + (f".p/{width}" if width < 256 else "")
        data = read(f"{prefix}tile/0/{place}")
        need(len(data) == 32 * width, "a tile is too short")
        yield from (data[at : at + 32] for at in range(0, len(data), 32))


def whole_root(leaves):
    """RFC 6962, 2.1, word for word: slow, but plain."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1", whole_root(leaves[:half]), whole_root(leaves[half:]))


def extends(olds, new, prefix):
    """Each tree, kept or new, is computed anew from the log's own leaves."""
    leaves = list(leaves_in(prefix, new[1]))
    for old in {*olds, new}:
        need(old[0] == new[0] and old[1] <= new[1] and old[3] <= new[3], "the log has been cut")
        need(whole_root(leaves[: old[1]]) == old[2], "the log has been forked")


def main(*words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("keys", metavar="KEYS")
    parser.add_argument("files", metavar="FILE", nargs="*")
    parser.add_argument("--kept", metavar="CHECKPOINT", nargs="*", default=[])
    parser.add_argument("--log", metavar="PREFIX", nargs="*", default=[])
    given, answered = parser.parse_args(words), []
    for path in given.files:  # whatever has a proof is a receipt, however deep it stands
        json.loads(read(path).decode(), object_hook=lambda one: answered.append(one) if "proof" in one else one)
    keys = read(given.keys).decode().split()
    found = [receipt(one, keys) for one in answered]
    need(found or not given.files, "no receipt in what was given")
    together(found)
    olds = [checkpoint(read(path).decode(), keys) for path in given.kept] + [one[3] for one in found]
    for prefix in (prefix.rstrip("/") + "/" for prefix in given.log):
        extends(olds, checkpoint(read(prefix + "checkpoint").decode(), keys), prefix)
    print(f"{len(found)} receipts hold" + (f"; the log goes on from {len(olds)} checkpoints" if given.log else ""))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, LookupError, TypeError, OSError) as error:
        sys.exit(f"not verified: {error}")
