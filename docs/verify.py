"""Checks receipts of the access log, and that the log only ever grows, with nothing but Python's standard library.

python3 verify.py KEYS FILE… [--kept CHECKPOINT…] [--log PREFIX]

KEYS are the log's verifier keys, FILEs any JSON with receipts as the API answers them, CHECKPOINTs what you kept of
/log/checkpoint earlier, PREFIX where the log is served or a folder with a copy of it. Formats: RFC 6962 and 8032,
c2sp.org/signed-note, tlog-checkpoint, tlog-proof, tlog-tiles; docs/adr/0055. Shares no code with the service.
"""

import base64
import hashlib
import json
import re
import sys
import urllib.request

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def need(held, what):
    if not held:
        raise ValueError(what)


def add(a, b):
    """Edwards curve points, extended coordinates (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def times(n, a):
    found = (0, 1, 1, 0)
    while n:
        found, a, n = (add(found, a) if n & 1 else found), add(a, a), n >> 1
    return found


def point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    need(len(data) == 32 and y < P, "not a point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    need((x * x - square) % P == 0 and not (x == 0 and sign), "not a point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point(bytes([0x58]) + b"\x66" * 31)


def signed(public, text, signature):
    """Ed25519 (RFC 8032, 5.1.7)."""
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % Q
    (a, b, c, _), (d, e, f, _) = times(s, BASE), add(point(signature[:32]), times(h, point(public)))
    return (a * f - d * c) % P == 0 and (b * f - e * c) % P == 0


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase(text, length=None):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text and length in (None, len(data)), "not base64 as it is written")
    return data


def read(place):
    with urllib.request.urlopen(place) if re.match("https?://", place) else open(place, "rb") as file:
        return file.read()


def natural(text):
    need(re.fullmatch("0|[1-9][0-9]*", text, re.ASCII), "not a number")
    return int(text)


def checkpoint(note, keys):
    """(origin, size, root, withheld) of a note that one of the keys signed."""
    body, gap, lines = note.rpartition("\n\n")
    body, known = body + "\n", False
    need(gap and lines[-1:] == "\n", "not a signed note")
    for line in lines[:-1].split("\n"):
        dash, name, signature = line.split(" ")
        need(dash == "—", "not a signature line")
        data = unbase(signature)
        for key in keys:
            key_name, key_id, public = key.split("+", 2)
            public = unbase(public, 33)
            need(public[:1] == b"\1" and sha(key_name.encode(), b"\n", public)[:4].hex() == key_id, "not a key")
            if (name, data[:4].hex()) == (key_name, key_id) and body.startswith(key_name + "\n"):
                need(signed(public[1:], body.encode(), data[4:]), "the signature is false")
                known = True
    need(known, "not signed by a known key")
    origin, size, root, withheld, end = body.split("\n")
    need(withheld.startswith("withheld ") and end == "", "not a checkpoint")
    return origin, natural(size), unbase(root, 32), natural(withheld[9:])


def root_of(start, end, index, leaf, path):
    """The root of a tree whose leaf is known, its siblings taken from the end of the path (RFC 6962, 2.1.1)."""
    if end - start == 1:
        return leaf
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    need(path, "the proof is too short")
    other = path.pop()
    if index < middle:
        return sha(b"\1", root_of(start, middle, index, leaf, path), other)
    return sha(b"\1", other, root_of(middle, end, index, leaf, path))


def receipt(found, keys):
    """(index, leaf, link, checkpoint) of a receipt of which every bit holds."""
    found = {name: value for name, value in found.items() if name != "__typename" and value is not None}
    need({"data", "salt", "proof"} <= set(found) <= {"position", "data", "salt", "link", "linkSalt", "proof"}, "fields")
    head, _, note = found["proof"].partition("\n\n")
    kind, index, *path = head.split("\n")
    need(kind == "c2sp.org/tlog-proof@v1" and index.startswith("index "), "not a proof")
    index, path, tree = natural(index[6:]), [unbase(line, 32) for line in path], checkpoint(note, keys)
    need(index < tree[1] and found.get("position", str(index + 1)) == str(index + 1), "the position is another")
    leaf = sha(b"\0", unbase(found["salt"], 32), found["data"].encode())
    need(root_of(0, tree[1], index, leaf, path) == tree[2] and not path, "the look is not in the tree")
    need(("link" in found) == ("linkSalt" in found), "half a link")
    if "link" not in found:
        return index, leaf, {}, tree
    linked = sha(unbase(found["linkSalt"], 32), found["link"].encode())
    need(linked == unbase(json.loads(found["data"])["link"]), "the link is another look's")
    return index, leaf, json.loads(found["link"]), tree


def receipts_in(document):
    if isinstance(document, dict) and "proof" in document:
        return [document]
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return [found for value in inner for found in receipts_in(value)]


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


def extends(old, new, prefix):
    """Both trees are computed from the log's own leaves: slow, but plain."""
    need(old[0] == new[0] and old[1] <= new[1] and old[3] <= new[3], "the log has been cut")
    leaves = []
    for number in range(-(-new[1] // 256)):
        digits = f"{number:03}".zfill(-(-len(f"{number:03}") // 3) * 3)
        *high, low = (digits[at : at + 3] for at in range(0, len(digits), 3))
        width = min(256, new[1] - number * 256)
        place = "".join(f"x{part}/" for part in high) + low + (f".p/{width}" if width < 256 else "")
        data = read(f"{prefix}tile/0/{place}")
        need(len(data) == 32 * width, "a tile is too short")
        leaves += [data[at : at + 32] for at in range(0, len(data), 32)]
    for _, size, root, _ in (old, new):
        stack = []
        for count, leaf in enumerate(leaves[:size]):
            while count & 1:
                leaf, count = sha(b"\1", stack.pop(), leaf), count >> 1
            stack.append(leaf)
        while len(stack) > 1:
            right = stack.pop()
            stack.append(sha(b"\1", stack.pop(), right))
        need((stack.pop() if stack else sha()) == root, "the log has been forked")


def main(keys_file, *rest):
    lists = {"--file": [], "--kept": [], "--log": []}
    into = "--file"
    for word in rest:
        into, word = (word, None) if word in lists else (into, word)
        lists[into] += [word] if word else []
    keys = read(keys_file).decode().split()
    found = [receipt(one, keys) for path in lists["--file"] for one in receipts_in(json.loads(read(path).decode()))]
    need(found or not lists["--file"], "no receipt in what was given")
    together(found)
    old = [checkpoint(read(path).decode(), keys) for path in lists["--kept"]] + [one[3] for one in found]
    for prefix in lists["--log"]:
        prefix = prefix.rstrip("/") + "/"
        now = checkpoint(read(prefix + "checkpoint").decode(), keys)
        for kept in {one[1:3]: one for one in old}.values() or [now]:
            extends(kept, now, prefix)
    print(f"{len(found)} receipts hold" + (f"; the log goes on from {len(old)} checkpoints" if lists["--log"] else ""))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (ValueError, LookupError, TypeError, OSError) as error:
        sys.exit(f"not verified: {error}")
