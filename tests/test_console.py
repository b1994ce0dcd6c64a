"""The console in a real browser: every panel used, and compared with what the API says."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, FilePayload, Route

from mockkommunicate import App, MockKommunicate
from tests import rich
from tests.browsing import PANELS, Console
from tests.client import ADMIN, Client
from tests.receivers import Receiver

JANE = "jane@example.com"


@pytest.fixture(scope="module")
def server() -> Iterator[MockKommunicate]:
    """One server: the console knows nothing of databases."""
    with MockKommunicate() as running:
        yield running


@pytest.fixture
def app(server: MockKommunicate) -> App:
    """A team at work."""
    return server.create_app(scenario="support-team", seed=7)


@pytest.fixture
def empty(server: MockKommunicate) -> App:
    """An app in which nothing has happened."""
    return server.create_app()


@pytest.fixture
def console(browser: Browser, server: MockKommunicate) -> Iterator[Console]:
    """A page of the test's own."""
    console = Console(browser, server.url)
    yield console
    console.close()


@pytest.mark.usefixtures("app")
def test_the_ready_lines_url_leads_to_the_default_app(server: MockKommunicate, console: Console) -> None:
    console.page.goto(f"{server.url}/_mock/console")
    console.is_live()

    assert (
        console.page.url == f"{server.url}/_mock/console#/{server.default_app.application_id}/conversations"
    )


def test_a_strangers_first_five_minutes(app: App, console: Console) -> None:
    page = console.open(app.application_id, "conversations").page
    page.locator(".row").first.wait_for()
    listed = app.control("GET", "inbox")["conversations"]
    assert console.texts(".row-name") == [entry["name"] for entry in listed]

    look_at_a_conversation(app, console)
    send_an_agent_away(app, console)
    copy_a_request(app, console)
    let_requests_fail(app, console)
    assert console.count(".guide li[data-done]") == 6
    page.get_by_role("button", name="Put this away").click()
    page.reload()
    console.is_live()
    assert page.locator(".guide").is_hidden()


def look_at_a_conversation(app: App, console: Console) -> None:
    page = console.page
    page.get_by_role("link", name=re.compile("^A wrong invoice")).click()
    for who, text in (("the customer", "Here it is again."), ("an agent or a bot", "Thank you, I see it.")):
        composer = page.get_by_role("textbox", name=f"Write as {who}")
        composer.fill(text)
        composer.press("Enter")
        page.locator(".bubble", has_text=text).wait_for()
    page.get_by_role("button", name="Resolve").click()
    page.locator(".conversation-head .chip", has_text="Resolved").wait_for()

    conversation = next(one for one in app.conversations() if one.name == "A wrong invoice")
    said = [(message.sender, message.text) for message in app.messages(conversation.id)]
    assert said[-3:-1] == [("customer-2", "Here it is again."), (JANE, "Thank you, I see it.")]
    assert conversation.status == 2


def send_an_agent_away(app: App, console: Console) -> None:
    console.page.get_by_role("link", name="People", exact=True).click()
    console.see("Next turn")
    console.page.get_by_label(f"Availability of {JANE}").select_option("away")
    console.page.locator("tr[data-skipped=away]", has_text="Jane").wait_for()

    assert next(user for user in app.users() if user.id == JANE).availability == "away"


def copy_a_request(app: App, console: Console) -> None:
    console.page.get_by_role("link", name="Journal", exact=True).click()
    console.see("No request yet")
    sent = Client(app.url, app.api_key).detail(JANE)
    console.page.get_by_role("link", name=re.compile("user.detail")).click()
    console.page.get_by_role("button", name="Copy as pytest").click()
    console.see("test copied")

    assert sent.status_code == 200
    assert console.copied() == app.control("GET", "requests/1/pytest")["pytest"]


def let_requests_fail(app: App, console: Console) -> None:
    console.page.get_by_role("link", name="Faults", exact=True).click()
    console.page.get_by_role("button", name="Add the fault").click()
    console.see("struck 0 of 0 matching requests")

    assert [fault.rule["do"] for fault in app.faults()] == [{"gateway": 429}]


def test_the_guide_leads_back_to_the_conversation_that_was_open(app: App, console: Console) -> None:
    conversation = app.conversations()[0]
    page = console.open(app.application_id, "conversations", conversation.id).page
    page.locator(".message").first.wait_for()
    page.get_by_role("link", name="Journal", exact=True).click()
    console.see("No request yet")
    step = page.get_by_role("link", name="Answer as an agent, on the right.")
    step.focus()
    step.press("Enter")
    page.locator(".message").first.wait_for()

    assert page.url.endswith(f"#/{app.application_id}/conversations/{conversation.id}")
    assert page.evaluate("() => document.activeElement.textContent") == "Answer as an agent, on the right."


