"""Requests that are generated from the OpenAPI document, good and bad: every answer is one that the document names.

The service runs in a process of its own, with its default settings and a database that nobody else needs.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.api.app import create_app
from service.settings import load_settings
from tests.api.process import Service
from tests.api.support import KEY_HEADER

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    found = Service(tmp_path_factory.mktemp("generated") / "data").start()
    yield found
    assert found.end() == 0


LEFT_OUT: Final = {
    "/v1/events": "its answer does not end",
    "/v1alpha1/comments:suggestscore": "it answers 501, and asks for nothing",
}
DOCUMENT: Final = create_app(load_settings({}, {})).openapi()
OPERATIONS: Final = [
    found.ok()
    for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if found.ok().path not in LEFT_OUT
]
ASKED: Final = [
    pytest.param(found, mode, id=f"{found.method} {found.path} {mode.name.lower()}")
    for found in OPERATIONS
    for mode in GenerationMode
    # What asks for nothing cannot be asked wrongly.
    if mode is GenerationMode.POSITIVE
    or {"parameters", "requestBody"} & set(DOCUMENT["paths"][found.path][found.method])
]


@pytest.mark.parametrize(("operation", "mode"), ASKED)
def test_every_answer_is_one_that_the_document_names(service: Service, operation: Any, mode: GenerationMode) -> None:
    @given(operation.as_strategy(generation_mode=mode))
    @settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=service.url, headers=KEY_HEADER, checks=CHECKS)

    ask()
