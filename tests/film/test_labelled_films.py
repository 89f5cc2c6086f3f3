"""Whole films with the labels of their territories, and without one under an agreement: what they show, and what their papers say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rigs import rig
from small_marks import trustmark_folder
from speeches import sentence
from vivant.errors import MissingError
from vivant.film.decoding import read_frames
from vivant.film.making import Film, make_film
from vivant.film.verifying import verify_film
from vivant.models.hub_fetching import use_own_folder
from vivant.places import Places
from vivant.provenance.consent import Consent, attest
from vivant.provenance.label import find_label
from vivant.provenance.labelling import LabelWish
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import read_credentials
from vivant.provenance.marking import read_marks
from vivant.provenance.record import Source
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.unlabelled import Waiver, WaiverError, agree, agreement_sha256, films_under

pytestmark = pytest.mark.models


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def consent() -> Consent:
    return attest("self", now=utc_now())


@pytest.fixture
def waiver(places: Places, consent: Consent) -> Waiver:
    return agreed(places, consent)


def agreed(places: Places, consent: Consent, **changed: Any) -> Waiver:
    facts: dict[str, Any] = {
        "asked_by": "a" * 32,
        "purpose": "own-label",
        "codes": ["CN"],
        "language": "zh",
        "shown_sha256": agreement_sha256("zh"),
        "places": places,
    }
    return agree([consent], **(facts | changed))


def filmed(
    to: Path, consent: Consent, places: Places, label: LabelWish | None, *, seed: int = 0
) -> Film:
    return make_film(
        rig("young-man-curls"),
        sentence(),
        to,
        consent=consent,
        width_px=256,
        height_px=256,
        seed=seed,
        photos=(Source(sha256="ab" * 32, mime="image/png"),),
        label=label,
        places=places,
    )


def test_a_film_for_one_territory_shows_its_wording_and_its_papers_hold(
    consent: Consent, places: Places, tmp_path: Path
) -> None:
    film = filmed(tmp_path / "film.mp4", consent, places, LabelWish(territories=("CN",)))

    shown = {find_label(frame.y).text for frame in read_frames(film.path)}
    assert shown == {"AI 生成"} == {film.record.label_text}
    assert verify_film(film.path, places=places).ok


def test_a_consent_for_one_territory_is_enough_to_narrow_the_label(
    consent: Consent, places: Places, tmp_path: Path
) -> None:
    there = consent.model_copy(update={"territories": ("FR", "DE")})

    film = filmed(tmp_path / "film.mp4", there, places, None)

    assert film.record.label_text == "AI GENERATED"
    assert find_label(next(iter(read_frames(film.path))).y).text == "AI GENERATED"


def test_an_unlabelled_film_keeps_every_other_paper_and_says_what_is_missing(
    consent: Consent, waiver: Waiver, places: Places, tmp_path: Path
) -> None:
    label = LabelWish(territories=("CN",), waiver=waiver)

    film = filmed(tmp_path / "film.mp4", consent, places, label)

    assert not any(find_label(frame.y).present for frame in list(read_frames(film.path))[::10])
    credentials = read_credentials(film.path, places=places)
    assert credentials.label_waiver == waiver.waiver_id
    assert not credentials.label_text
    verified = verify_film(film.path, places=places)
    assert verified.ok
    assert waiver.waiver_id in verified.label.why
    assert "owes the label" in verified.label.why
    assert verified.watermark.ok
    assert verified.aigc.ok
    assert films_under(waiver.waiver_id, places=places) == (film.record.film_id,)
    events = [entry.event for entry in Ledger.in_places(places).entries()]
    assert events.index("label.waived") < events.index("film.made")


def test_an_agreement_makes_one_film_and_not_two(
    consent: Consent, waiver: Waiver, places: Places, tmp_path: Path
) -> None:
    label = LabelWish(territories=("CN",), waiver=waiver)
    filmed(tmp_path / "film.mp4", consent, places, label)

    with pytest.raises(WaiverError, match="for one"):
        filmed(tmp_path / "other.mp4", consent, places, label, seed=1)
    assert sorted(path.name for path in tmp_path.glob("*.mp4*")) == ["film.mp4"]


def test_an_agreement_that_does_not_hold_makes_no_film_and_does_no_work(
    places: Places, tmp_path: Path
) -> None:
    consent = attest("self", now=utc_now() - timedelta(days=50))
    old = agreed(places, consent, now=utc_now() - timedelta(days=40), days=30)
    asked: list[str] = []

    def never() -> Any:
        asked.append("rig")

    for label in (
        LabelWish(territories=("CN",), waiver=old),
        LabelWish(territories=("CN",), waiver=old.model_copy(update={"waiver_id": "f" * 32})),
        LabelWish(waiver=old),
        LabelWish(territories=("DE",), waiver=old),
    ):
        with pytest.raises(WaiverError):
            make_film(
                never, sentence(), tmp_path / "film.mp4", consent=consent,
                photos=(Source(sha256="ab" * 32, mime="image/png"),), label=label, places=places,
            )  # fmt: skip
    assert not asked
    assert not list(tmp_path.glob("*.mp4*"))


def test_a_neural_mark_stands_beside_the_built_in_one_and_in_the_papers(
    consent: Consent, places: Places, tmp_path: Path
) -> None:
    use_own_folder("trustmark", trustmark_folder(tmp_path / "graphs", strength=0.04), places=places)

    film = filmed(tmp_path / "film.mp4", consent, places, LabelWish(marks=("trustmark",)), seed=2)

    assert film.record.recipe.versions["mark"].startswith("trustmark/1 own@")
    assert film.verification.watermark.film_id == film.record.film_id
    frames = list(read_frames(film.path))[::8]
    (found,) = read_marks(frames, places=places)
    assert found.film_id == film.record.film_id


def test_a_mark_without_weights_is_told_before_any_work(
    consent: Consent, places: Places, tmp_path: Path
) -> None:
    with pytest.raises(MissingError, match="vivant models fetch trustmark"):
        filmed(tmp_path / "film.mp4", consent, places, LabelWish(marks=("trustmark",)))
    assert not list(tmp_path.glob("*.mp4*"))