def test_from_an_app_that_is_not_there_a_link_leads_to_one_that_is(
    server: MockKommunicate, console: Console
) -> None:
    app = server.create_app()
    page = console.open(app.application_id, "people").page
    console.see("Super Admin")
    requests.delete(f"{server.url}/_mock/apps/{app.application_id}", timeout=10)
    console.see("This app is no longer there.")
    page.get_by_role("link", name="Go to the default app").click()
    console.is_live()
    page.wait_for_url("**#/mock-app/conversations")
    page.goto(f"{server.url}/_mock/console#/%E0%A4%A/people")

    console.see("no app '%E0%A4%A'")
    assert page.locator("#connection").inner_text() == "The app is gone"


def test_what_a_client_does_is_seen_as_it_happens(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "conversations").page
    console.see("There is no conversation yet")
    client = Client(empty.url, empty.api_key)
    group_id = client.created("carl", groupName="Just now")["id"]
    page.get_by_role("link", name=re.compile("^Just now")).click()
    console.see("No message yet")

    client.send(group_id, "carl", message="I am writing this")
    console.see("I am writing this")
    client.assign(group_id, "bot")
    console.see("Somebody changed the assignee to Bot.")

    empty.control("DELETE", "users/carl")
    page.get_by_text("carl", exact=True).first.wait_for()


def test_the_list_is_searched_filtered_and_paged(server: MockKommunicate, console: Console) -> None:
    app = server.create_app(scenario={"generate": {"agents": 3, "customers": 40, "conversations": 130}})
    page = console.open(app.application_id, "conversations").page
    page.locator(".rows .row").nth(49).wait_for()
    page.get_by_role("button", name="Show more").click()
    page.locator(".rows .row").nth(99).wait_for()
    page.get_by_role("button", name="Show more").click()
    page.locator(".rows .row").nth(129).wait_for()
    assert console.count(".rows .row") == 130

    page.get_by_label("Status", exact=True).select_option("2")
    closed = app.control("GET", "inbox?status=2&limit=50")["conversations"]
    page.locator(".rows .row").nth(len(closed) - 1).wait_for()
    page.wait_for_function(
        "count => document.querySelectorAll('.rows .row').length === count", arg=len(closed)
    )
    assert console.texts(".row-name") == [entry["name"] for entry in closed]

    page.get_by_role("searchbox").fill("no such thing")
    console.see("No conversation is like that.")


def test_a_conversation_is_taken_over_assigned_reopened_and_marked(app: App, console: Console) -> None:
    conversation = next(one for one in app.conversations() if one.name == "Where is my order?")
    page = console.open(app.application_id, "conversations", conversation.id).page
    page.get_by_role("button", name="Take over from bot").wait_for()
    page.get_by_label("Write as an agent or a bot: who").select_option(JANE)
    page.get_by_role("button", name="Take over from bot").click()
    console.see("Assigned to Jane Agent")
    assert app.conversation(conversation.id).assignee == JANE
    assert "order-bot" not in app.conversation(conversation.id).members

    page.get_by_label("Assignee", exact=True).last.select_option("omar@example.com")
    console.see("Assigned to Omar Agent")
    page.get_by_role("button", name="Spam").click()
    page.locator(".conversation-head .chip[data-status='3']").wait_for()
    page.get_by_role("button", name="Reopen").click()
    page.locator(".conversation-head .chip[data-status='0']").wait_for()
    page.get_by_label("Set the status").select_option("5")
    page.locator(".conversation-head .chip[data-status='5']").wait_for()
    page.get_by_role("button", name="Mark read").click()
    page.wait_for_function("() => !document.querySelector('.row[aria-current] .unread')")

    seen = app.conversation(conversation.id)
    assert (seen.assignee, seen.status) == ("omar@example.com", 5)


def test_an_agent_at_his_limit_is_told_of(app: App, console: Console) -> None:
    app.control("PATCH", "users/lena@example.com", {"handlingLimit": 1})
    conversation = next(one for one in app.conversations() if one.name == "A wrong invoice")
    page = console.open(app.application_id, "conversations", conversation.id).page
    console.see("It is 2024-117.")
    page.get_by_label("Assignee", exact=True).last.select_option("lena@example.com")

    console.see("The agent is at the handling limit")
    assert app.conversation(conversation.id).assignee == JANE


