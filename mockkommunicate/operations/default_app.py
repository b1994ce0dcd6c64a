"""The default app: there from the start, with its scenario or an imported state."""

import logging

from mockkommunicate.domain.errors import StartError, TooManyApps
from mockkommunicate.operations import state
from mockkommunicate.operations.emulator import Emulator
from mockkommunicate.store import apps
from mockkommunicate.store.records import App

log = logging.getLogger("mockkommunicate")


def start(emulator: Emulator) -> App:
    """Answer the default app; make and fill it when the database does not have it, give it the key asked for.

    Raises StartError when the key belongs to another app, or the apps are too many.
    """
    settings = emulator.settings
    if not emulator.is_ready():
        _make(emulator)
    elif settings.import_file is not None:
        log.warning("the database holds the app already; %s was not imported", settings.import_file)
    with emulator.work_on(settings.application_id) as work:
        if settings.api_key in {None, work.app.api_key}:
            return work.app
        if apps.find_by_key(work.connection, str(settings.api_key)) is not None:
            raise StartError(
                f"the API key belongs to another app of the database than {work.app_id!r}; give another (--api-key)"
            )
        work.app = work.app._replace(api_key=str(settings.api_key))
        return work.app


def _make(emulator: Emulator) -> None:
    settings = emulator.settings
    try:
        _fill(emulator)
    except TooManyApps as error:
        raise StartError(error.description) from error
    if not emulator.is_ready():
        raise StartError(
            f"the app {settings.application_id!r} cannot be made: the API key {settings.default_api_key!r} belongs to "
            f"another app of the database; give it one of its own (--api-key)"
        )


def _fill(emulator: Emulator) -> None:
    """Make the default app from the file to import, or else its scenario."""
    settings = emulator.settings
    given = state.load_first(settings)
    if given is not None:
        emulator.import_app(given, application_id=settings.application_id, api_key=settings.default_api_key)
        return
    emulator.create_app(
        application_id=settings.application_id,
        api_key=settings.default_api_key,
        scenario=settings.default_scenario,
        seed=settings.seed,
    )
