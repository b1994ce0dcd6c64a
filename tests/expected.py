"""What whole answers look like: times and made-up ids by kind, everything else by value."""

import re
import time
from typing import Any

CUSTOMER_ROLE_KEY = "09a9238c-1fe9-40d9-b90c-4efd090ba4a3"


class _Now:
    """Equals a time in milliseconds of the last minutes."""

    def __eq__(self, other: object) -> bool:
        return type(other) is int and abs(time.time() * 1000 - other) < 300_000

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "<milliseconds, now>"


class Like:
    """Equals a string that a regular expression matches whole."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and re.fullmatch(self.pattern, other) is not None

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<like {self.pattern}>"


NOW: Any = _Now()


def user(user_id: str, **details: Any) -> dict[str, Any]:
    """A customer who is known by his id only, but for `details`."""
    return {
        "userId": user_id,
        "connected": False,
        "status": 0,
        "lastSeenAtTime": NOW,
        "createdAtTime": NOW,
        "deactivated": False,
        "active": True,
        "unreadCount": 0,
        "connectedClientCount": 0,
        "lastLoggedInAtTime": NOW,
        "roleKey": CUSTOMER_ROLE_KEY,
        "roleType": 3,
        "metadata": {},
        **details,
    }


def staff(user_id: str, name: str, role_type: int, **details: Any) -> dict[str, Any]:
    """An agent (role type 8) or a bot (1) who is online, but for `details`."""
    online = {"connected": True, "status": 1, "connectedClientCount": 1}
    named = {"userName": name, "displayName": name, "roleType": role_type}
    details = {**online, **named, **details}
    return {name: value for name, value in user(user_id, **details).items() if name != "roleKey"}


ADMIN = staff("admin@example.com", "Super Admin", 8, email="admin@example.com")
BOT = staff("bot", "Bot", 1)


def group(group_id: int, users: list[dict[str, Any]], **details: Any) -> dict[str, Any]:
    """A conversation as it is answered when it is created: members in the order of `users`."""
    roles = {8: 1, 1: 2, 3: 3}
    members = [user["userId"] for user in users]
    return {
        "id": group_id,
        "clientGroupId": str(group_id),
        "name": "A question",
        "adminName": "admin@example.com",
        "adminId": "admin@example.com",
        "memberUserKeys": [],
        "membersName": members,
        "membersId": members,
        "removedMembersId": [],
        "users": users,
        "unreadCount": 0,
        "type": 10,
        "createdAtTime": NOW,
        "updatedAtTime": NOW,
        "userCount": len(members),
        "groupUsers": [
            {
                "userId": user["userId"],
                "status": 0,
                "unreadCount": 0,
                "role": roles[user["roleType"]],
                "deleted": False,
            }
            for user in users
        ],
        "childKeys": [],
        "childClientGroupIds": [],
        "metadata": {"CONVERSATION_ASSIGNEE": "admin@example.com", "CONVERSATION_STATUS": "0"},
        **details,
    }


def message(group_id: int, sender: str, **details: Any) -> dict[str, Any]:
    """A message in the stream as message/v2/send makes it, but for `details`."""
    return {
        "key": Like(f"5-{group_id}-[0-9]{{13}}"),
        "from": sender,
        "to": sender,
        "contactIds": sender,
        "message": "Hello",
        "sent": True,
        "delivered": False,
        "read": False,
        "createdAtTime": NOW,
        "type": 5,
        "source": 4,
        "status": 3,
        "contentType": 0,
        "groupId": group_id,
        "metadata": {},
        **details,
    }


def notice(group_id: int, sender: str, text: str, **metadata: str) -> dict[str, Any]:
    """A notify message that the service itself writes on behalf of `sender`."""
    quiet = {"skipBot": "true", "NO_ALERT": "true", "BADGE_COUNT": "false", "category": "ARCHIVE"}
    return message(group_id, sender, message=text, contentType=10, metadata=quiet | metadata)


def error(code: str, description: str, display_message: str = "unable to process") -> dict[str, str]:
    """The one entry of an error envelope."""
    return {"errorCode": code, "description": description, "displayMessage": display_message}


NO_GROUP = error("AL-G-01", "group not found")
NO_USER = error("AL-U-01", "user not found")