def test_why_tells_who_was_considered_and_who_was_skipped(server: MockKommunicate, console: Console) -> None:
    app = server.create_app(users=[{"userId": JANE, "role": "agent"}])
    app.control("PATCH", f"users/{ADMIN}", {"availability": "away"})
    group_id = Client(app.url, app.api_key).created("carl")["id"]
    console.open(app.application_id, "conversations", group_id)
    console.see("Round robin")

    assert console.texts(".why tbody tr") == ["1\tSuper Admin\tskipped: away", f"2\t{JANE}\ttaken"]
    considered = app.conversation(group_id).routing["considered"]
    assert [entry["result"] for entry in considered] == ["away", "taken"]


def test_a_new_conversation_is_created_as_a_client_does(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "conversations").page
    page.get_by_role("button", name="New").click()
    page.get_by_label("Customer", exact=True).fill("dora")
    page.get_by_role("button", name="Create").click()
    console.see("Hello, can somebody help me?")

    (conversation,) = empty.conversations()
    assert "dora" in conversation.members
    assert [request.operation for request in empty.requests()] == ["conversation.create"]


def test_every_published_rich_message_is_drawn(empty: App, console: Console) -> None:
    client = Client(empty.url, empty.api_key)
    group_id = client.created("carl")["id"]
    published = [*rich.examples()]
    for _, example in published:
        metadata = rich.written(example["metadata"])
        client.send(group_id, "bot", message=str(example.get("message", "")), metadata=metadata)
    page = console.open(empty.application_id, "conversations", group_id).page
    page.locator(".message").nth(len(published) - 1).wait_for()

    parts = ".choice, .picture, fieldset, a, p, li"
    count = f"all => all.map((one) => one.querySelectorAll('.rich :is({parts})').length)"
    drawn = page.locator(".message").evaluate_all(count)
    assert [name for (name, _), parts in zip(published, drawn, strict=True) if not parts] == []


def test_a_suggested_reply_is_what_the_customer_says(empty: App, console: Console) -> None:
    client = Client(empty.url, empty.api_key)
    group_id = client.created("carl")["id"]
    metadata = {
        "contentType": "300",
        "templateId": "6",
        "payload": '[{"title": "Yes", "message": "Yes, please"}]',
    }
    client.send(group_id, "bot", message="More?", metadata=metadata)
    console.open(empty.application_id, "conversations", group_id).page.get_by_role(
        "button", name="Yes"
    ).click()
    console.see("Yes, please")

    assert [(message.sender, message.text) for message in empty.messages(group_id)][-1] == (
        "carl",
        "Yes, please",
    )


def test_what_is_wrong_with_a_rich_message_stands_below_it(empty: App, console: Console) -> None:
    client = Client(empty.url, empty.api_key)
    group_id = client.created("carl")["id"]
    client.send(
        group_id, "bot", message="?", metadata={"contentType": "300", "templateId": "6", "payload": "[{}]"}
    )
    console.open(empty.application_id, "conversations", group_id).page.locator(".findings").first.wait_for()

    (message,) = empty.messages(group_id)
    assert len(message.findings) == console.count(".findings li")
    assert message.findings[0].message in console.texts(".findings li")[0]


def test_a_file_is_attached_shown_and_saved(empty: App, console: Console) -> None:
    group_id = Client(empty.url, empty.api_key).created("carl")["id"]
    page = console.open(empty.application_id, "conversations", group_id).page
    console.see("No message yet")
    given: FilePayload = {"name": "notes <b>.txt", "mimeType": "text/plain", "buffer": b"what we said"}
    page.locator("input[aria-label='Attach a file as the customer']:enabled").set_input_files(given)
    page.locator(".file").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()

    (message,) = empty.messages(group_id)
    assert message["fileMeta"]["name"] == "notes <b>.txt"
    assert download.value.path().read_bytes() == b"what we said"
    assert [request.operation for request in empty.requests()] == ["conversation.create"]


