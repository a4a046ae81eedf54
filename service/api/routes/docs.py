"""/docs: the OpenAPI document as a page that works without any network; Swagger UI comes from a package."""

from importlib import resources
from typing import Final

from fastapi import APIRouter, Response

from ..errors import NotFound
from ..middleware import CONTENT_SECURITY_POLICY

router = APIRouter(include_in_schema=False)
ROUTERS: Final = (router,)

_OWN, _SWAGGER = "service.api.pages", "fastapi_swagger.resources"
_FILES: Final = {
    "docs.js": (_OWN, "text/javascript"),
    "swagger-ui.css": (_SWAGGER, "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER, "text/javascript"),
    "favicon-32x32.png": (_SWAGGER, "image/png"),
}
# Swagger UI writes style attributes; no script of any other origin, and none inline, runs here either.
_POLICY: Final = CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


@router.get("/docs", name="readDocs")
def read_docs() -> Response:
    """Return the page."""
    page = resources.files(_OWN).joinpath("docs.html").read_bytes()
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/{name}", name="readDocsFile")
def read_docs_file(name: str) -> Response:
    """Return one of the page's files."""
    if name not in _FILES:
        raise NotFound("There is nothing at this address.")
    package, media_type = _FILES[name]
    content = resources.files(package).joinpath(name).read_bytes()
    return Response(content, media_type=media_type, headers={"Cache-Control": "max-age=3600"})
