"""`haihe`, also as `python -m api`: serve, work, demo, migrate, import, token, schema, verify, check.

Each command imports what it does when it is called: a token or an import does not wait for the API's schema to load.
"""

import asyncio
import sys
from collections.abc import Coroutine
from datetime import date
from pathlib import Path
from typing import Any

import click

from api import configured
from api.settings import NotConfigured, Settings
from audit.merkle import Broken
from core.errors import DomainError
from core.keys import STORED, KeysMissing, Purpose

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Failed(click.ClickException):
    """An expected failure: one clear line, exit code 1."""


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except (RuntimeError, ValueError, OSError, DomainError) as error:
        if isinstance(error, NotImplementedError):
            raise
        raise Failed(str(error)) from None


def _settings() -> Settings:
    try:
        return configured.read()
    except NotConfigured as error:
        raise Failed(str(error)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """海河信用: the service behind a city's credit app."""


@main.command()
@click.option("--demonstration", is_flag=True, help="Build the demonstration city first when the database is empty.")
def serve(demonstration: bool) -> None:
    """Serve HTTP until stopped."""
    from api.commands import demonstrating, serving

    settings = _settings()
    if demonstration:
        _run(demonstrating.ensure(settings))
    _run(serving.serve(settings))


@main.command()
def work() -> None:
    """Carry the background duties until stopped, beside services that run with HAIHE_DUTIES=false."""
    from api.commands import working

    _run(working.work(_settings()))


@main.command()
@click.option("--citizens", type=click.IntRange(min=12), default=2000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The city's today; today by default.")
@click.option("--folder", type=click.Path(path_type=Path), default=None, help="Where the files are written.")
def demo(citizens: int, seed: int, as_of: Any, folder: Path | None) -> None:
    """Write the invented city's files and load them into an empty database."""
    from api.commands import demonstrating

    day: date | None = as_of.date() if as_of else None
    _run(demonstrating.build(_settings(), citizens=citizens, seed=seed, as_of=day, folder=folder))


@main.command()
@click.option("--real", is_flag=True, help="Stamp a fresh database as real.")
def migrate(real: bool) -> None:
    """Bring the database to this build's migrations."""
    from api.commands import migrations

    _run(migrations.migrate(_settings(), real=real))


@main.command(name="import")
@click.option("--provider", help="The provider's code.")
@click.option(
    "--templates", type=click.Path(file_okay=False, path_type=Path), help="Write empty files to fill in here."
)
@click.argument("files", nargs=-1, type=_FILE)
def import_(provider: str | None, templates: Path | None, files: tuple[Path, ...]) -> None:
    """Load a provider's FILES: CSV, JSON Lines or xlsx. Rejected rows go to FILE.rejected.csv, .jsonl or .xlsx."""
    from api.commands import importing

    if templates is not None and provider is None and not files:
        try:
            importing.write_templates(templates)
        except (RuntimeError, OSError) as error:
            raise Failed(str(error)) from None
    elif templates is None and provider is not None and files:
        _run(importing.load(_settings(), provider, files))
    else:
        raise click.UsageError("either --provider CODE FILE…, or --templates DIR")


@main.command()
@click.argument("name", type=click.Choice([purpose.value for purpose in STORED]))
def backfill(name: str) -> None:
    """Make stored data again after a change of keys; broken off, it goes on where it was."""
    from api.commands import backfilling

    _run(backfilling.run(_settings(), name))


_PURPOSE = click.Choice([purpose.value for purpose in Purpose])


@main.group()
def till() -> None:
    """A till without a network."""


@till.command(name="verify", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("given", nargs=-1, type=click.UNPROCESSED)
def spend(given: tuple[str, ...]) -> None:
    """Spend a code that is good without a network; `--help` says how. Also as `python -m incentives.spending`."""
    from incentives import spending

    sys.exit(spending.main(given))


@main.group()
def keys() -> None:
    """The key rings."""


@keys.command()
def create() -> None:
    """Make an installation's first keys; a key file that is there is left as it is."""
    from api.commands import keeping

    try:
        keeping.create(_settings())
    except OSError as error:
        raise Failed(str(error)) from None


@keys.command()
def show() -> None:
    """List purposes, names and states; never a secret."""
    from api.commands import keeping

    try:
        keeping.show(_settings())
    except KeysMissing as error:
        raise Failed(str(error)) from None


@keys.command()
@click.argument("purpose", type=_PURPOSE)
@click.option("--published", type=click.IntRange(min=3), help="Seconds between publishing a key and using it.")
def rotate(purpose: str, published: int | None) -> None:
    """Publish the next key of PURPOSE, then use it; the one before stays readable."""
    from api.commands import keeping

    _run(keeping.rotate(_settings(), Purpose(purpose), published))


@keys.command()
@click.argument("purpose", type=_PURPOSE)
@click.argument("kid")
def drop(purpose: str, kid: str) -> None:
    """Forget a retired key that nothing needs any more."""
    from api.commands import keeping

    _run(keeping.drop(_settings(), Purpose(purpose), kid))


@main.group()
def calendar() -> None:
    """The calendar of working days."""


@calendar.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def calendar_import(file: Path) -> None:
    """Load an official notice of a year's holidays: a CSV of 日期 and 类型 (放假 or 上班)."""
    from api.commands import calendars

    _run(calendars.load(_settings(), file))


@main.command()
@click.argument("file", type=_FILE)
@click.option("--institution", default=None, help="Party id of another institution or agency than the city's.")
def remedy(file: Path, institution: str | None) -> None:
    """Let an institution's letters say what FILE says about 救济途径, from now on."""
    from api.commands import remedies

    _run(remedies.load(_settings(), file, institution))


@main.command()
def figures() -> None:
    """Solve every table of people that merchants and supervisors were shown: none may tell what it withholds."""
    from api.commands import figures

    _run(figures.audit(_settings()))


@main.group()
def providers() -> None:
    """The information providers."""


@providers.command(name="import")
@click.argument("file", type=_FILE)
def providers_import(file: Path) -> None:
    """Load what each provider may send: a CSV of 单位代码, 单位性质, 提供信息, 行政区划代码, 责任人 and 联系电话."""
    from api.commands import providing

    _run(providing.load(_settings(), file))


@main.group()
def supervisors() -> None:
    """The departments that supervise (Art. 4)."""


@supervisors.command(name="import")
@click.argument("file", type=_FILE)
def supervisors_import(file: Path) -> None:
    """Load who supervises which area: a CSV of 单位代码, 行政区划代码 (or 全市) and 区名."""
    from api.commands import supervising

    _run(supervising.load(_settings(), file))


@main.group()
def documents() -> None:
    """The documents that clients' builds have registered."""


@documents.command(name="register")
@click.argument("client")
@click.argument("version")
@click.argument("file", type=_FILE)
def documents_register(client: str, version: str, file: Path) -> None:
    """Store the documents of a manifest (Apollo, Relay, graphql-codegen) for a VERSION of CLIENT."""
    from api.commands import documenting

    _run(documenting.register(_settings(), client, version, file))


@documents.command(name="show")
def documents_show() -> None:
    """List clients and versions: how many documents each has, and the last day on which one was asked for."""
    from api.commands import documenting

    _run(documenting.show(_settings()))


@documents.command(name="check")
@click.option("--schema", "sdl", type=_FILE, default=None, help="An SDL to check against, in place of this build's.")
def documents_check(sdl: Path | None) -> None:
    """Say which stored documents a change of the schema breaks."""
    from api.commands import documenting

    _run(documenting.check(_settings(), sdl))


@main.command()
@click.argument("persona")
@click.option("--as", "organisation", default=None, help="Act for this organisation (party id or code) or persona.")
@click.option("--bound-to", "key", type=_FILE, default=None, help="A private key (PEM, P-256) that will prove it.")
def token(persona: str, organisation: str | None, key: Path | None) -> None:
    """Print a demonstration token for PERSONA, and nothing else."""
    from api.commands import tokens

    _run(tokens.show(_settings(), persona, organisation, key))


@main.command()
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--keys", "keys_file", type=_FILE, required=True, help="The log's verifier keys, one a line.")
@click.option("--kept", multiple=True, type=_FILE, help="A checkpoint of the log that was kept; more than one at will.")
@click.option("--log", default=None, help="Where the log is served, or a folder with a copy of it.")
def verify(files: tuple[Path, ...], keys_file: Path, kept: tuple[Path, ...], log: str | None) -> None:
    """Check receipts in FILES (any JSON that holds them), and that the log goes on from what was kept."""
    from api.commands import verifying

    try:
        verifying.verify(files, keys_file, kept, log)
    except (Broken, OSError, UnicodeDecodeError) as error:
        raise Failed(str(error)) from None


@main.command()
def schema() -> None:
    """Print the SDL."""
    from schema.root import sdl

    sys.stdout.write(sdl())


@main.command()
def check() -> None:
    """Say whether the service could start, and what is missing."""
    from api.commands import checking

    _run(checking.check(_settings()))


if __name__ == "__main__":
    main()
