"""Checks an export for 合规审计: that it is whole, in order and unaltered, with nothing but Python's standard library.

EXPORT is the zip as it was downloaded. --keys are the log's verifier keys and --head a checkpoint of it, both got from
elsewhere than the export: /log/keys, and what you kept of /log/checkpoint at any time. A checkpoint of a tree between
the export's ends, or the one it was made at, is checked without a network. For any other, and to learn which position
was forged by whoever holds the log's key, say --log: where the log is served, or a folder with a copy of it. --table
writes what the export shows as CSV. Says what holds, or which position is the first that is missing, altered or out of
order. Shares no code with the service; verify.py and ed25519.py lie beside it. Formats: docs/audit.md.
"""

import argparse
import collections
import csv
import datetime
import hashlib
import json
import struct
import sys
import zipfile
import zlib

from verify import checkpoint, leaves_in, need, opened, read, sha, unbase, whole_root

FORM = "haihe-audit/1"
# What a file that is none, or was tampered with, may make Python say.
FAULTS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, RuntimeError, EOFError)
FAULTS += (zipfile.BadZipFile, zlib.error, struct.error)
FILES = {"looks.jsonl", "begin.checkpoint", "end.checkpoint", "head.checkpoint", "tree.json", "posts.json", "duty.json"}
SIGNED = {"manifest.json", "manifest.note"}
MORE = {
    "OPEN": {"who", "salt", "data"},
    "STATED": {"who", "stated"},
    "WITHHELD": set(),
    "ERASED": set(),
    "GONE": set(),
    "OTHER": set(),
}


class Tree:
    """A growing RFC 6962 tree of which only the whole subtrees on its edge are kept."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def put(self, width, made):
        """Put down the hash of a whole subtree of so many leaves, a power of two, where it belongs."""
        need(self.size % width == 0, "the tree does not fit together")
        self.size += width
        count = self.size // width
        while count % 2 == 0:
            made, count = sha(b"\1", self.peaks.pop(), made), count // 2
        self.peaks.append(made)

    def grow(self, size, hashes):
        """Put down the subtrees, each as large as it may be, that lead to a size."""
        hashes = [unbase(one, 32) for one in hashes]
        while self.size < size:
            width = 1 << (size - self.size).bit_length() - 1
            need(hashes, "the tree's hashes are too few")
            self.put(min(width, self.size & -self.size) if self.size else width, hashes.pop(0))
        need(not hashes, "the tree's hashes are too many")

    def root(self):
        """Its root now."""
        if not self.peaks:
            return sha()
        made = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            made = sha(b"\1", peak, made)
        return made


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def files_of(archive, name):
    """A file's bytes, of which there is exactly one of that name."""
    need([one.filename for one in archive.infolist()].count(name) == 1, f"{name}: not there, or twice")
    return archive.read(name)


def manifest_of(archive, keys):
    """The manifest, under the log's own signature."""
    need({one.filename for one in archive.infolist()} == FILES | SIGNED, "files: not those of an export")
    data = files_of(archive, "manifest.json")
    lines = opened(files_of(archive, "manifest.note").decode(), keys)
    said = json.loads(data)
    log, form, export, digest = lines
    need(
        (form, said["format"], export, log) == (FORM, FORM, said["export"], said["log"]), "manifest: of something else"
    )
    need(hashlib.sha256(data).hexdigest() == digest, "manifest.json: altered")
    return said


def rows_of(archive, said):
    """Every position with its line, each where it belongs; a stretch of lines has a hash in the manifest."""
    expected, whole, part, stretches = said["first"], hashlib.sha256(), hashlib.sha256(), list(said["stretches"])
    begun = expected
    with archive.open("looks.jsonl") as file:
        for line in file:
            row = row_of(line, expected)
            need(expected <= said["last"], f"position {expected}: beyond the last one")
            whole.update(line)
            part.update(line)
            if stretches and stretches[0][0] == expected:
                need(part.hexdigest() == stretches.pop(0)[1], f"positions {begun} to {expected}: altered")
                part, begun = hashlib.sha256(), expected + 1
            yield row
            expected += 1
    need(expected == said["last"] + 1, f"position {expected}: missing, nothing follows")
    need(not stretches and begun == expected, f"positions from {begun}: in no stretch")
    need(whole.hexdigest() == said["files"]["looks.jsonl"], "looks.jsonl: altered")