def test_people_are_added_changed_and_deleted(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "people").page
    page.get_by_role("button", name="Add").click()
    page.get_by_label("User id").fill(JANE)
    page.get_by_label("Name", exact=True).fill("Jane")
    page.locator("dialog").get_by_role("button", name="Add").click()
    page.get_by_label(f"Handling limit of {JANE}").fill("3")
    page.get_by_label(f"Handling limit of {JANE}").press("Tab")
    page.locator("meter").wait_for()
    jane = next(user for user in empty.users() if user.id == JANE)
    assert (jane.name, jane.role, jane.limit) == ("Jane", "agent", 3)
    assert console.texts(".load")[1] == "0 of 3"

    page.get_by_role("button", name=f"Edit {JANE}").click()
    area = page.get_by_label("As JSON")
    area.fill(area.input_value().replace('"Jane"', '"Jane Doe"'))
    page.get_by_role("button", name="Save").click()
    console.see("Jane Doe")
    page.get_by_role("button", name=f"Delete {JANE}").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    page.get_by_text("Jane Doe").wait_for(state="detached")
    assert JANE not in [user.id for user in empty.users()]


def test_a_change_that_is_no_json_stays_where_it_was_typed(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "people").page
    page.get_by_role("button", name="Edit bot").click()
    area = page.get_by_label("As JSON")
    wanted = area.input_value().replace('"Bot"', '"Robot"')
    area.fill(wanted[:-1])
    page.get_by_role("button", name="Save").click()
    assert area.evaluate("area => area.validationMessage").startswith("It is no JSON: ")
    assert area.input_value() == wanted[:-1]

    area.fill(wanted)
    page.get_by_role("button", name="Save").click()
    console.see("Robot")


def test_the_journal_shows_what_came_what_was_answered_and_what_nobody_read(
    empty: App, console: Console
) -> None:
    client = Client(empty.url, empty.api_key)
    client.create("carl", grupName="x")
    client.call("GET", "/rest/ws/nowhere")
    empty.fail("user.detail", gateway=503)
    client.detail("bot")
    page = console.open(empty.application_id, "journal").page
    page.locator(".rows .row").nth(2).wait_for()
    shown = console.texts(".row-tags .chip")
    assert shown == ["503", "fault 1", "404", "200", "1 unknown"]

    page.get_by_role("link", name=re.compile("conversation.create")).click()
    console.see("did you mean groupName")
    console.see("The example that is nearest to it")
    assert '"grupName": "x"' in console.texts(".entry pre")[0]
    page.get_by_role("button", name="Copy as curl").click()
    console.see("curl command copied")
    assert console.copied() == empty.control("GET", "requests/1/curl")["curl"]


def test_an_entry_and_a_delivery_show_whom_they_can_be_traced_to(empty: App, console: Console) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    client = Client(empty.url, empty.api_key)
    client.session.headers.update({"X-Request-Id": "order-17", "traceparent": parent})
    empty.settings({"webhook": {"url": "http://127.0.0.1:9/webhook"}})
    client.send(client.created("carl")["id"], "carl")
    (delivery,) = empty.settle()

    page = console.open(empty.application_id, "journal", 2).page
    console.see("request id order-17")
    console.see(f"trace {parent}")
    page.goto(page.url.partition("#")[0] + f"#/{empty.application_id}/deliveries/{delivery.id}")
    console.see(f"trace {delivery.headers['traceparent']}")
    page.locator(".entry summary", has_text="Headers").click()
    named = {name.lower(): value for name, value in delivery.headers.items()}
    shown = zip(console.texts(".entry details dt"), console.texts(".entry details dd"), strict=True)
    assert {name.lower(): value for name, value in shown} == named


def test_the_journal_is_filtered_and_emptied(empty: App, console: Console) -> None:
    client = Client(empty.url, empty.api_key)
    client.create("carl")
    client.call("GET", "/rest/ws/nowhere")
    page = console.open(empty.application_id, "journal").page
    page.locator(".rows .row").nth(1).wait_for()
    page.get_by_label("HTTP status").fill("404")
    page.get_by_label("HTTP status").press("Tab")
    page.wait_for_function("() => document.querySelectorAll('.rows .row').length === 1")
    page.get_by_role("button", name="Clear").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    console.see("No request is like that.")
    assert empty.requests() == []


def test_what_is_deleted_from_the_journal_goes_from_the_page(empty: App, console: Console) -> None:
    client = Client(empty.url, empty.api_key)
    for _ in range(3):
        client.detail("bot")
    page = console.open(empty.application_id, "journal", 2).page
    page.get_by_role("button", name="Delete", exact=True).click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_function("() => document.querySelectorAll('.rows .row').length === 2")
    assert [text.split()[0] for text in console.texts(".row-last")] == ["#3", "#1"]

    empty.control("DELETE", "requests")
    client.detail("bot")
    page.wait_for_function("() => document.querySelectorAll('.rows .row').length === 1")
    assert [text.split()[0] for text in console.texts(".row-last")] == ["#4"]


