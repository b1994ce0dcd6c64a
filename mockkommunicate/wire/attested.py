"""Names that Kommunicate's documentation and clients send and that do nothing here, and metadata keys with a meaning."""

from collections.abc import Mapping

_CREDENTIALS = """
access-token app-module-name application-key apz-appid apz-product-app apz-token authorization device-key
userid-enabled x-authorization
"""
CREDENTIALS = frozenset(_CREDENTIALS.split())
"""Headers by which other clients of the service identify themselves (documented and observed); in lower case."""

_MESSAGE = """
alert applicationKey contactIds conversationId createdAtTime delivered deviceKey fileMetaKey groupAssignee
groupStatus key pairedMessageKey platform read scheduledAt sendToDevice senderName sent shared status
supportCustomerName timeToLive to topicId userKey
"""
_MESSAGE_FIELDS = tuple(_MESSAGE.split())
"""The rest of the message object, which some clients send whole (observed)."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "conversation.create": ("admin", "imageUrl", "type", "users"),
    "conversation.assignee": ("switchAssignee",),
    "file.upload_url": ("data",),
    "message.send": _MESSAGE_FIELDS,
    "message.send_attachment": _MESSAGE_FIELDS,
    "user.detail": ("contactSync",),
    "user.update": ("allowEmail", "elasticUpdate"),
}
"""What is sent with an operation besides what it takes here; for create, what its sibling group/v2/create takes."""

IN_QUERY = frozenset({"allowEmail", "data", "elasticUpdate", "switchAssignee"})
"""Those of them that are sent in the query; the others stand in the body."""

_CONVERSATION_KEYS = """
SKIP_ROUTING CONVERSATION_ASSIGNEE CONVERSATION_STATUS CONVERSATION_ASSIGNEE_KEY
CREATE_GROUP_MESSAGE REMOVE_MEMBER_MESSAGE ADD_MEMBER_MESSAGE JOIN_MEMBER_MESSAGE GROUP_NAME_CHANGE_MESSAGE
GROUP_ICON_CHANGE_MESSAGE GROUP_LEFT_MESSAGE DELETED_GROUP_MESSAGE GROUP_USER_ROLE_UPDATED_MESSAGE
GROUP_META_DATA_UPDATED_MESSAGE HIDE ALERT KM_CONVERSATION_TITLE KM_ORIGINAL_TITLE KM_TEAM_ID KM_CHAT_CONTEXT
GROUP_CREATION_URL conversationMetadata WELCOME_MESSAGE SKIP_BOT_EVENT CUSTOM_WELCOME_EVENT
KM_CONVERSATION_SUBJECT KM_TAGS KM_SUMMARY
"""
_MESSAGE_KEYS = """
skipBot category show hide KM_ASSIGN KM_ASSIGN_TO KM_ASSIGN_TEAM event KM_STATUS feedback KM_AUTO_SUGGESTION KM_FIELD
AL_REPLY AL_DELETE_GROUP_MESSAGE_FOR_ALL LOCALIZATION_VALUE NO_ALERT BADGE_COUNT KM_TRIGGER_EVENT KM_CHAT_CONTEXT
obsolete actionRequest TALK_TO_HUMAN WELCOME_EVENT
contentType templateId payload formData formAction requestType
"""
METADATA: Mapping[str, tuple[str, ...]] = {
    "conversation.create": tuple(_CONVERSATION_KEYS.split()),
    "message.send": tuple(_MESSAGE_KEYS.split()),
    "message.send_attachment": tuple(_MESSAGE_KEYS.split()),
    "user.update": ("KM_PSEUDO_USER",),
}
"""Keys of metadata that mean something to the service or to a client, by operation (documented and observed)."""

LEGAL_KEYS = frozenset(key for keys in METADATA.values() for key in keys) | {
    "action",
    "skipBotEvent",
}
"""Keys that are no misspelt others, wherever they stand."""

OTHER_WORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "groupName": "name title conversationtitle grouptitle",
        "groupMemberList": "members memberids memberlist membersid userids useridlist",
        "groupId": "id conversation conversationid channelkey",
        "assignee": "agent agentid assigneeid",
        "status": "state",
        "fromUserName": "from sender senderid userid username",
        "message": "text content",
        "displayName": "name username",
        "imageLink": "image imageurl avatar",
        "userIdList": "id ids users userid userids",
        "ofUserId": "fromusername from sender senderid userid",
    }.items()
}
"""What a name is called elsewhere on the wire, or by who guesses; folded."""
