"""An independent client of the emulated API: `requests`, and nothing of ours."""

from typing import Any

import requests

ADMIN = "admin@example.com"


class Client:
    """Calls with one API key. Each call answers the `requests.Response`; `ok` its unwrapped answer."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Api-Key"] = api_key

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request as `requests` does; `path` begins with a slash."""
        return self.session.request(method, f"{self.url}{path}", timeout=60, **options)

    def create(self, *members: str, **body: Any) -> requests.Response:
        """Create a conversation."""
        given = {"groupName": "A question", "groupMemberList": list(members or ["user-1"]), **body}
        return self.call("POST", "/rest/ws/group/conversation", json=given)

    def created(self, *members: str, **body: Any) -> dict[str, Any]:
        """Create a conversation and answer its group object."""
        return dict(ok(self.create(*members, **body)))

    def detail(self, *user_ids: str, **options: Any) -> requests.Response:
        """Get the details of users."""
        body = {"userIdList": list(user_ids)}
        return self.call("POST", "/rest/ws/user/v2/detail", **{"json": body, **options})

    def send(self, group_id: object, sender: str = "user-1", **body: Any) -> requests.Response:
        """Send a message."""
        given = {"groupId": group_id, "message": "Hello", "fromUserName": sender, **body}
        return self.call("POST", "/rest/ws/message/v2/send", json=given)

    def attach(self, group_id: object, actor: str | None = ADMIN, **body: Any) -> requests.Response:
        """Send an attachment."""
        given = {
            "groupId": group_id,
            "message": "A file",
            "contentType": 1,
            "fileMeta": {"blobKey": "b"},
            **body,
        }
        return self.call("POST", "/rest/ws/message/send", json=given, headers=_as(actor))

    def status(
        self, group_id: object, status: object, actor: str | None = ADMIN, **query: Any
    ) -> requests.Response:
        """Change the status."""
        params = {"groupId": group_id, "status": status, **query}
        return self.call("PATCH", "/rest/ws/group/status/change", params=params, headers=_as(actor))

    def assign(
        self, group_id: object, assignee: str, actor: str | None = ADMIN, **query: Any
    ) -> requests.Response:
        """Change the assignee."""
        params = {"groupId": group_id, "assignee": assignee, **query}
        return self.call("PATCH", "/rest/ws/group/assignee/change", params=params, headers=_as(actor))

    def upload(
        self, name: str = "a.txt", content: bytes = b"abc", kind: str = "text/plain", **options: Any
    ) -> requests.Response:
        """Upload an attachment."""
        form = {"file": (name, content, kind)}
        return self.call("POST", "/rest/ws/upload/image?aclsPrivate=true", files=form, **options)

    def uploaded(self, *file: Any) -> dict[str, Any]:
        """Upload an attachment and answer its fileMeta."""
        response = self.upload(*file)
        assert response.status_code == 200, response.text
        assert "blobKey" in response.json(), response.text
        return dict(response.json())

    def signed(self, blob_key: str) -> str:
        """Answer the signed URL of a file."""
        response = self.call("GET", "/rest/ws/file/url", params={"key": blob_key})
        assert response.status_code == 200, response.text
        return response.text

    def download(self, blob_key: str, **options: Any) -> requests.Response:
        """Download a file with the key."""
        return self.call("GET", f"/rest/ws/aws/file/{blob_key}", **options)

    def waiting(self, team: str | None = None, **options: Any) -> requests.Response:
        """List those who wait."""
        params = {} if team is None else {"teamId": team}
        return self.call("GET", "/rest/ws/group/waiting/list", **{"params": params, **options})

    def update(self, user_id: str | None, **body: Any) -> requests.Response:
        """Update a user."""
        return self.call("POST", "/rest/ws/user/update", json=body, headers=_as(user_id))


def _as(actor: str | None) -> dict[str, str]:
    return {} if actor is None else {"Of-User-Id": actor}


def ok(response: requests.Response) -> Any:
    """Answer what a success envelope holds; fail on anything else."""
    body = response.json()
    assert response.status_code == 200, body
    assert list(body) == ["status", "generatedAt", "response"], body
    assert body["status"] == "success"
    assert isinstance(body["generatedAt"], int)
    return body["response"]


def refused(response: requests.Response, status: int = 200) -> dict[str, str]:
    """Answer the one entry of an error envelope; fail on anything else."""
    body = response.json()
    assert response.status_code == status, body
    assert list(body) == ["status", "errorResponse", "generatedAt"], body
    assert body["status"] == "error"
    (entry,) = body["errorResponse"]
    assert list(entry) == ["errorCode", "description", "displayMessage"]
    return dict(entry)
