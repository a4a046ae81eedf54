"""The draft check: what a human agent is about to send in, findings with better wordings out; nothing is kept."""

from typing import Annotated, Final

from fastapi import Body, Path, Request
from starlette.responses import JSONResponse

from ...risk.draft_rules import load_draft_rules
from ...risk.lint import check_draft
from ...risk.phrases import FALLBACK_LANGUAGE
from ...risk.reply_model import load_reply_model
from ...store import ConversationRecord
from ..auth import Access, guarded_router
from ..errors import BadBody, BodyTooLarge, Busy, Invalid, NotFound, NotJson
from ..examples import DRAFT_EXAMPLES
from ..limits import check_text
from ..openapi import documented
from ..present import findings_to_json
from ..runtime import Runtime, runtime_of
from ..wire import Identifier
from ..wire_draft import DraftOut, DraftRequest

check_it = guarded_router(Access.CHECK, "conversations")
ROUTERS: Final = (check_it,)


@check_it.post(
    "/v1/conversations/{conversation_id}/draft",
    name="checkDraft",
    response_model=DraftOut,
    responses=documented(BadBody, NotFound, BodyTooLarge, NotJson, Invalid, Busy),
)
async def check(
    request: Request,
    conversation_id: Annotated[Identifier, Path()],
    body: Annotated[DraftRequest, Body(openapi_examples=DRAFT_EXAMPLES)],
) -> JSONResponse:
    """Check a reply before it is sent: what may make things worse, why, and what to say instead.

    The draft is compared with the conversation so far, and neither stored nor logged. Without
    `language` it is read in the conversation's language.
    """
    runtime = runtime_of(request)
    check_text(body, runtime.settings)
    return JSONResponse(await runtime.in_store(_checked, runtime, conversation_id, body))


def _checked(runtime: Runtime, conversation_id: str, body: DraftRequest) -> dict[str, object]:
    """Read and compare in one job beside the event loop."""
    found: ConversationRecord | None = runtime.store.conversation(conversation_id)
    if found is None:
        raise NotFound("There is no conversation with this id.")
    rules = load_draft_rules()
    language = body.language or found.summary.language or FALLBACK_LANGUAGE
    language = language if language in rules else FALLBACK_LANGUAGE
    findings = check_draft(body.text, found.turns, rules[language], load_reply_model())
    return findings_to_json(language, findings)
