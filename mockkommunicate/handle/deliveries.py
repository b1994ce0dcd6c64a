"""The deliveries of an app, as its handle has them; and the calls that all of the handle is made of."""

from collections.abc import Mapping
from typing import Any, Literal, Unpack
from urllib.parse import quote

from mockkommunicate.handle.calls import Caller
from mockkommunicate.handle.disturbances import Disturbance, written
from mockkommunicate.handle.faults import Fault
from mockkommunicate.handle.results import JSON, Delivery

Kind = Literal["webhook", "bot", "any"]


class Deliveries:
    """What an app sent to its webhook and its bots, or owes them."""

    application_id: str
    _caller: Caller
    _settled: int

    def control(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Make any call under /_mock/apps/APP; raise ControlFailed when it is refused."""
        return self._caller.call(method, self._path(path), body)

    def deliveries(self, **filters: object) -> list[Delivery]:
        """List the deliveries, the oldest first; those of one `state`, `kind` or `conversation` if given."""
        return [Delivery.of(entry) for entry in self._pages("deliveries", filters)]

    def delivery(self, delivery_id: int) -> Delivery:
        """Answer one delivery."""
        return Delivery.of(self.control("GET", f"deliveries/{delivery_id}"))

    def redeliver(self, delivery_id: int) -> Delivery:
        """Send a finished delivery again, behind all that is owed in its conversation; answer it, pending."""
        return Delivery.of(self.control("POST", f"deliveries/{delivery_id}/redeliver"))

    def disturb(self, kind: Kind = "any", **rule: Unpack[Disturbance]) -> Fault:
        """Disturb deliveries to the "webhook" or a "bot": those of a `conversation`, ... given; see docs/pytest.md."""
        return Fault(self.control, self.control("POST", "faults", written(kind, rule)))

    def settle(self, timeout: float = 10.0) -> list[Delivery]:
        """Wait until nothing is pending; answer the deliveries since this handle settled last, the oldest first.

        Where the clock stands still, what is due later stays pending. Raises TimeoutError when the time is over.
        """
        asked = {"timeoutMs": round(timeout * 1_000), "after": self._settled}
        answer = self._caller.call("POST", self._path("settle"), asked, longer=timeout)
        if answer["timedOut"]:
            first = next((entry for entry in answer["deliveries"] if entry["state"] == "pending"), None)
            told = f"; the first: {Delivery.of(first)}" if first else ""
            raise TimeoutError(f"{answer['pending']} deliveries are pending after {timeout} s{told}")
        self._settled = answer["last"]
        return [Delivery.of(entry) for entry in answer["deliveries"]]

    def _pages(self, path: str, filters: Mapping[str, object]) -> list[JSON]:
        kind = path.rpartition("/")[2]
        return [entry for page in self._caller.pages(self._path(path), filters) for entry in page[kind]]

    def _path(self, path: str) -> str:
        return f"/_mock/apps/{quote(self.application_id)}/{path}".rstrip("/")
