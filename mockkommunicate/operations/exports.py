"""The default app's state, left in a file when a server ends."""

from pathlib import Path

from mockkommunicate.domain.errors import EmulatorError
from mockkommunicate.operations import disk, state
from mockkommunicate.operations.emulator import Emulator


class ExportFailed(EmulatorError):
    """The state could not be left in its file, which is as it was before."""


def write(emulator: Emulator, file: str) -> None:
    """Write the default app's state, whole; raise ExportFailed."""
    try:
        with emulator.look_at(emulator.settings.application_id) as work:
            seen = state.look(work)
        disk.write_whole(Path(file), state.write(seen))
    except (EmulatorError, OSError) as error:
        raise ExportFailed(f"export {file}: {error}; it was not written") from error
