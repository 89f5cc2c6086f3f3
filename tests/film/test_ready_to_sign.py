"""What cannot be signed is not begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from key_makers import authority, certificate, give
from speeches import sentence
from vivant.errors import PapersError
from vivant.film.making import make_film
from vivant.film.sounding import make_sound
from vivant.places import Places
from vivant.provenance.consent import attest
from vivant.provenance.ledger import Ledger
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import CertificateUnfitError, keys_folder
from vivant.provenance.timestamps import TimeStampError
from vivant.voice.speech import Speech


def never() -> NoReturn:
    message = "somebody began"
    raise AssertionError(message)


def no_lines() -> Iterator[Speech]:
    yield from (never() for _ in range(1))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def expired(places: Places) -> Places:
    """A given certificate that ended yesterday."""
    now = utc_now()
    begins, ends = now - timedelta(days=90), now - timedelta(days=1)
    root = authority(begins=begins, ends=now + timedelta(days=90))
    leaf, key = certificate(issuer=root, begins=begins, ends=ends)
    give(keys_folder(places) / "given", key, leaf, root[0])
    return places


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def film(out: Path, places: Places) -> None:
    consent = attest("public-domain", note="public domain portrait; demonstration")
    Ledger.in_places(places).note_consent(consent)
    make_film(never, sentence(), out / "film.mp4", consent=consent, places=places)


def test_no_film_is_begun_under_an_ended_certificate(out: Path, expired: Places) -> None:
    with pytest.raises(CertificateUnfitError, match="has expired") as caught:
        film(out, expired)

    assert caught.value.exit_code == PapersError.exit_code
    assert list(out.iterdir()) == []


def test_no_sound_is_begun_under_an_ended_certificate(out: Path, expired: Places) -> None:
    with pytest.raises(CertificateUnfitError, match="has expired"):
        make_sound(no_lines(), out / "sound.wav", places=expired)

    assert list(out.iterdir()) == []


def test_no_film_is_begun_without_the_stamp_that_was_asked_for(out: Path, places: Places) -> None:
    with pytest.raises(TimeStampError):
        film(out, replace(places, time_stamps="http://127.0.0.1:9/"))

    assert list(out.iterdir()) == []
