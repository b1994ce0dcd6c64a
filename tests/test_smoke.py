from tests.client import Client, ok


def test_a_conversation_goes_round(client: Client) -> None:
    group = client.created("user-1")
    assert ok(client.status(group["id"], 2)) == "updated"
    assert client.detail("user-1").json()[0]["userId"] == "user-1"
