"""The bodies and statuses of what the emulated API refuses."""

from typing import Any

_ENTRY = {
    "type": "object",
    "properties": {
        "errorCode": {
            "type": "string",
            "description": "Kommunicate's code, or one of ours: MOCK- and a word.",
        },
        "description": {"type": "string", "description": "What was wrong, and what would be right."},
        "displayMessage": {"type": "string", "description": "What a client shows."},
    },
    "required": ["errorCode", "description", "displayMessage"],
    "additionalProperties": False,
}
ERROR: dict[str, Any] = {
    "type": "object",
    "description": "The envelope of a refusal.",
    "properties": {
        "status": {"const": "error"},
        "errorResponse": {"type": "array", "minItems": 1, "maxItems": 1, "items": _ENTRY},
        "generatedAt": {"type": "integer", "description": "When it was answered, in milliseconds."},
    },
    "required": ["status", "errorResponse", "generatedAt"],
    "additionalProperties": False,
}
_GATEWAY = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
    "additionalProperties": False,
}
MALICIOUS: dict[str, Any] = {
    "type": "object",
    "properties": {"errorCode": {"const": "MALICIOUS_CONTENT"}},
    "required": ["errorCode"],
    "additionalProperties": False,
}
REFUSALS = {
    "401": "A missing or unknown key, in the gateway's words",
    "400": "A body or parameters that cannot be taken: MOCK-BODY, MOCK-PARAM",
    "405": "Another method: AL-MA-01",
    "413": "A body over the limit: MOCK-BODY; a file over the app's own: MOCK-FILE",
    "503": "The database does not answer: MOCK-STORE",
}
OF_FILES = {
    "403": "A signed link that is wrong or has expired: MOCK-FILE",
    "404": "No such file: MOCK-FILE",
}
BY_STATUS: dict[str, dict[str, Any]] = {"401": _GATEWAY}
"""What is answered with a status, where it is not the envelope."""
