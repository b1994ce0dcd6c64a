"""The words for parameters and fields in the OpenAPI documents: by name, or by schema and name where it means more."""

from collections.abc import Mapping

from mockkommunicate.openapi.words_control import CONTROL
from mockkommunicate.openapi.words_fidelity import FIDELITY

ACTOR = "The user on whose behalf the call is made; percent-escapes are decoded."

PATH: Mapping[str, str] = {
    "application_id": "The app's application id, or `default`.",
    "user_id": "The user's id.",
    "conversation_id": "The conversation's id.",
    "request_id": "The request's number in the journal.",
    "fault_id": "The fault's number.",
    "delivery_id": "The delivery's number.",
    "file_id": "The file's number.",
    "name": "The snapshot's name.",
    "blob_key": "The file's blobKey, or its thumbnail's.",
}
"""The parameters of paths."""

_CONVERSATION: Mapping[str, str] = {
    "groupName": "The conversation's name.",
    "groupMemberList": "The ids of its members; unknown ones become customers.",
    "clientGroupId": "The caller's own id of the conversation, unique in the app.",
    "CreateConversation.metadata": "Anything as strings; SKIP_ROUTING, CONVERSATION_ASSIGNEE, CONVERSATION_STATUS and KM_TEAM_ID steer.",
    "groupId": "The conversation's id, as a number or a numeric string.",
    "ChangeStatus.status": "The status, as the number that it has on the wire: 2 closes, 3 is spam.",
    "sendNotifyMessage": "Whether a message in the conversation tells of the change.",
    "assignee": "The id of the agent or the bot that it is assigned to.",
    "takeOverFromBot": "Whether the bots leave the conversation.",
    "WaitingList.teamId": "The team whose queue is wanted.",
    "Group.id": "The conversation's id.",
    "Group.name": "The conversation's name.",
    "adminName": "The id of its admin.",
    "adminId": "The id of its admin: the agent whom it was assigned to first, else the super admin.",
    "memberUserKeys": "Always empty.",
    "membersName": "The ids of its members.",
    "membersId": "The ids of its members.",
    "removedMembersId": "The ids of those who are no longer members.",
    "Group.users": "Its members, as user detail has them.",
    "Group.unreadCount": "Always 0.",
    "Group.type": "Always 10: a conversation of customer support.",
    "updatedAtTime": "When it last changed, in milliseconds.",
    "userCount": "How many members it has.",
    "groupUsers": "Its members, in short.",
    "childKeys": "Always empty.",
    "childClientGroupIds": "Always empty.",
    "GroupUser.status": "Always 0.",
    "GroupUser.role": "The member's role in the conversation, as a number.",
    "deleted": "Always false.",
}
_USER: Mapping[str, str] = {
    "userId": "The user's id.",
    "userName": "The user's name; absent where there is none.",
    "displayName": "The user's name.",
    "connected": "Whether the user is online.",
    "UserDetail.status": "The availability, as the number that it has on the wire.",
    "lastSeenAtTime": "When the user was last seen, in milliseconds.",
    "createdAtTime": "When it was made, in milliseconds.",
    "imageLink": "The URL of the user's picture.",
    "email": "The user's e-mail address.",
    "phoneNumber": "The user's phone number.",
    "statusMessage": "What the user says of himself.",
    "deactivated": "Whether the user was deactivated.",
    "active": "Whether the user was not deactivated.",
    "unreadCount": "How many messages the user has not read.",
    "connectedClientCount": "1 for a user who is online, else 0.",
    "lastLoggedInAtTime": "When the user last came online, in milliseconds.",
    "lastMessageAtTime": "When the user's last message was sent, in milliseconds; only if it was asked for.",
    "roleKey": "The key of the role, where it is known.",
    "roleType": "The role, as the number that it has on the wire.",
    "metadata": "Anything, with strings as values: objects and arrays must come stringified.",
    "userIdList": "The ids of the users that are wanted.",
    "phoneNumberList": "Their phone numbers.",
    "emailIds": "Their e-mail addresses.",
    "fetchLatestMessageTime": "Whether the answer has `lastMessageAtTime`.",
}
_MESSAGE: Mapping[str, str] = {
    "message": "The text.",
    "contentType": "What the message is: 0 a text, 1 an attachment, 3 HTML and so on.",
    "type": "Kept as it came.",
    "source": "The platform that it was sent from; kept as it came.",
    "fileMeta": "What is known of the attached file, as an upload answers it.",
    "fromUserName": "The id of the user who sends it.",
    "messageKey": "The message's key, unique in the app.",
    "createdAt": "When it was sent, in milliseconds.",
    "MessageDetail.status": "Always 3.",
    "to": "The id of the sender.",
    "contactIds": "The id of the sender.",
    "sent": "Always true.",
    "delivered": "Always false.",
    "read": "Always false.",
}
_FILE: Mapping[str, str] = {
    "FileMeta.name": "What the file is called.",
    "FileMeta.contentType": "The media type.",
    "FileMeta.url": "Where it can be downloaded.",
    "blobKey": "The key under which it is stored.",
    "thumbnailBlobKey": "The key of its thumbnail.",
    "size": "How many bytes it has.",
    "thumbnailUrl": "Where its thumbnail can be downloaded.",
    "UploadForm.file": "The file.",
    "files[]": "The file.",
    "aclsPrivate": "Whether its URL needs the API key; else the URL is signed and opens to whoever has it.",
    "FileUrlQuery.key": "The file's blobKey, or its thumbnail's.",
    "SignedLink.app": "Part of the signed URL, which is taken as it is.",
    "SignedLink.expires": "Part of the signed URL, which is taken as it is.",
    "SignedLink.signature": "Part of the signed URL, which is taken as it is.",
}

FIELDS: Mapping[str, str] = {**CONTROL, **FIDELITY, **_CONVERSATION, **_USER, **_MESSAGE, **_FILE}
"""The fields of bodies and the parameters of queries."""