def test_an_answer_to_the_filter_before_is_not_shown(empty: App, console: Console) -> None:
    client = Client(empty.url, empty.api_key)
    client.detail("bot")
    client.create("carl")
    page = console.open(empty.application_id, "journal").page
    page.locator(".rows .row").nth(1).wait_for()
    held: list[Route] = []
    page.route("**/requests?**", lambda route: route.continue_() if held else held.append(route))
    client.create("carl")
    while not held:
        page.wait_for_timeout(10)
    page.get_by_label("Operation").select_option("user.detail")
    held[0].continue_()
    page.wait_for_function("() => document.querySelectorAll('.rows .row').length === 1")

    assert console.texts(".row-name") == ["POST user.detail"]


def test_who_presses_something_does_not_wait_for_the_page_to_rest(empty: App, console: Console) -> None:
    counts = console.open(empty.application_id, "clock").page.evaluate(
        """async () => {
            const { calmly } = await import(new URL("console/live.js", document.baseURI));
            const hour = { least: 3600000, often: 3600000 };
            const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
            let count = 0;
            const calm = calmly(async () => void (count += 1), hour);
            const counts = [];
            for (const call of [calm.ask, calm.ask, calm.now]) {
                call();
                await soon();
                counts.push(count);
            }
            return counts;
        }"""
    )

    assert counts == [1, 1, 2]


def test_deliveries_are_shown_sent_again_and_settled(empty: App, console: Console) -> None:
    with Receiver(lambda _: (500, b"no")) as receiver:
        empty.settings({"webhook": {"url": receiver.url}})
        client = Client(empty.url, empty.api_key)
        client.send(client.created("carl")["id"], "carl", message="Hello")
        page = console.open(empty.application_id, "deliveries").page
        page.locator(".rows .chip[data-state=failed]").wait_for()
        page.locator(".rows .row").click()
        console.see('"message": "Hello"')
        page.get_by_role("button", name="Redeliver").click()
        console.see("Attempts (2)")
        page.get_by_role("button", name="Settle").click()
        console.see("Settled: nothing is owed.")

        (delivery,) = empty.deliveries()
        assert [attempt.status for attempt in delivery.attempts] == [500, 500]
        assert len(receiver.got) == 2


def test_a_fault_is_added_counted_and_deleted_and_a_wrong_one_says_why(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "faults").page
    console.see("Nothing fails at present.")
    page.get_by_label("Begin with").select_option("The gateway is down")
    page.get_by_role("button", name="Add the fault").click()
    console.see("struck 0 of 0")
    assert Client(empty.url, empty.api_key).detail("bot").status_code == 503
    console.see("struck 1 of 1")
    page.get_by_role("button", name="Delete the fault 1").click()
    console.see("Nothing fails at present.")

    page.get_by_label("The rule, as JSON").fill('{"match": {"operaton": "x"}, "do": {"gateway": 503}}')
    page.get_by_role("button", name="Add the fault").click()
    console.see("did you mean 'operation'?")
    page.get_by_label("The rule, as JSON").fill('{"match"')
    page.get_by_role("button", name="Add the fault").click()
    console.see("The rule is no JSON: ")
    assert empty.faults() == []


def test_the_clock_is_frozen_moved_and_let_go(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "clock").page
    page.get_by_label("Set to").fill("2030-01-31T12:00:00Z")
    page.get_by_role("button", name="Freeze there").click()
    console.see("The clock stands still.")
    assert empty.control("GET", "clock") == {"now": 1896091200000, "mode": "frozen"}
    page.get_by_role("button", name="+ 1 hour").click()
    page.wait_for_function("() => document.querySelector('.big').textContent.includes('13:00')")
    assert empty.control("GET", "clock")["now"] == 1896094800000
    page.locator("#top-clock", has_text="Clock frozen").wait_for()
    page.get_by_role("button", name="Resume").click()
    console.see("The clock runs.")


