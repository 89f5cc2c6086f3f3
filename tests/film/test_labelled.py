"""No door of the library makes a film without its label, but under an agreement that holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paper_trail import a_recipe, hopper
from vivant.errors import VivantError
from vivant.film.decoding import read_frames
from vivant.film.encoding import Packing
from vivant.film.labelled import NotLabelledError, record_labelled, with_label
from vivant.film.making import encode_stamped
from vivant.film.stamping import Stamping
from vivant.media.picture import Frame
from vivant.media.watch import unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.label import LABEL_TEXT, find_label
from vivant.provenance.labelling import Labelling, LabelWish, labelling_for
from vivant.provenance.record import FilmRecord, Recipe, record_film
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.unlabelled import Waiver, WaiverError, agree, agreement_sha256

WIDTH, HEIGHT, RATE = 320, 240, Fraction(25)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture(scope="module")
def consent() -> Consent:
    return attest("self", now=utc_now())


@pytest.fixture
def waiver(places: Places, consent: Consent) -> Waiver:
    return agree(
        [consent],
        asked_by="a" * 32,
        purpose="own-label",
        codes=["CN"],
        language="en",
        shown_sha256=agreement_sha256("en"),
        places=places,
    )


def recipe_of(consent: Consent) -> Recipe:
    return a_recipe(consent=consent)


def frames(count: int) -> Iterator[Frame]:
    half = np.full((HEIGHT // 2, WIDTH // 2), 128, np.uint8)
    for index in range(count):
        yield Frame(index=index, y=hopper(WIDTH, HEIGHT).copy(), u=half.copy(), v=half.copy())


def encoded(
    to: Path, record: FilmRecord, labelling: Labelling | None, places: Places, *, count: int = 4
) -> list[np.ndarray]:
    encode_stamped(
        frames(count),
        to,
        count=count,
        rate=RATE,
        sound=None,
        record=record,
        labelling=labelling,
        packing=Packing(preset="ultrafast"),
        places=places,
        watch=unwatched,
    )
    return [frame.y for frame in read_frames(to)]


def recorded(consent: Consent, labelling: Labelling, places: Places) -> FilmRecord:
    return record_labelled(
        recipe_of(consent), labelling, use="portrait-film", places=places, now=utc_now()
    )


@pytest.mark.parametrize("codes", [None, ["CN"], ["FR"], ["US"]])
def test_the_record_says_what_the_film_shows(
    codes: list[str] | None, consent: Consent, places: Places, tmp_path: Path
) -> None:
    labelling = labelling_for(codes)
    record = recorded(consent, labelling, places)

    shown = encoded(tmp_path / "film.mp4", record, labelling, places)

    assert record.label_waiver is None
    assert all(find_label(y).text == record.label_text == labelling.text for y in shown)


def test_another_label_is_another_film_and_the_usual_one_changes_nothing(consent: Consent) -> None:
    recipe = recipe_of(consent)

    assert with_label(recipe, labelling_for()) == recipe
    assert with_label(recipe, labelling_for(["CN"])) != recipe
    assert with_label(recipe, labelling_for(throughout="small")) != recipe


def test_without_a_word_about_the_label_it_is_there(
    consent: Consent, places: Places, tmp_path: Path
) -> None:
    record = recorded(consent, labelling_for(), places)

    assert all(
        find_label(y).text == LABEL_TEXT
        for y in encoded(tmp_path / "film.mp4", record, None, places)
    )


def test_an_agreement_leaves_the_label_out_and_the_record_names_it(
    consent: Consent, waiver: Waiver, places: Places, tmp_path: Path
) -> None:
    labelling = LabelWish(territories=("CN",), waiver=waiver).labelling()
    record = recorded(consent, labelling, places)

    shown = encoded(tmp_path / "film.mp4", record, labelling, places)

    assert not any(find_label(y).present for y in shown)
    assert record.label_text == ""
    assert record.label_waiver == waiver.waiver_id
    assert record.to_facts()["label_waiver"] == waiver.waiver_id
    assert record.film_id != recorded(consent, labelling_for(["CN"]), places).film_id


@pytest.mark.parametrize("text", ["", "Made with love", "AI 生成"])
def test_a_record_of_another_label_than_the_one_drawn_is_refused(
    text: str, consent: Consent, places: Places, tmp_path: Path
) -> None:
    record = record_film(
        recipe_of(consent), label_text=text, made_at=utc_now(), generator="vivant/0"
    )

    with pytest.raises(NotLabelledError):
        encoded(tmp_path / "film.mp4", record, None, places)
    assert not (tmp_path / "film.mp4").exists()


def forged(waiver: Waiver, **changed: Any) -> Waiver:
    return waiver.model_copy(update=changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"waiver_id": "f" * 32},
        {"consent_ids": ("f" * 32,)},
        {"keep_until": utc_now() + timedelta(days=9999)},
        {"purpose": "evidence"},
        {"territories": ("CN", "FR")},
    ],
)
def test_a_waiver_that_was_made_up_or_changed_opens_no_door(
    changed: dict[str, Any], consent: Consent, waiver: Waiver, places: Places, tmp_path: Path
) -> None:
    labelling = LabelWish(territories=("CN",), waiver=forged(waiver, **changed)).labelling()
    assert labelling.waiver is not None
    record = record_film(
        with_label(recipe_of(consent), labelling),
        label_text="",
        made_at=utc_now(),
        generator="vivant/0",
        label_waiver=labelling.waiver.waiver_id,
    )

    with pytest.raises(WaiverError):
        recorded(consent, labelling, places)
    with pytest.raises(WaiverError):
        Stamping(record, count=4, rate=RATE, places=places, labelling=labelling)
    with pytest.raises(VivantError):
        encoded(tmp_path / "film.mp4", record, labelling, places)
    assert not (tmp_path / "film.mp4").exists()


def test_somebody_elses_film_cannot_use_an_agreement(
    waiver: Waiver, places: Places, tmp_path: Path
) -> None:
    stranger = attest("self", now=utc_now())
    labelling = LabelWish(territories=("CN",), waiver=waiver).labelling()

    with pytest.raises(WaiverError, match="other consents"):
        recorded(stranger, labelling, places)
    assert not list(tmp_path.glob("*.mp4"))


def test_a_small_mark_stands_between_where_it_is_wished(
    consent: Consent, places: Places, tmp_path: Path
) -> None:
    labelling = labelling_for(throughout="small")
    record = recorded(consent, labelling, places)

    shown = encoded(tmp_path / "film.mp4", record, labelling, places, count=220)

    readings = [find_label(shown[i]) for i in (0, 74, 75, 110, 144, 145, 219)]
    assert all(reading.present for reading in readings)
    large = [reading.share_of_short_side >= 0.05 for reading in readings]
    assert large == [True, True, False, False, False, True, True]
