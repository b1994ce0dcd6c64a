"""What is said in the demo: the script of its bot, and what its customers write."""

from typing import Any, NamedTuple

BOT = "order-bot"

_CHOICES = [
    {"title": "Where is my order?", "message": "Where is my order?"},
    {"title": "I want a refund", "message": "I want a refund"},
    {"title": "Talk to a human", "message": "I would like to talk to a human"},
]
_ORDER = [
    {
        "title": "Order 1042",
        "subtitle": "Two mugs and a teapot",
        "header": {"overlayText": "On its way"},
        "description": "It left our warehouse this morning and arrives tomorrow before noon.",
        "titleExt": "$ 48",
        "buttons": [
            {
                "name": "It is the wrong one",
                "action": {"type": "quickReply", "payload": {"message": "That is the wrong order"}},
            },
            {
                "name": "Talk to a human",
                "action": {"type": "quickReply", "payload": {"message": "I would like to talk to a human"}},
            },
        ],
    }
]


def _rich(message: str, template: str, payload: object) -> dict[str, Any]:
    return {
        "message": message,
        "metadata": {"contentType": "300", "templateId": template, "payload": payload},
    }


SCRIPT: dict[str, Any] = {
    "kind": "scripted",
    "rules": [
        {
            "event": "WELCOME",
            "replies": [_rich("Hello! I am the order bot. What can I do for you?", "6", _CHOICES)],
        },
        {
            "pattern": "human|agent|person|complain",
            "replies": [{"message": "I get you a colleague.", "metadata": {"KM_ASSIGN_TO": ""}}],
        },
        {"pattern": r"\b1042\b", "replies": [_rich("I found it.", "10", _ORDER)]},
        {
            "pattern": "refund|money|charged",
            "replies": [{"message": "A colleague decides about that.", "metadata": {"KM_ASSIGN_TO": ""}}],
        },
        {"pattern": "where is my order|order", "replies": [{"message": "What is the number of your order?"}]},
        {"pattern": "thank", "replies": [{"message": "You are welcome. Have a good day!"}]},
    ],
    "otherwise": [_rich("I did not understand that.", "6", _CHOICES)],
}
"""What the bot answers."""


class Line(NamedTuple):
    """What a customer writes, so many seconds after the last; with a file, if it has a name."""

    after: float
    text: str
    file: str | None = None


class Story(NamedTuple):
    """A customer, what the conversation is called, and the lines."""

    customer: str
    name: str
    conversation: str
    lines: tuple[Line, ...]


STORIES = (
    Story(
        "ada",
        "Ada Okafor",
        "My order",
        (
            Line(3, "Hi! Where is my order?"),
            Line(6, "It is 1042"),
            Line(9, "Perfect, thank you!"),
        ),
    ),
    Story(
        "bruno",
        "Bruno Martins",
        "Charged twice",
        (
            Line(4, "Hello, you charged me twice"),
            Line(8, "Here is the invoice", "invoice.txt"),
            Line(20, "Is anybody there?"),
        ),
    ),
    Story(
        "chen",
        "Chen Wei",
        "A broken teapot",
        (
            Line(3, "The teapot was broken when it came 😕"),
            Line(7, "I would like to talk to a human"),
            Line(12, "I can send a photo if that helps"),
        ),
    ),
    Story(
        "dilara",
        "Dilara Şahin",
        "Another address",
        (
            Line(5, "Merhaba, can I still change the address of my order?"),
            Line(8, "It is not 1042 but 1043"),
            Line(10, "Could an agent look at it, please?"),
        ),
    ),
    Story(
        "emil",
        "Emil Sørensen",
        "Nobody answers the phone",
        (
            Line(4, "I want to complain: nobody answers the phone"),
            Line(15, "Thank you for the quick answer, by the way"),
        ),
    ),
)
"""The customers, in the order in which they come."""