def test_snapshots_are_taken_restored_and_forked(empty: App, console: Console) -> None:
    empty.add_customer("carl")
    page = console.open(empty.application_id, "snapshots").page
    page.get_by_role("button", name="Take a snapshot").click()
    page.get_by_label("Name", exact=True).fill("with-carl")
    page.get_by_role("button", name="Take", exact=True).click()
    page.get_by_role("button", name="Restore with-carl").wait_for()
    empty.control("DELETE", "users/carl")
    page.get_by_role("button", name="Restore with-carl").click()
    page.locator("dialog").get_by_role("button", name="Restore").click()
    console.see("Restored with-carl")
    assert "carl" in [user.id for user in empty.users()]

    page.get_by_role("button", name="Fork with-carl").click()
    page.wait_for_url("**/conversations")
    fork = page.url.split("#/")[1].split("/")[0]
    assert fork != empty.application_id
    assert requests.get(f"{empty.url}/_mock/apps/{fork}/users/carl", timeout=10).ok


def test_the_state_goes_out_and_in(empty: App, console: Console) -> None:
    empty.add_customer("carl")
    page = console.open(empty.application_id, "snapshots").page
    with page.expect_download() as download:
        page.get_by_role("button", name="Export the state").click()
    exported = download.value.path()
    assert (
        exported.read_bytes()
        == requests.get(f"{empty.url}/_mock/apps/{empty.application_id}/state", timeout=10).content
    )
    page.locator("input[type=file]").set_input_files(exported)
    page.get_by_role("button", name="Import", exact=True).click()
    console.see("imported")


def test_settings_are_changed_one_at_a_time(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "settings").page
    page.get_by_label("dialect").select_option("observed")
    console.see("dialect changed")
    page.get_by_label("strict").check()
    console.see("strict changed")
    page.get_by_label("handlingLimit").fill("4")
    page.get_by_label("handlingLimit").press("Tab")
    console.see("handlingLimit changed")
    page.wait_for_timeout(400)
    assert page.evaluate("() => document.activeElement.labels[0].textContent") == "dialect"
    page.get_by_label("url", exact=True).fill("no address")
    page.get_by_label("url", exact=True).press("Tab")
    console.see("must be an http or https URL")

    settings = empty.settings()
    assert (settings["dialect"], settings["strict"], settings["handlingLimit"]) == ("observed", True, 4)
    assert settings["webhook"]["url"] is None
    page.wait_for_function(
        "() => [...document.querySelectorAll('input')].every((one) => one.value !== 'no address')"
    )


def test_the_app_is_filled_again_and_others_are_created(empty: App, console: Console) -> None:
    page = console.open(empty.application_id, "scenario").page
    page.get_by_role("combobox", name="Scenario").select_option("at-capacity")
    page.get_by_role("button", name="Reset the app").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    console.see("Filled again")
    page.locator("strong", has_text="at-capacity").wait_for()
    assert len(empty.conversations()) == 3
    assert empty.api_key not in page.content()

    page.get_by_role("button", name="Create an app").click()
    page.get_by_label("Application id").fill(f"of-{empty.application_id}")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(f"**/of-{empty.application_id}/scenario")


def test_an_app_that_is_not_there_and_one_that_goes_say_so(server: MockKommunicate, console: Console) -> None:
    console.page.goto(f"{server.url}/_mock/console#/nowhere/people")
    console.see("no app 'nowhere'")
    console.see("Go to the default app").click()
    console.is_live()

    app = server.create_app()
    console.page.goto("about:blank")  # a page of its own: the one before was live already
    console.open(app.application_id, "people")
    app.delete()
    console.page.locator("#connection[data-state=gone]").wait_for()


@pytest.mark.parametrize("panel", PANELS)
def test_no_panel_is_wider_than_a_phone(app: App, browser: Browser, panel: str) -> None:
    console = Console(browser, app.url, width=390, height=844)
    console.open(app.application_id, panel)
    console.page.wait_for_timeout(300)

    assert console.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    console.close()


def test_on_a_phone_the_panel_that_is_open_can_be_seen_among_the_others(app: App, browser: Browser) -> None:
    console = Console(browser, app.url, width=390, height=844)
    console.open(app.application_id, "settings")
    current = console.page.locator(".panels [aria-current=page]")
    current.wait_for()
    box = current.bounding_box()

    assert current.inner_text() == "Settings"
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    assert console.page.locator(".panels").evaluate("nav => nav.clientHeight") < 50
    console.close()


def test_on_a_phone_a_conversation_takes_the_place_of_the_list(app: App, browser: Browser) -> None:
    console = Console(browser, app.url, width=390, height=844)
    page = console.open(app.application_id, "conversations").page
    page.get_by_role("link", name=re.compile("^A wrong invoice")).click()
    console.see("It is 2024-117.")
    assert page.locator(".listing").is_hidden()
    page.get_by_role("button", name="Back").click()

    page.locator(".listing").wait_for()
    console.close()
