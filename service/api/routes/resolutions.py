"""What solved escalations: searched by words, and shown beside a conversation that is like them."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Path, Query, Request
from starlette.responses import JSONResponse

from ...risk.search import MAX_WORDS, words_of
from ...store import SimilarResolution
from ..auth import Access, guarded_router
from ..errors import Busy, FieldError, Invalid, NotFound
from ..openapi import documented
from ..runtime import runtime_of
from ..wire import Identifier, Language, Name
from ..wire_reports import ResolutionsOut, SimilarsOut

read = guarded_router(Access.READ, "resolutions")
ROUTERS: Final = (read,)


@read.get("/v1/resolutions", name="findResolutions", response_model=ResolutionsOut, responses=documented(Invalid, Busy))
async def find_resolutions(
    request: Request,
    query: Annotated[str | None, Query(max_length=200, description="Words, or how they begin.")] = None,
    language: Annotated[Language | None, Query()] = None,
    queue: Annotated[Name | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JSONResponse:
    """Find notes on what solved a conversation: all words must occur in the note or in what the customer came with.

    Capitals and diacritics do not matter. The more often they occur, in the note above all, the earlier; then
    the latest first. Without a query: the latest. The query is neither logged nor kept.
    """
    words = () if query is None else _words(query)
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.find_resolutions, words, language=language, queue=queue, limit=limit)
    return JSONResponse({"resolutions": [asdict(resolution) for resolution in found]})


@read.get(
    "/v1/conversations/{conversation_id}/similar",
    name="findSimilar",
    response_model=SimilarsOut,
    responses=documented(NotFound, Invalid, Busy),
)
async def find_similar(
    request: Request,
    conversation_id: Annotated[Identifier, Path()],
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> JSONResponse:
    """Show what ended conversations like this one: the same rules, threats, or words that customers came with.

    What was a false alarm or stayed unsolved is left out. Without kept texts, rules and threats alone compare.
    """
    runtime = runtime_of(request)
    found = await runtime.in_store(runtime.store.similar_resolutions, conversation_id, limit)
    if found is None:
        raise NotFound("There is no conversation with this id.")
    return JSONResponse({"conversation_id": conversation_id, "similar": [_similar(item) for item in found]})


def _words(query: str) -> tuple[str, ...]:
    words = words_of(query)
    if 0 < len(words) <= MAX_WORDS:
        return words
    message = f"must hold 1 to {MAX_WORDS} words"
    raise Invalid(f"query {message}", errors=[FieldError("query", message)])


def _similar(found: SimilarResolution) -> dict[str, object]:
    in_common = asdict(found.match)
    del in_common["conversation_id"]
    return {**asdict(found.resolution), "similarity": in_common.pop("score"), "in_common": in_common}
