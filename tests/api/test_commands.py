"""The command line as its user meets it: each command in a process of its own."""

import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

import jwt
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm

from api.__main__ import main
from api.demo import people
from api.dpop import thumbprint
from intake import layouts
from tests.harness import forking
from tests.harness.servers import ROOT


def _haihe(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HAIHE_")}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = ["-m", "api", *arguments]
        code = forking.start(command, {**environment, "HAIHE_DATA": str(data)}, stdout=out, stderr=err).wait()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(command, code, out.read(), err.read())


def _token(data: Path, *arguments: str) -> Result:
    """`haihe token` in this process."""
    return CliRunner().invoke(main, ("token", *arguments), env={"HAIHE_DATA": str(data)})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city, built by the command."""
    folder = tmp_path_factory.mktemp("haihe")
    built = _haihe(folder, "demo", "--citizens", "40", "--seed", "5", "--as-of", "2026-11-20")
    assert built.returncode == 0, built.stderr
    return folder


def test_a_city_is_built_once(data: Path) -> None:
    again = _haihe(data, "demo", "--citizens", "40")
    assert (again.returncode, "already" in again.stderr) == (1, True)
    assert "Traceback" not in again.stderr
    assert (data / "demo" / "HUB-subject.csv").is_file()


def test_documents_are_registered_listed_and_checked(data: Path, tmp_path: Path) -> None:
    def documents(*arguments: str) -> Result:
        return CliRunner().invoke(main, ("documents", *arguments), env={"HAIHE_DATA": str(data)})

    text = "query Q { viewer { name } }"
    manifest, wrong, sdl = tmp_path / "manifest.json", tmp_path / "wrong.json", tmp_path / "schema.graphql"
    manifest.write_text(json.dumps({hashlib.sha256(text.encode()).hexdigest(): text}))
    wrong.write_text(json.dumps({"0" * 64: text}))
    sdl.write_text(
        (ROOT / "schema" / "schema.graphql").read_text("utf-8").replace("  viewer: Viewer", "  onlooker: Viewer")
    )
    assert documents("register", "cli_x", "1.0", str(wrong)).exit_code == 1
    assert documents("register", "cli_x", "1 0", str(manifest)).exit_code == 1
    assert documents("register", "cli_x", "1.0", str(manifest)).exit_code == 0
    assert documents("show").output.startswith("cli_x 1.0: 1, ")
    assert "none broken" in documents("check").output
    broken = documents("check", "--schema", str(sdl))
    assert (broken.exit_code, "cli_x 1.0" in broken.output, "query Q" in broken.output) == (1, True, True)


def test_a_token_is_printed_and_nothing_else(data: Path) -> None:
    assert _haihe(data, "token", "citizen-1").stdout.startswith("eyJ")
    refused = _haihe(data, "token", "nobody")
    assert (refused.returncode, refused.stdout, "Traceback" in refused.stderr) == (1, "", False)


def test_for_whom_a_token_is_printed(data: Path) -> None:
    for arguments in (("bank-1",), ("citizen-3", "--as", "COMPANY1"), ("citizen-3", "--as", "ward-1")):
        printed = _token(data, *arguments).stdout
        assert printed.startswith("eyJ")
        assert len(printed.split()) == 1
    key = data / "key.pem"
    private = ec.generate_private_key(ec.SECP256R1())
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    bound = _token(data, "bank-1", "--bound-to", str(key)).stdout.strip()
    jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    assert jwt.decode(bound, options={"verify_signature": False})["cnf"] == {"jkt": thumbprint(jwk)}
    key.write_text("no key", "utf-8")
    for arguments in (
        ("bank-1", "--bound-to", str(key)),
        ("citizen-1", "--as", "nobody"),
        ("citizen-1", "--as", "ward-1"),
    ):
        refused = _token(data, *arguments)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert isinstance(refused.exception, SystemExit)


def test_check_and_schema(data: Path, tmp_path: Path) -> None:
    checked = _haihe(data, "check")
    assert (checked.stdout, checked.stderr) == ("ready: sqlite, demonstration\n", "")
    keys = data / "keys.json"
    keys.chmod(0o640)
    checked = _haihe(data, "check")
    assert checked.stdout == "ready: sqlite, demonstration\n"
    assert checked.stderr == f"others than its owner may read or write {keys}: 040\n"
    absent = _haihe(tmp_path, "check")
    assert (absent.returncode, "no key file" in absent.stderr) == (1, True)
    assert _haihe(tmp_path, "schema").stdout == (forking.ROOT / "schema" / "schema.graphql").read_text("utf-8")


def test_a_file_is_loaded_and_its_bad_row_written_out(data: Path, tmp_path: Path) -> None:
    from datetime import date

    someone = people.citizen(900, 5, date(2026, 11, 20))
    path = tmp_path / "新人.csv"
    header = ",".join(layouts.SUBJECT.headers)
    path.write_text(f"{header}\n自然人,身份证,{someone.number},{someone.name}\n自然人,身份证,1,甲\n", "utf-8")
    loaded = _haihe(data, "import", "--provider", "HUB", str(path))
    assert loaded.returncode == 0, loaded.stderr
    assert "新增 1，更新 0，未变 0，拒绝 1" in loaded.stdout
    assert "IDENTITY_FORMAT：“…”格式不正确，1 次，第 3 行" in loaded.stdout
    assert "格式不正确" in path.with_name("新人.rejected.csv").read_text("utf-8-sig")
    both = _haihe(data, "import", "--provider", "HUB", str(path), str(path.with_name("新人.rejected.csv")))
    assert (both.returncode, "分开导入" in both.stderr) == (1, True)


def test_templates_are_written_into_a_folder_without_a_database(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "templates"
    written = CliRunner().invoke(main, ("import", "--templates", str(folder)), env={"HAIHE_DATA": str(tmp_path)})
    assert written.exit_code == 0, written.output
    assert {path.suffix for path in folder.iterdir()} == {".csv", ".xlsx"}
    assert len(list(folder.iterdir())) == 2 * len(layouts.LAYOUTS) + 1
    for wrong in (
        ("--templates", str(folder), "--provider", "HUB"),
        (),
        ("--provider", "HUB"),
        (str(folder / "codes.csv"),),
    ):
        assert CliRunner().invoke(main, ("import", *wrong)).exit_code == 2, wrong
    (tmp_path / "file").write_text("", "utf-8")
    below = CliRunner().invoke(main, ("import", "--templates", str(tmp_path / "file" / "x")))
    assert below.exit_code == 1


def test_one_refused_file_does_not_hold_up_the_others(data: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n", "utf-8")
    (tmp_path / "b.csv").write_text(",".join(layouts.SUBJECT.headers) + "\n", "utf-8")
    loaded = _haihe(data, "import", "--provider", "HUB", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert loaded.returncode == 1
    assert "b.csv" in loaded.stdout
    assert "表头不是任何一种交换格式" in loaded.stderr
    nobody = _haihe(data, "import", "--provider", "NOBODY", str(tmp_path / "b.csv"))
    assert (nobody.returncode, "Traceback" in nobody.stderr) == (1, False)


def test_a_city_of_another_day_is_of_that_day(data: Path) -> None:
    import sqlite3

    with sqlite3.connect(data / "haihe.db") as connection:
        latest = connection.execute("SELECT max(occurred_on) FROM record").fetchone()[0]
    connection.close()
    assert latest <= "2026-11-20"
