"""Engines in processes of their own: they answer, break, fall silent, and end with us."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elsewhere import environment, packages_of
from vivant.errors import MissingError
from vivant.models import wire
from vivant.models.apart import Refused, Worker, WorkerBrokeError, python_for
from vivant.places import Places

HUM = '''
"""A worker that hums, and does whatever else a bad one may do."""
import math, os, sys, threading
from vivant.models.wire import RefusedError, floats
import array

print("loading", file=sys.stdout)  # libraries do that

def hum(facts, sounds):
    print("humming", facts["count"])
    step = 2 * math.pi * facts["hz"] / 16000
    return {"times": [len(s) for s in sounds]}, [array.array("f", (math.sin(step * i) for i in range(facts["count"])))]

def vanish(facts, sounds):
    print("private words", file=sys.stderr)
    print("of two lines", file=sys.stderr, flush=True)
    os._exit(7)

def fall_silent(facts, sounds): threading.Event().wait()
def refuse(facts, sounds): raise RefusedError("input", "pitch")
def stumble(facts, sounds): raise RuntimeError("private words")
def want(facts, sounds): import not_installed_at_all

def who(facts, sounds):
    import importlib.util
    return {"pid": os.getpid(), "typer": importlib.util.find_spec("typer") is not None}, []

TASKS = dict(hum=hum, vanish=vanish, fall_silent=fall_silent, refuse=refuse, stumble=stumble, want=want, who=who)
'''


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without our libraries, that has the humming worker."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    found, own = environment(home, lend=False), packages_of(home)
    (own / "hum.py").write_text(HUM)
    (own / "sick.py").write_text("import not_installed_at_all")
    (own / "dead.py").write_text("import os; os._exit(5)")
    return found


@pytest.fixture
def worker(python: Path) -> Worker:
    return Worker("hum", engine="hum", python=python)


def pid(worker: Worker) -> int:
    return int(worker.ask("who", {}).facts["pid"])


def test_it_hums_what_was_asked(worker: Worker) -> None:
    said = worker.ask("hum", {"hz": 440, "count": 160}, np.zeros(3, np.float32))
    worker.close()

    (sound,) = said.sounds
    expected = np.sin(2 * np.pi * 440 / 16_000 * np.arange(160))
    np.testing.assert_allclose(sound, expected, atol=1e-6)
    assert said.facts["times"] == [3]


def test_it_stays_for_the_next_question_and_goes_when_told(worker: Worker) -> None:
    first, second = pid(worker), pid(worker)
    worker.close()
    third = pid(worker)
    worker.close()

    assert first == second != third


def test_our_libraries_are_not_lent(worker: Worker) -> None:
    told = worker.ask("who", {})
    worker.close()

    assert told.facts["typer"] is False


def test_threads_may_share_it(worker: Worker) -> None:
    def count(n: int) -> int:
        return len(worker.ask("hum", {"hz": 100, "count": n}).sounds[0])

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(count, range(1, 30)))
    worker.close()

    assert found == list(range(1, 30))


def test_one_that_vanishes_is_told_without_its_words_and_starts_anew(worker: Worker) -> None:
    with pytest.raises(WorkerBrokeError, match=r"hum ended.*exit status 7, 3 lines") as caught:
        worker.ask("vanish", {})
    after = pid(worker)
    worker.close()

    assert "private" not in str(caught.value)
    assert after


def test_one_that_falls_silent_is_stopped(worker: Worker) -> None:
    pid(worker)

    with pytest.raises(WorkerBrokeError, match=r"gave no answer within 0\.2 s"):
        worker.ask("fall_silent", {}, patience_s=0.2)
    worker.close()


@pytest.mark.parametrize(
    ("task", "reason", "what"),
    [
        ("refuse", "input", "pitch"),
        ("stumble", "broke", "RuntimeError"),
        ("want", "missing", "not_installed_at_all"),
        ("unheard_of", "broke", "KeyError"),
    ],
)
def test_what_goes_wrong_inside_is_told_by_kind(
    worker: Worker, task: str, reason: str, what: str
) -> None:
    with pytest.raises(Refused) as caught:
        worker.ask(task, {})
    alive = pid(worker)
    worker.close()

    assert (caught.value.reason, caught.value.what) == (reason, what)
    assert alive


def test_a_missing_library_is_told_at_the_first_question(python: Path) -> None:
    worker = Worker("sick", engine="sick", python=python)

    for _ in range(2):
        with pytest.raises(Refused) as caught:
            worker.ask("who", {})
        assert caught.value.what == "not_installed_at_all"


def test_one_that_dies_while_it_starts_is_told(python: Path) -> None:
    with pytest.raises(WorkerBrokeError, match="exit status 5"):
        Worker("dead", engine="dead", python=python).ask("who", {})


def test_a_python_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="Give the python of a virtual environment"):
        Worker("hum", engine="hum", python=tmp_path / "python").ask("who", {})


def test_it_ends_with_the_process_that_asked(python: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vivant.models.apart import Worker\n"
        "worker = Worker('hum', engine='hum', python=Path(sys.argv[1]))\n"
        "print(worker.ask('who', {}).facts['pid'], flush=True)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(python)], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    assert not Path(f"/proc/{done.stdout.strip()}").exists()


def test_an_environment_in_the_folder_of_engines_is_found(tmp_path: Path, python: Path) -> None:
    home = tmp_path / "engines" / "hum" / "bin"
    home.mkdir(parents=True)
    (home / "python").symlink_to(python)
    places = Places(data=tmp_path, cache=tmp_path)

    assert python_for("hum", module="nothing_such", places=places) == home / "python"
    assert python_for("other", module="nothing_such", places=places) is None
    assert python_for("other", module="numpy", places=places) == Path(sys.executable)
    assert python_for("hum", module="numpy", places=places, python=python) == python


@given(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    st.lists(st.lists(st.floats(width=32, allow_nan=False), max_size=9), max_size=3),
)
def test_every_message_comes_back_as_it_went(
    facts: dict[str, int | str], sounds: list[list[float]]
) -> None:
    facts.pop("sounds", None)
    pipe = io.BytesIO()
    wire.write(pipe, facts, [wire.floats(np.array(sound, np.float32)) for sound in sounds])
    pipe.seek(0)

    found = wire.read(pipe)

    assert found is not None
    assert found[0] == facts
    assert [sound.tolist() for sound in found[1]] == sounds
    assert wire.read(pipe) is None


@given(st.binary(min_size=1, max_size=60))
def test_junk_in_a_pipe_is_garbled_or_a_message(junk: bytes) -> None:
    try:
        found = wire.read(io.BytesIO(junk))
    except wire.GarbledError:
        return
    assert found is not None