def row_of(line, expected):
    """One line, as it must stand at a position."""
    try:
        row = json.loads(line)
        need(set(row) == {"position", "shown", "leaf"} | MORE[row["shown"]], "fields")
        place, leaf = row["position"], unbase(row["leaf"], 32)
        need(type(place) is int, "no number")
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ValueError(f"position {expected}: altered, not a line of an export") from None
    need(place <= expected, f"position {expected}: missing, {place} stands there")
    need(place == expected, f"position {place}: out of order or twice, where {expected} belongs")
    need(row["shown"] != "GONE", f"position {expected}: missing, the log has its leaf and nobody erased it")
    if row["shown"] == "OPEN":
        try:
            held = sha(b"\0", unbase(row["salt"], 32), row["data"].encode()) == leaf
            row["said"] = json.loads(row["data"]) if held else None
        except (ValueError, TypeError, AttributeError):
            held = False
        need(held, f"position {expected}: altered, its leaf is another")
    else:
        row["said"] = row.get("stated")
    return row


class Kept:
    """The checkpoints that were kept, each of which must be a state of the same log."""

    def __init__(self, heads, said):
        need(all(head[0] == said["log"] for head in heads), "head: of another log")
        self.by_size = collections.defaultdict(list)
        for head in heads:
            self.by_size[head[1]].append(head)

    def meet(self, tree, withheld=None):
        """Those of a tree of this size."""
        for _, size, root, hidden in self.by_size.pop(tree.size, ()):
            need(tree.root() == root, f"head: at {size} looks the tree that was kept is another, the log was forked")
            need(withheld in (None, hidden), f"head: at {size} looks other withheld ones were counted")

    def rest(self, public):
        """Those that are none of the export's trees, by the log's own leaves."""
        for size, heads in sorted(self.by_size.items()):
            need(public is not None, f"head: of {size} looks, which is none of the export's trees: say --log")
            need(size <= len(public), "head: the log has been cut")
            need(all(whole_root(public[:size]) == head[2] for head in heads), "head: the log was forked")


def ends_of(archive, keys, said):
    """The trees before the first position, after the last, and when the export was made, all signed."""
    ends = [checkpoint(files_of(archive, f"{name}.checkpoint").decode(), keys) for name in ("begin", "end", "head")]
    begin, end, last = ends
    need({one[0] for one in ends} == {said["log"]}, "checkpoints: of another log")
    need(1 <= said["first"] <= said["last"], "manifest: no range")
    need((begin[1], end[1]) == (said["first"] - 1, said["last"]), "checkpoints: of other positions")
    need(end[1] <= last[1] and begin[3] <= end[3] <= last[3], "checkpoints: the log has been cut")
    return ends


def check(archive, keys, heads, log=None, on_row=None):
    """What the export proves, as a dict; raises ValueError that says what does not hold."""
    said = manifest_of(archive, keys)
    for name in sorted(FILES - {"looks.jsonl"}):
        need(hashlib.sha256(files_of(archive, name)).hexdigest() == said["files"][name], f"{name}: altered")
    begin, end, last = ends_of(archive, keys, said)
    kept, found = Kept(heads, said), Found(said)
    public = list(leaves_in(log, checkpoint(read(log + "checkpoint").decode(), keys)[1])) if log else None
    stones, tree = json.loads(files_of(archive, "tree.json")), Tree()
    tree.grow(begin[1], stones["under"])
    need(tree.root() == begin[2], "begin: the tree before the first position is another")
    kept.meet(tree, begin[3])
    for row in rows_of(archive, said):
        leaf = unbase(row["leaf"], 32)
        need(
            public is None or public[tree.size : tree.size + 1] == [leaf], f"position {row['position']}: not the log's"
        )
        tree.put(1, leaf)
        kept.meet(tree)
        found.add(row)
        if on_row:
            on_row(row)
    need(tree.root() == end[2], f"positions {said['first']} to {said['last']}: some are altered, the tree is another")
    found.agree(end[3] - begin[3], last[1])
    tree.grow(last[1], stones["beyond"])
    need(tree.root() == last[2], "head: the log does not go on from the last position")
    kept.meet(tree, last[3])
    kept.rest(public)
    need(public is None or whole_root(public[: last[1]]) == last[2], "log: not the export's")
    return found.told()


