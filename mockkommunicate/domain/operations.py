"""The operations that are emulated, in the order of the documentation."""

OPERATIONS = (
    "conversation.create",
    "user.detail",
    "message.send",
    "message.send_attachment",
    "conversation.status",
    "user.update",
    "conversation.assignee",
)
"""Their names, by which faults, the journal and the contract files call them."""
