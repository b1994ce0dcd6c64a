"""The operations that are emulated, in the order of the documentation; those that only clients know come last."""

OPERATIONS = (
    "conversation.create",
    "user.detail",
    "message.send",
    "message.send_attachment",
    "conversation.status",
    "user.update",
    "conversation.assignee",
    "file.upload_image",
    "file.upload",
    "file.url",
    "file.download",
    "file.upload_url",
    "file.upload_signed",
    "conversation.waiting_list",
)
"""Their names, by which faults, the journal and the contract files call them."""
