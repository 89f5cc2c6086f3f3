"""A notice says what platforms need, names nobody, and is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from paper_trail import BROTHER, NOON, a_record
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent_events import object_to, withdraw
from vivant.provenance.ledger import Ledger
from vivant.provenance.sealing import check_seal
from vivant.provenance.takedown import (
    LANGUAGES,
    By,
    NothingToTakeDownError,
    Recognised,
    UnsureError,
    write_notice,
)

CONSENT_ID = "1" * 32
FILM_ID = a_record().film_id
URL = "https://videos.example/watch?v=1"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    facts = {"film_id": FILM_ID, "consent_id": CONSENT_ID}
    Ledger.in_places(found).append("film.made", facts, now=NOON)
    return found


def recognised(by: By = "pictures") -> Recognised:
    return Recognised(
        made_id=FILM_ID,
        by=by,
        score=0.93,
        why="93 of 100 pictures are the same.",
        file_sha256="f" * 64,
        file_bytes=123,
        papers={"credentials": "stripped", "watermark": "holds"},
        compared=True,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", get_args(By))
def test_a_notice_tells_where_how_and_since_when(places: Places, language: str, by: By) -> None:
    withdraw(CONSENT_ID, now=NOON, places=places)

    notice = write_notice(recognised(by), urls=[URL], languages=[language], now=NOON, places=places)

    text = notice.texts[language]
    assert URL in text
    assert FILM_ID in text
    assert notice.sha256 in text
    assert "2026" in text
    assert "$" not in text
    assert ("93 %" in text) == (by == "pictures")
    assert CONSENT_ID not in text


def test_the_evidence_is_sealed_and_tells_no_address(places: Places) -> None:
    withdraw(CONSENT_ID, now=NOON + timedelta(days=1), places=places)

    notice = write_notice(recognised(), urls=[URL], now=NOON + timedelta(days=2), places=places)

    assert check_seal(notice.evidence, places=places).ok
    assert notice.evidence["since"] == "2026-11-22T12:00:00Z"
    assert notice.evidence["recognised"]["score"] == 0.93
    assert b"videos.example" not in notice.attachment
    assert "videos.example" not in Ledger.in_places(places).path.read_text()


def test_writing_the_same_notice_again_adds_no_line(places: Places) -> None:
    withdraw(CONSENT_ID, now=NOON, places=places)

    first, again = (write_notice(recognised(), now=NOON, places=places) for _ in range(2))

    events = [entry.event for entry in Ledger.in_places(places).entries()]
    assert first.notice_id == again.notice_id
    assert events.count("notice.written") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consent_that_ended_by_itself_is_told_as_that(places: Places, language: str) -> None:
    facts = {"record_id": CONSENT_ID, "expires": "2026-11-22T00:00:00Z"}
    Ledger.in_places(places).append("consent.given", facts, now=NOON)
    after = NOON + timedelta(days=9)

    notice = write_notice(recognised(), languages=[language], now=after, places=places)

    assert notice.evidence["state"] == "expired"
    assert "$" not in notice.texts[language]


def test_an_objection_is_told_as_one(places: Places) -> None:
    object_to(CONSENT_ID, by=BROTHER, now=NOON, places=places)

    notice = write_notice(recognised(), now=NOON, places=places)

    assert "objection" in notice.texts["en"]
    assert "[address]" in notice.texts["en"]


@pytest.mark.parametrize("by", ["pictures", "aigc"])
def test_what_only_looks_like_a_film_is_compared_by_a_person_first(places: Places, by: By) -> None:
    withdraw(CONSENT_ID, now=NOON, places=places)

    with pytest.raises(UnsureError, match="Compare the two"):
        write_notice(replace(recognised(by), compared=False), now=NOON, places=places)


def test_without_a_ground_there_is_no_notice(places: Places) -> None:
    with pytest.raises(NothingToTakeDownError, match="still agrees"):
        write_notice(recognised(), now=NOON, places=places)
    assert len(list(Ledger.in_places(places).entries())) == 1


def test_languages_that_are_not_written_are_refused(places: Places) -> None:
    with pytest.raises(InputError, match="en, zh, de, fr, es"):
        write_notice(recognised(), languages=["la"], now=NOON, places=places)
