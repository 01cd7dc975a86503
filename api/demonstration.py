"""Pages that exist in a demonstration database only: GraphiQL from a local bundle, and a sign-in by persona."""

from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from api import bodies, clock, personas
from api.settings import Settings
from core.database import Database
from core.errors import BadCall
from core.keys import KeyRings

_LARGEST_FORM = 1024
_STATIC = Path(__file__).with_name("static")
# GraphiQL's editor sets styles from script; nothing else is allowed from anywhere.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>海河信用（演示）</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">{head}</head>{body}</html>"""
_GRAPHIQL = _PAGE.format(
    head='<link rel="stylesheet" href="/static/graphiql/graphiql.min.css">'
    '<link rel="stylesheet" href="/static/graphiql/page.css">',
    body='<body><div id="graphiql"></div>'
    '<script src="/static/graphiql/react.production.min.js"></script>'
    '<script src="/static/graphiql/react-dom.production.min.js"></script>'
    '<script src="/static/graphiql/graphiql.min.js"></script>'
    '<script src="/static/graphiql/start.js"></script></body>',
)
_STYLE = '<link rel="stylesheet" href="/static/graphiql/sign-in.css">'


def graphiql() -> Response:
    """The query page."""
    return HTMLResponse(_GRAPHIQL, headers={"Content-Security-Policy": _POLICY})


def routes(settings: Settings, rings: KeyRings, database: Database) -> list[BaseRoute]:
    """The sign-in page and the files behind both pages."""

    async def choose(_request: Request) -> Response:
        return choice()

    async def sign_in(request: Request) -> Response:
        try:
            form = parse_qs((await _form(request)).decode("ascii", "replace"))
        except (BadCall, ValueError):
            form = {}
        name = next(iter(form.get("persona", [])), "")
        if name not in personas.PERSONAS:
            return page("<h1>没有这个演示身份</h1>", 404)
        async with database.reading() as unit:
            party_id = await personas.party_of(unit, name)
        token = personas.mint(rings, name, party_id, audience=settings.audience, at=clock.now())
        return page(
            f"<h1>{escape(name)}</h1><p>访问令牌，十五分钟内有效：</p>"
            f"<textarea readonly>{escape(token)}</textarea><p><a href='/graphql'>GraphiQL</a></p>"
        )

    return [
        Route("/sign-in", choose, methods=["GET"]),
        Route("/sign-in", sign_in, methods=["POST"]),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]


async def _form(request: Request) -> bytes:
    return await bodies.read(request.receive, request.headers.get("content-length", ""), most=_LARGEST_FORM)


def choice(hidden: str = "") -> Response:
    """The page of personas; its form goes where the page came from, with `hidden` in it."""
    items = "".join(
        f'<li><button name="persona" value="{escape(name)}">{escape(name)}</button> {escape(persona.who)}</li>'
        for name, persona in personas.PERSONAS.items()
    )
    return page(f"<h1>选择演示身份</h1><form method='post'>{hidden}<ul>{items}</ul></form>")


def page(body: str, status: int = 200) -> Response:
    """A plain page of the demonstration."""
    text = _PAGE.format(head=_STYLE, body=f"<body>{body}</body>")
    return HTMLResponse(text, status, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})
