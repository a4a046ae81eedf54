"""/panel: risk, reasons, phrases and draft check of one conversation, to stand in a frame of a desk's own page.

    board or secret key -> link (one-time, 10 min) -> the panel's page -> pass (12 h, in that tab's sessionStorage)

Another site's frame gets no cookie of ours, and shall get none: the pass travels in `Authorization`, so no page can make
a browser send it, and it only reads. Who may show the frame is a list of origins, by default nobody. The page itself
holds nothing of a conversation and is the same for everybody.
"""

from html import escape
from importlib import resources
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request
from starlette.responses import HTMLResponse, JSONResponse

from ...store import PANEL_LIFETIME_S
from ..auth import PASS_MARK, Access, guarded_router, signed_by
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotFound, NotJson, PersonConflict, Unauthorised
from ..examples import PANEL_LINK_EXAMPLES
from ..middleware import CONTENT_SECURITY_POLICY
from ..openapi import documented
from ..runtime import runtime_of
from ..wire_doors import PanelLinkOut, PanelLinkRequest, PanelPassRequest

page = APIRouter(include_in_schema=False)
assist = guarded_router(Access.ASSIST, "panel")
ROUTERS: Final = (page, assist)


@page.get("/panel", name="openPanel")
def open_panel(request: Request) -> HTMLResponse:
    """Return the page; who it is for is asked there."""
    origins = " ".join(runtime_of(request).settings.frame_ancestors)
    framed = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    policy = framed if origins else CONTENT_SECURITY_POLICY
    html = resources.files("service").joinpath("widget/panel/index.html").read_text(encoding="utf-8")
    return HTMLResponse(Template(html).substitute(origins=escape(origins)), headers={"Content-Security-Policy": policy})


@page.post("/panel/pass", name="beginPanel")
async def begin_panel(request: Request, body: Annotated[PanelPassRequest, Body()]) -> JSONResponse:
    """Exchange a link's token for a pass, once. Nobody is asked who they are: the token says it."""
    runtime = runtime_of(request)
    begun = await runtime.in_store(runtime.store.sessions.begin, body.token, scope="panel")
    if begun is None:
        raise Unauthorised("This link was used already, is too old, or is not a panel's. Make a new one.")
    person = {"name": begun.person.name, "display_name": begun.person.display_name}
    return JSONResponse({"pass": PASS_MARK + begun.cookie_once, "lifetime_s": PANEL_LIFETIME_S, **person}, 201)


@assist.post(
    "/v1/panel/links",
    name="makePanelLink",
    status_code=201,
    response_model=PanelLinkOut,
    responses=documented(BadBody, BodyTooLarge, NotJson, Invalid, NotFound, PersonConflict, Busy),
)
async def make_panel_link(
    request: Request, body: Annotated[PanelLinkRequest, Body(openapi_examples=PANEL_LINK_EXAMPLES)]
) -> JSONResponse:
    """Make a link that signs a person in to one panel, once and within ten minutes.

    At the board for oneself; with a secret key for whom `by` names, so that a desk can open the panel for its agents.
    """
    runtime, caller = runtime_of(request), request.state.caller
    name = signed_by(caller, body.by)
    sessions = runtime.store.sessions
    link = await runtime.in_store(sessions.mint, name, scope="panel", actor=caller.name, via=caller.kind)
    if link is None:
        raise NotFound("There is nobody of this name.")
    token = {"path": f"/panel#token={link.token_once}", "token": link.token_once}
    return JSONResponse({**token, "expires_at": link.expires_at}, 201)
