"""Work handed to another thread is done in order, and its errors come back."""

from __future__ import annotations

import threading

import pytest

from vivant.film.handover import Handover


def test_pieces_are_worked_on_in_order_beside_the_giver() -> None:
    seen: list[tuple[int, str]] = []
    handover: Handover[int] = Handover(
        lambda piece: seen.append((piece, threading.current_thread().name)), ahead=2, name="beside"
    )
    for piece in range(50):
        handover.give(piece)
    handover.finish()

    assert seen == [(piece, "beside") for piece in range(50)]


def test_the_giver_is_never_more_than_a_few_pieces_ahead() -> None:
    done, gate, farthest = [], threading.Semaphore(0), []

    def work(piece: int) -> None:
        gate.acquire()
        done.append(piece)

    handover: Handover[int] = Handover(work, ahead=3, name="slow")
    for piece in range(20):
        if piece >= 4:  # three wait and one is in work
            gate.release()
        handover.give(piece)
        farthest.append(piece + 1 - len(done))
    for _ in range(20):
        gate.release()
    handover.finish()

    assert max(farthest) <= 5
    assert done == list(range(20))


def test_what_the_work_raises_is_raised_in_the_giver() -> None:
    def work(piece: int) -> None:
        if piece == 3:
            message = "third"
            raise ValueError(message)

    handover: Handover[int] = Handover(work, ahead=1, name="failing")
    with pytest.raises(ValueError, match="third"):  # noqa: PT012
        for piece in range(100):
            handover.give(piece)
        handover.finish()
    handover.drop()


def test_an_error_in_the_last_piece_comes_out_at_the_end() -> None:
    def work(piece: int) -> None:
        message = f"piece {piece}"
        raise KeyError(message)

    handover: Handover[int] = Handover(work, ahead=2, name="failing")
    handover.give(1)

    with pytest.raises(KeyError, match="piece 1"):
        handover.finish()


def test_dropping_returns_at_once_and_may_be_done_twice() -> None:
    seen: list[int] = []
    gate = threading.Event()

    def work(piece: int) -> None:
        gate.wait()
        seen.append(piece)

    handover: Handover[int] = Handover(work, ahead=3, name="dropped")
    for piece in range(3):
        handover.give(piece)
    gate.set()
    handover.drop()
    handover.drop()

    assert len(seen) <= 3
