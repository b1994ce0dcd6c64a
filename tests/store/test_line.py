"""The line in which writers wait."""

import threading
import time

import pytest

from mockkommunicate.domain.errors import StoreUnavailable
from mockkommunicate.store.line import Line
from tests.postgres import wait_until


def waiting(line: Line) -> int:
    return len(line._waiting)


def test_who_finds_nobody_in_the_line_enters_at_once() -> None:
    line = Line()
    for _ in range(3):
        line.enter(timeout=0.01)
        line.leave()


def test_waiters_are_served_first_come_first_served() -> None:
    line, served = Line(), list[int]()

    def wait(number: int) -> None:
        line.enter(timeout=20)
        served.append(number)
        line.leave()

    line.enter(timeout=1)
    threads = [threading.Thread(target=wait, args=(number,)) for number in range(20)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_until(lambda number=number: waiting(line) == number)
    line.leave()
    for thread in threads:
        thread.join()

    assert served == list(range(20))


def test_nobody_is_inside_with_somebody_else() -> None:
    line, inside, most = Line(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            line.enter(timeout=20)
            inside += 1
            most = max(most, inside)
            time.sleep(0)
            inside -= 1
            line.leave()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (most, inside) == (1, 0)


def test_who_waits_too_long_is_told_so_and_leaves_the_line() -> None:
    line = Line()
    line.enter(timeout=1)

    with pytest.raises(StoreUnavailable, match=r"other writers held it for 0\.05 seconds"):
        line.enter(timeout=0.05)
    assert waiting(line) == 0
    line.leave()
    line.enter(timeout=0.05)
    line.leave()


def test_who_gave_up_is_passed_over_and_the_next_is_served() -> None:
    line, served = Line(), threading.Event()
    line.enter(timeout=1)

    def give_up() -> None:
        with pytest.raises(StoreUnavailable):
            line.enter(timeout=0.3)

    def stay() -> None:
        line.enter(timeout=20)
        served.set()

    first, second = threading.Thread(target=give_up), threading.Thread(target=stay)
    first.start()
    wait_until(lambda: waiting(line) == 1)
    second.start()
    wait_until(lambda: waiting(line) == 2)
    first.join()
    line.leave()
    second.join(timeout=20)

    assert served.is_set()


def test_giving_up_and_being_served_at_the_same_moment_loses_no_turn() -> None:
    line = Line()
    outcomes = list[str]()

    def try_to() -> None:
        try:
            line.enter(timeout=0.001)
        except StoreUnavailable:
            outcomes.append("gave up")
        else:
            outcomes.append("served")
            line.leave()

    for _ in range(300):
        line.enter(timeout=5)
        thread = threading.Thread(target=try_to)
        thread.start()
        time.sleep(0.001)
        line.leave()
        thread.join()

    assert len(outcomes) == 300
    line.enter(timeout=0.1)
    line.leave()
