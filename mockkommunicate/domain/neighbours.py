"""Routes that Kommunicate is known to have, by its official clients, and that are not emulated."""

_NEIGHBOURS = """
group/v2/create group/v2.1/create group/create group/create/multiple group/v2/info group/info group/v5/list group/list
group/v2/list group/update group/delete group/left group/add/member group/remove/member group/add/user group/add/users
group/remove/user group/remove/users group/user/update group/details group/filter group/bytype group/support
group/support/assigned group/all group/stats group/check/user group/user/count
group/v2/assignee/change group/add/subgroup group/add/subgroups group/remove/subgroup group/remove/subgroups
group/favourite/list/get group/multiple/delete group/v2/channel
message/list message/v2/list message/v3/list message/delete message/v2/delete message/delete/conversation
message/delete/all message/info message/detail message/read message/read/conversation message/delivered message/sendall
message/search message/sync message/update/metadata message/report message/campaign/send message/add/inbox
message/transcript/send
user/detail user/filter user/v2/filter user/v3/filter user/status user/chat/status user/info user/name user/block
user/unblock user/blocked/sync user/read user/ol/list user/chat/mute user/chat/mute/list user/search/contact
user/update/password user/delete user/getlist user/change/identifier user/remove/group/all
user/session/contact/google/list
register/client register/update register/refresh/token register/version/update device/logout
application/pricing/package team/business-settings file/delete
conversation/id conversation/v2/id conversation/topicId conversation/close conversation/closeall plugin/update/sw/id
feedback/v2/v2 contact/v2/ismtexter settings/application/detail sms/add/batch sms/stat/update sms/update/delivered
"""

PATHS = frozenset(f"/rest/ws/{path}" for path in _NEIGHBOURS.split())

_PREFIXES = ("/rest/ws/attachment/", "/rest/ws/group/close/")
"""What stands before an id in such a path."""


def has(path: str) -> bool:
    """Tell whether Kommunicate is known to have a path."""
    return path in PATHS or any(path.startswith(prefix) and path != prefix for prefix in _PREFIXES)