class Found:
    """What was seen of the rows, and whether it is what the manifest says."""

    def __init__(self, said):
        self.manifest, self.shown, self.sorts = said, collections.Counter(), collections.Counter()
        self.begins, self.ends = map(instant, said["span"])
        self.inside, self.edges, self.again, self.refused = 0, [], collections.Counter(), 0

    def add(self, row):
        """One more row."""
        self.shown[row["shown"]] += 1
        said, place = row["said"], row["position"]
        within = said is not None and self.begins <= instant(said["at"]) < self.ends
        if place in (self.manifest["first"], self.manifest["last"]):
            self.edges.append((place, row["shown"], within))
        asked = self.manifest["channel"], self.manifest["purpose"]
        need(row["shown"] != "OTHER" or asked != (None, None), f"position {place}: not shown, and nothing was left out")
        if said is None:
            return
        for name, wanted in zip(("channel", "purpose"), asked, strict=True):
            need(wanted in (None, said[name]), f"position {place}: not what was asked for")
        self.inside += within
        self.refused += within and said["refused"] is not None
        if within:
            self.sorts[said["basis"], said["purpose"], said["channel"]] += 1
            officer = said.get("actor", {}).get("officer")
            if officer is not None and row["who"] is not None:
                self.again[officer, row["who"]] += 1

    def agree(self, withheld, size):
        """What the manifest and the checkpoints say of the rows together."""
        need(dict(self.shown) == {k: v for k, v in self.manifest["shown"].items() if v}, "manifest: other counts")
        need(self.shown["WITHHELD"] <= withheld, "withheld: more than the checkpoints have")
        need(self.shown["WITHHELD"] + self.shown["ERASED"] >= withheld, "withheld: fewer than the checkpoints have")
        for place, _, within in self.edges:
            need(not within or place in (1, size), f"position {place}: inside the period, which is cut there")

    def told(self):
        """What holds."""
        said = self.manifest
        return {
            "number": said["number"],
            "days": f"{said['since']} to {said['until']}",
            "positions": [said["first"], said["last"]],
            "shown": dict(self.shown),
            "inside": self.inside,
            "refused": self.refused,
            "unseen edges": [place for place, shown, _ in self.edges if shown in ("WITHHELD", "ERASED", "OTHER")],
            "looks": {" ".join(sort): many for sort, many in sorted(self.sorts.items())},
            "most often": [[*pair, many] for pair, many in self.again.most_common(10) if many > 1],
        }


COLUMNS = (
    "position",
    "shown",
    "who",
    "at",
    "basis",
    "purpose",
    "stage",
    "channel",
    "party",
    "officer",
    "grant",
    "case",
)


def table(file):
    """Writes what rows show, one after another."""
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, "categories", "records", "refused", "fields"])

    def write(row):
        said = row["said"] or {}
        flat = {
            **said,
            **said.get("actor", {}),
            "position": row["position"],
            "shown": row["shown"],
            "who": row.get("who"),
        }
        more = (
            " ".join(said.get("categories", ())),
            said.get("records"),
            said.get("refused"),
            len(said.get("fields", ())),
        )
        writer.writerow([safe(flat.get(name)) for name in COLUMNS] + [safe(one) for one in more])

    return write


def safe(cell):
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if isinstance(cell, str) and cell[:1] in "=+-@\t\r" else cell


def main(*words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", metavar="EXPORT")
    parser.add_argument("--keys", required=True)
    parser.add_argument("--head", metavar="CHECKPOINT", nargs="+", required=True)
    parser.add_argument("--log", metavar="PREFIX")
    parser.add_argument("--table", metavar="CSV")
    given = parser.parse_args(words)
    keys = read(given.keys).decode().split()
    heads = [checkpoint(read(path).decode(), keys) for path in given.head]
    log = given.log.rstrip("/") + "/" if given.log else None
    with zipfile.ZipFile(given.export) as archive:
        if given.table:
            with open(given.table, "w", newline="", encoding="utf-8-sig") as file:
                told = check(archive, keys, heads, log, table(file))
        else:
            told = check(archive, keys, heads, log)
    print(f"complete: positions {told['positions'][0]} to {told['positions'][1]}")
    print(json.dumps(told, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except FAULTS as error:
        sys.exit(f"not verified: {error}")
