"""What a label owes where is told on the command line, and the agreement under which it may be left out is made there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vivant.cli.labels import label_wish
from vivant.cli.running import run
from vivant.cli.wishes import Lasting, Shown
from vivant.places import Places
from vivant.provenance.consent import attest, write_consent
from vivant.provenance.safekeeping import utc_now

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], own_home: Path) -> Told:
    del own_home

    def read(*words: str) -> dict[str, Any]:
        capsys.readouterr()
        assert run([*words, "--json"]) == 0, capsys.readouterr()
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        return said

    return read


@pytest.fixture
def consent(own_home: Path) -> str:
    path = own_home / "consent.json"
    write_consent(attest("self", person="A Name Nobody Has", now=utc_now()), path)
    return str(path)


@pytest.fixture
def number(told: Told) -> str:
    return str(told("label", "terms", "--language", "zh")["sha256"])[:12]


def agreeing(consent: str, number: str, *more: str) -> list[str]:
    return [
        "label", "agree", "--consent", consent, "--read", number, "--language", "zh", *more,
    ]  # fmt: skip


def test_the_duties_of_a_territory_are_told_with_their_sources(
    told: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    here = told("label", "show", "--territory", "CN")

    assert here["text"] == "AI 生成"
    assert here["duties"][0]["sources"]
    assert told("label", "show")["text"] == "AI 生成 · AI GENERATED"
    assert run(["label", "show", "--territory", "fr"]) == 0
    out = capsys.readouterr().out
    assert "AI GENERATED" in out
    assert "Regulation (EU) 2024/1689" in out


def test_somebody_who_has_read_the_terms_can_agree_and_the_log_tells(
    told: Told, consent: str, number: str
) -> None:
    made = told(*agreeing(consent, number, "--territory", "CN", "--days", "7"))

    (kept,) = told("label", "log")["agreements"]
    assert kept["waiver_id"] == made["waiver_id"]
    assert kept["state"] == "open"
    assert kept["films"] == []
    assert told("label", "log", "--tidy")["removed"] == []
    assert "Name" not in json.dumps(kept)


def test_the_log_says_which_agreement_is_missing(
    told: Told, consent: str, number: str, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = told(*agreeing(consent, number, "--territory", "CN"))
    for path in (own_home / "data" / "waivers").iterdir():
        path.unlink()

    assert run(["label", "log", "--json"]) == 4
    (lost,) = json.loads(capsys.readouterr().out)["lost"]
    assert (lost["waiver_id"], lost["is_there"]) == (made["waiver_id"], False)


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (("--territory", "DE"), 3, "European Union"),
        ((), 2, "Say where the film will be shown"),
        (("--territory", "CN", "--days", "999"), 2, "1 to 180"),
        (("--territory", "CN", "--by", "Somebody"), 2, "32 hex digits"),
    ],
)
def test_what_cannot_be_agreed_to_is_told_in_one_line(
    more: tuple[str, ...],
    code: int,
    says: str,
    consent: str,
    number: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(agreeing(consent, number, *more)) == code
    assert says in capsys.readouterr().err.replace("\n", " ")


def test_nobody_agrees_to_what_they_have_not_read(
    consent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in ("", "0123456789ab", "8f"):
        assert run(agreeing(consent, number, "--territory", "CN")) == 2
        assert "vivant label terms" in capsys.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--territory", "Utopia"), 2, "ISO 3166-1"),
        (("--waiver", "0" * 32), 3, "no such agreement"),
    ],
)
def test_a_film_with_a_label_that_cannot_be_is_refused_before_any_work(
    words: tuple[str, ...],
    code: int,
    says: str,
    own_home: Path,
    consent: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    photo, to = own_home / "photo.png", own_home / "film.mp4"
    photo.write_bytes(b"no picture at all")

    film = ["film", str(photo), "--say", "Hello.", "--consent", consent, "-o", str(to)]
    assert run([*film, *words]) == code

    assert says in capsys.readouterr().err.replace("\n", " ")
    assert not to.exists()


def test_a_waiver_brings_its_territories(
    told: Told, consent: str, number: str, own_home: Path
) -> None:
    made = told(*agreeing(consent, number, "--territory", "CN"))
    (folder,) = own_home.rglob("waivers")
    places = Places(data=folder.parent, cache=folder.parent)

    wish = label_wish(Shown(waiver=made["waiver_id"], between=Lasting.SMALL), places=places)

    assert wish.territories == ("CN",)
    assert wish.throughout == "small"
    assert wish.labelling().is_left_out
