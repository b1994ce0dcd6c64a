"""The served OpenAPI documents, and what a fuzzer makes of them.

CI runs the small size; `MOCKKOMMUNICATE_TEST_SCALE=20 pytest tests/test_openapi.py` is the full one.
"""

import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from mockkommunicate import App, MockKommunicate

EXAMPLES = 25 * int(os.environ.get("MOCKKOMMUNICATE_TEST_SCALE", "1"))
PATHS = [
    ("/rest/ws/group/conversation", "POST"),
    ("/rest/ws/user/v2/detail", "POST"),
    ("/rest/ws/message/v2/send", "POST"),
    ("/rest/ws/message/send", "POST"),
    ("/rest/ws/group/status/change", "PATCH"),
    ("/rest/ws/user/update", "POST"),
    ("/rest/ws/group/assignee/change", "PATCH"),
    ("/rest/ws/upload/image", "POST"),
    ("/rest/ws/upload/file", "POST"),
    ("/rest/ws/file/url", "GET"),
    ("/rest/ws/aws/file/{blob_key}", "GET"),
    ("/rest/ws/aws/file/url", "GET"),
    ("/rest/ws/aws/file/url", "POST"),
    ("/rest/ws/group/waiting/list", "GET"),
]


def document(server: MockKommunicate, name: str) -> dict[str, Any]:
    answer = requests.get(f"{server.url}/_mock/openapi/{name}.json", timeout=10)
    assert answer.status_code == 200
    return dict(answer.json())


def test_the_document_of_the_emulated_api_has_every_operation(server: MockKommunicate) -> None:
    described = document(server, "kommunicate")

    routes = {(path, method.upper()) for path, item in described["paths"].items() for method in item}
    assert described["openapi"].startswith("3.1")
    assert routes == set(PATHS)


def test_the_document_of_the_control_api_has_every_route_of_it(server: MockKommunicate) -> None:
    described = document(server, "control")

    assert "/_mock/apps/{application_id}/conversations/{conversation_id}/messages" in described["paths"]
    assert set(described["paths"]["/_mock/apps"]) == {"get", "post"}


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), PATHS, ids=lambda value: value)
def test_no_generated_request_gets_an_answer_outside_the_document(
    server: MockKommunicate, app: App, path: str, method: str, mode: GenerationMode
) -> None:
    # Refusals of the service itself come with HTTP 200, which the fuzzer would take for wrong data accepted.
    schema = schemathesis.openapi.from_dict(document(server, "kommunicate"))
    operation = schema[path][method]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def fuzz(case: Any) -> None:
        answer = case.call(base_url=app.url, headers={"Api-Key": app.api_key})
        case.validate_response(answer, excluded_checks=[negative_data_rejection])

    fuzz()
