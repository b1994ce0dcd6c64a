"""The emulator: settings and a database, and the way to any app's work."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mockkommunicate.domain.apps import API_KEY, GATEWAY, application_id_of
from mockkommunicate.domain.errors import KeyMissing, KeyUnknown, TooManyApps
from mockkommunicate.operations import apps as operations
from mockkommunicate.operations import copies, lookup, reactions, scenarios, state
from mockkommunicate.operations.carrier import Carrier, Nobody
from mockkommunicate.operations.work import Work
from mockkommunicate.settings import Settings
from mockkommunicate.store import apps, deliveries
from mockkommunicate.store.database import Database
from mockkommunicate.store.records import App
from mockkommunicate.store.statements import Connection
from mockkommunicate.telemetry import Gauge, Measures, Tracer, Unmeasured, Untraced


class Emulator:
    """What every request works with. It holds no state of its own: that is all in the database.

    `carrier` sends what is owed; until it is given one, nobody does. So it is with `measures`, which count, and the `tracer`.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.carrier: Carrier = Nobody()
        self.measures: Measures = Unmeasured("nobody was told to")
        self.tracer: Tracer = Untraced()

    @contextmanager
    def work(self, api_key: str | None) -> Iterator[Work]:
        """Begin a writing transaction on the app of a key; raise KeyMissing or KeyUnknown."""
        with self._writing(lambda connection: self._locked(connection, api_key)) as work:
            yield work

    @contextmanager
    def look(self, api_key: str | None) -> Iterator[Work]:
        """Begin reading the app of a key; raise KeyMissing or KeyUnknown."""
        with self.database.read() as connection:
            app = apps.find_by_key(connection, _given(api_key))
            if app is not None:
                yield Work(connection, app)
                return
        with self.work(api_key) as work:
            yield work

    @contextmanager
    def work_on(self, application_id: str) -> Iterator[Work]:
        """Begin a writing transaction on an app by its id; raise ControlError when there is none."""
        with self._writing(lambda connection: lookup.get_app(connection, application_id, lock=True)) as work:
            yield work

    @contextmanager
    def work_at_gateway(self) -> Iterator[Work]:
        """Begin a writing transaction on what keeps the journal of requests that belong to no app."""
        with self._writing(operations.lock_gateway) as work:
            yield work

    @contextmanager
    def look_at_gateway(self) -> Iterator[Work]:
        """Begin reading what keeps the journal of requests that belong to no app."""
        with self.database.read() as connection:
            yield Work(connection, apps.find(connection, GATEWAY) or operations.gateway())

    @contextmanager
    def look_at(self, application_id: str) -> Iterator[Work]:
        """Begin reading an app by its id; raise ControlError when there is none."""
        with self.database.read() as connection:
            app = lookup.get_app(connection, application_id, lock=False)
            yield Work(connection, app)

    def is_ready(self) -> bool:
        """Tell whether the default app is there; it comes together with its scenario."""
        with self.database.read() as connection:
            return apps.find(connection, self.settings.application_id) is not None

    def gauges(self) -> list[Gauge]:
        """Answer how much there is of what can be counted at once."""
        with self.database.read() as connection:
            return [
                Gauge("apps", "Apps that there are.", apps.count(connection)),
                Gauge(
                    "deliveries_pending",
                    "Calls to webhooks and bots that are owed.",
                    deliveries.count_all_pending(connection),
                ),
            ]

    def list_apps(self) -> Sequence[App]:
        """List every app."""
        with self.database.read() as connection:
            return apps.list_all(connection)

    def create_app(
        self,
        *,
        scenario: str,
        application_id: str | None = None,
        api_key: str | None = None,
        seed: int | None = None,
        at: int | None = None,
        users: list[dict[str, Any]] | None = None,
        settings: dict[str, Any] | None = None,
    ) -> App | None:
        """Create an app and fill it; None when its id or key is taken. Raises TooManyApps and ScenarioError."""
        content = scenarios.load(scenario)
        app = operations.new(
            application_id=application_id, api_key=api_key, scenario=scenario, seed=seed, at=at
        )

        def fill(work: Work) -> None:
            operations.fill(work, content, users_too=users or [], settings=settings or {})

        return self._create(app, fill)

    def fork_app(
        self,
        origin: str,
        *,
        snapshot: str | None = None,
        users: list[dict[str, Any]] | None = None,
        settings: dict[str, Any] | None = None,
        **wanted: Any,  # noqa: ANN401 - what copies.fork takes
    ) -> App | None:
        """Create an app that goes on from another, or from a snapshot of it; None when its id or key is taken.

        Raises TooManyApps, and ControlError when there is no such app or snapshot.
        """
        with self.database.write() as connection:
            source = lookup.get_app(connection, origin, lock=True)
            if snapshot is not None:
                source = copies.get_snapshot(connection, source, snapshot)
            app = copies.fork(source, **wanted)

            def fill(work: Work) -> None:
                copies.copy_content(work, source)
                operations.extend(work, users_too=users or [], settings=settings or {})

            return app if self._add(connection, app, fill) else None

    def import_app(self, given: dict[str, Any], *, application_id: str, api_key: str) -> App | None:
        """Create an app from a loaded state; None when its id or key is taken. Raises TooManyApps."""
        app = operations.new(
            application_id=application_id, api_key=api_key, scenario=given["scenario"], seed=given["seed"]
        )

        def fill(work: Work) -> None:
            state.replace(work, given)

        return self._create(app, fill)

    def _create(self, app: App, fill: Callable[[Work], None]) -> App | None:
        with self.database.write() as connection:
            return app if self._add(connection, app, fill) else None

    def _add(self, connection: Connection, app: App, fill: Callable[[Work], None]) -> bool:
        if apps.count(connection) >= self.settings.max_apps:
            raise TooManyApps(self.settings.max_apps)
        if not apps.add_if_new(connection, app):
            return False
        with self._working(connection, app) as work:
            fill(work)
        return True

    def _locked(self, connection: Connection, api_key: str | None) -> App:
        """Find and lock the app of a key; a made-up key `auto-...` makes its app on first use."""
        api_key = _given(api_key)
        found = apps.find_by_key(connection, api_key, lock=True)
        application_id = application_id_of(api_key) if found is None else None
        if application_id is not None:
            scenario = self.settings.default_scenario
            app = operations.new(
                application_id=application_id,
                api_key=api_key,
                scenario=scenario,
                seed=self.settings.seed,
            )
            content = scenarios.load(scenario)
            self._add(connection, app, lambda work: scenarios.apply(work, content))
            found = apps.find_by_key(connection, api_key, lock=True)
        if found is None:
            raise KeyUnknown
        return found

    @contextmanager
    def _writing(self, find: Callable[[Connection], App]) -> Iterator[Work]:
        """Begin a writing transaction on an app; whoever sends what it owes is told when it is committed."""
        with self.database.write() as connection, self._working(connection, find(connection)) as work:
            yield work
        if work.leading:
            self.carrier.wake(work)
        for count in work.counts:
            self.measures.count(count)

    @contextmanager
    def _working(self, connection: Connection, app: App) -> Iterator[Work]:
        work = Work(connection, app)
        yield work
        reactions.run(work)
        if work.leading:
            self.carrier.prepare(work)
        work.finish()


def _given(api_key: str | None) -> str:
    if not api_key:
        raise KeyMissing
    if not API_KEY.match(api_key):
        raise KeyUnknown
    return api_key
