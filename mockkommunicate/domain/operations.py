"""The operations that are emulated, in the order of the documentation, then those that only clients know."""

OPERATIONS = (
    "conversation.create",
    "user.detail",
    "message.send",
    "message.send_attachment",
    "conversation.status",
    "user.update",
    "conversation.assignee",
    "conversation.waiting_list",
)
"""Their names, by which faults, the journal and the contract files call them."""
