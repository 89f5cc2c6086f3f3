"""Whatever is found in the wild gets a clear answer, and never a false "ok"."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from foreign_films import Maker, manifest_box, with_box
from signed_films import CONSENT_ID, record_of, shoot, signed_film
from vivant.film.registering import register_file
from vivant.film.sound_verifying import SoundVerification
from vivant.film.verifying import Verification
from vivant.film.verifying_any import verify_file
from vivant.places import Places
from vivant.provenance import aigc
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import sign_film
from vivant.provenance.register.register import Register
from vivant.provenance.safekeeping import utc_now
from wild import (
    cropped,
    encoded_again,
    half_size,
    letterboxed,
    remuxed,
    screenshot,
    truncated,
    written,
)

OURS = record_of().film_id
OTHER = record_of(seed=1).film_id


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    home = tmp_path_factory.mktemp("home")
    return Places(data=home / "data", cache=home / "cache")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, places: Places) -> Path:
    made = signed_film(tmp_path_factory.mktemp("film"), places, frames=80)
    register_file(made, places=places, now=utc_now())
    return made


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of nobody's: no label, no mark, no papers, other pictures."""
    path = tmp_path_factory.mktemp("stranger") / "film.mp4"
    noise = np.random.default_rng(7).integers(0, 255, (12, 12, 3), np.uint8)
    picture = np.asarray(Image.fromarray(noise).resize((320, 240), Image.Resampling.BICUBIC))
    Image.fromarray(picture).save(path.with_suffix(".png"))
    return written([np.roll(picture, i, axis=1) for i in range(50)], path)


def looked_at(path: Path, places: Places) -> Verification:
    found = verify_file(path, places=places)
    assert isinstance(found, Verification)
    assert found.ok == (found.finding == "ok")
    json.dumps(found.to_json())
    return found


WAYS: dict[str, Callable[[Path, Path], Path]] = {
    "encoded again": lambda film, at: encoded_again(film, at / "a.mp4"),
    "encoded badly": lambda film, at: encoded_again(film, at / "a.mp4", crf=30),
    "half size": lambda film, at: encoded_again(film, at / "a.mp4", change=half_size),
    "letterboxed": lambda film, at: encoded_again(film, at / "a.mp4", change=letterboxed),
    "MKV": lambda film, at: remuxed(film, at / "a.mkv"),
    "MOV": lambda film, at: remuxed(film, at / "a.mov"),
    "MKV called MP4": lambda film, at: remuxed(film, at / "a.mkv").rename(at / "a.mp4"),
    "WebM": lambda film, at: encoded_again(film, at / "a.webm", codec="libvpx"),
    "AVI": lambda film, at: encoded_again(film, at / "a.avi", codec="mpeg4"),
    "GIF": lambda film, at: encoded_again(film, at / "a.gif", codec="gif", pixels="rgb8"),
    "PNG": lambda film, at: screenshot(film, at / "a.png"),
    "JPEG": lambda film, at: screenshot(film, at / "a.jpg", quality=70),
    "WebP": lambda film, at: screenshot(film, at / "a.webp", quality=80),
    "HEIC": lambda film, at: screenshot(film, at / "a.heic"),
    "PNG called MP4": lambda film, at: screenshot(film, at / "a.png").rename(at / "a.mp4"),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_a_copy_without_papers_is_known_by_its_mark_or_by_its_looks(
    film: Path, places: Places, tmp_path: Path, way: str
) -> None:
    found = looked_at(WAYS[way](film, tmp_path), places)

    assert found.finding == ("ours-stripped" if found.watermark.ok else "likely-ours")
    assert found.film_id == OURS
    assert found.origin is not None
    assert found.origin.is_registered
    assert found.origin.consent_ids == (CONSENT_ID,)
    assert found.credentials.state == "stripped"


@pytest.mark.parametrize("share", [0.2, 0.6, 0.98])
def test_a_truncated_film_is_ours_and_changed(
    film: Path, places: Places, tmp_path: Path, share: float
) -> None:
    found = looked_at(truncated(film, tmp_path / "a.mp4", share=share), places)

    assert found.finding == "ours-changed"
    assert found.film_id == OURS
    assert found.credentials.state == "fails"


def test_a_crop_is_never_called_good(film: Path, places: Places, tmp_path: Path) -> None:
    found = looked_at(encoded_again(film, tmp_path / "a.mp4", change=cropped), places)

    assert found.finding in ("ours-stripped", "likely-ours", "not-ours")


def test_the_very_file_is_good_and_its_origin_is_told(film: Path, places: Places) -> None:
    found = looked_at(film, places)

    assert found.finding == "ok"
    assert found.origin is not None
    assert (found.origin.made_id, found.origin.state) == (OURS, "unknown")
    assert found.origin.made_at is not None


def test_the_mark_is_read_out_of_the_pixels_alone(film: Path, tmp_path: Path) -> None:
    """A stranger's machine, no register, no papers, another name."""
    stranger = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    bare = remuxed(film, tmp_path / "x.mkv")

    assert looked_at(bare, stranger).to_json()["watermark"]["film_id"] == OURS
    assert looked_at(bare, stranger).finding == "ours-stripped"


def test_a_strangers_film_is_not_ours(strangers: Path, places: Places) -> None:
    for path in (strangers, strangers.with_suffix(".png")):
        found = looked_at(path, places)

        assert (found.finding, found.film_id, found.origin) == ("not-ours", None, None)
        assert "does not prove that it is real" in found.meaning


def test_a_strangers_film_with_our_papers_glued_in_is_a_contradiction(
    film: Path, strangers: Path, places: Places, tmp_path: Path
) -> None:
    found = looked_at(with_box(strangers, manifest_box(film), tmp_path / "a.mp4"), places)

    assert found.finding == "contradiction"
    assert found.credentials.state == "fails"
    assert "made for another file" in found.credentials.why


def test_our_film_with_a_second_manifest_is_not_believed(
    film: Path, strangers: Path, places: Places, tmp_path: Path
) -> None:
    foreign = Maker().sign(strangers, tmp_path / "f.mp4")

    for number, box in enumerate((manifest_box(film), manifest_box(foreign))):
        found = looked_at(with_box(film, box, tmp_path / f"{number}.mp4"), places)

        assert found.finding == "ours-changed"
        assert "in 2 places" in found.credentials.why


def test_our_stripped_film_with_a_foreign_manifest_glued_on_is_ours_and_changed(
    film: Path, strangers: Path, places: Places, tmp_path: Path
) -> None:
    foreign = Maker().sign(strangers, tmp_path / "f.mp4")
    bare = remuxed(film, tmp_path / "b.mp4")

    found = looked_at(with_box(bare, manifest_box(foreign), tmp_path / "a.mp4"), places)

    assert found.finding == "ours-changed"


@pytest.mark.parametrize("is_trusted", [False, True])
def test_a_film_of_another_maker_is_not_ours(
    strangers: Path, places: Places, tmp_path: Path, is_trusted: bool
) -> None:
    here = Places(data=tmp_path / "data", cache=tmp_path / "cache") if is_trusted else places
    maker = Maker()
    if is_trusted:
        maker.is_trusted_by(here)

    found = looked_at(maker.sign(strangers, tmp_path / "f.mp4"), here)

    assert found.finding == "not-ours"
    assert found.signer == "Other Studio"
    assert found.credentials_state == ("trusted" if is_trusted else "valid")


@pytest.mark.parametrize("is_trusted", [False, True])
def test_our_film_signed_again_by_another_is_changed_and_its_past_is_told(
    film: Path, places: Places, tmp_path: Path, is_trusted: bool
) -> None:
    """Three manifests, one within the other."""
    maker = Maker()
    if is_trusted:
        maker.is_trusted_by(places)
    twice = maker.sign(film, tmp_path / "twice.mp4", parent=film)
    thrice = maker.sign(film, tmp_path / "thrice.mp4", parent=twice)

    found = looked_at(thrice, places)

    assert found.finding == "ours-changed"
    assert found.film_id == OURS
    assert found.within == (OURS,)


@pytest.mark.usefixtures("film")
def test_a_film_in_our_name_signed_by_somebody_else_is_not_believed(
    strangers: Path, places: Places, tmp_path: Path
) -> None:
    elsewhere = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    forged = tmp_path / "forged.mp4"
    sign_film(strangers, forged, record=record_of(), places=elsewhere)

    found = looked_at(forged, places)

    assert found.finding == "contradiction"


def test_a_film_of_another_installation_is_whole_by_an_unknown_signer(
    film: Path, tmp_path: Path
) -> None:
    found = looked_at(film, Places(data=tmp_path / "data", cache=tmp_path / "cache"))

    assert found.finding == "signer-unknown"


def test_a_forged_entry_with_our_number_is_a_contradiction_here_and_nothing_elsewhere(
    film: Path, strangers: Path, places: Places, tmp_path: Path
) -> None:
    tags = {aigc.KEY: aigc.aigc_value(record_of())}
    forged = encoded_again(strangers, tmp_path / "a.mp4", tags=tags)

    assert film.is_file()
    assert looked_at(forged, places).finding == "contradiction"
    stranger = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    assert looked_at(forged, stranger).finding == "not-ours"


def test_a_mark_and_credentials_of_two_films_contradict(places: Places, tmp_path: Path) -> None:
    shoot(tmp_path / "u.mp4", record=record_of(seed=1), frames=50, tag_of=record_of())
    sign_film(tmp_path / "u.mp4", tmp_path / "a.mp4", record=record_of(), places=places)

    found = looked_at(tmp_path / "a.mp4", places)

    assert found.finding == "contradiction"
    assert found.to_json()["watermark"]["film_id"] == OTHER


def test_a_mark_and_an_entry_of_two_films_contradict(places: Places, tmp_path: Path) -> None:
    shoot(tmp_path / "u.mp4", record=record_of(seed=1), frames=50, tag_of=record_of())

    assert looked_at(tmp_path / "u.mp4", places).finding == "contradiction"


def test_a_film_that_lacks_its_label_is_incomplete(places: Places, tmp_path: Path) -> None:
    shoot(tmp_path / "u.mp4", record=record_of(seed=2), frames=50, is_labelled=False)
    sign_film(tmp_path / "u.mp4", tmp_path / "a.mp4", record=record_of(seed=2), places=places)

    assert looked_at(tmp_path / "a.mp4", places).finding == "incomplete"


def test_a_withdrawn_film_is_told_first_whatever_became_of_it(
    film: Path, places: Places, tmp_path: Path
) -> None:
    here = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    Maker().is_trusted_by(here)
    trusted = here.data / "keys" / "trusted"
    (trusted / "them.pem").write_bytes((places.data / "keys" / "own" / "root.pem").read_bytes())
    register_file(film, places=here, now=utc_now())
    assert looked_at(film, here).finding == "ok"

    Register.in_places(here).set_state(OURS, "withdrawn")

    for copy in (film, remuxed(film, tmp_path / "a.mkv"), screenshot(film, tmp_path / "a.png")):
        found = looked_at(copy, here)
        is_sure = found.credentials.ok or found.watermark.ok
        assert found.finding == ("ours-withdrawn" if is_sure else "likely-ours")
        assert found.withdrawn is not None
        assert found.to_json()["withdrawn"]


def test_a_consent_taken_back_stops_the_film(film: Path, places: Places, tmp_path: Path) -> None:
    here = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    trusted = here.data / "keys" / "trusted"
    trusted.mkdir(parents=True)
    (trusted / "them.pem").write_bytes((places.data / "keys" / "own" / "root.pem").read_bytes())
    ledger = Ledger.in_places(here)
    ledger.append("consent.given", {"record_id": CONSENT_ID, "record_sha256": "ef" * 32})
    ledger.note_film(record_of())
    assert looked_at(film, here).finding == "ok"

    ledger.append("consent.withdrawn", {"record_id": CONSENT_ID})

    found = looked_at(film, here)
    assert found.finding == "ours-withdrawn"
    assert not found.consent.ok


NOTHINGS: dict[str, bytes] = {
    "empty": b"",
    "one byte": b"\0",
    "text": b"Dear Sir, nothing to see here.\n" * 99,
    "PNG without picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "JPEG without picture": b"\xff\xd8\xff\xe0" + bytes(64),
    "MP4 without tracks": b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\0\0\0\x08moov",
    "WAV without sound": b"RIFF\x24\0\0\0WAVEfmt " + bytes(28),
    "box that ends before it begins": b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\0\0\0\x01free" * 3,
    "noise": np.random.default_rng(3).bytes(5000),
    "MKV of noise": b"\x1a\x45\xdf\xa3" + np.random.default_rng(4).bytes(5000),
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("what", list(NOTHINGS))
@pytest.mark.parametrize("name", ["a.mp4", "a.png", "a.wav", "a"])
def test_what_cannot_be_read_is_said_to_be_so(
    film: Path, places: Places, tmp_path: Path, what: str, name: str
) -> None:
    assert film.is_file()
    (tmp_path / name).write_bytes(NOTHINGS[what])

    found = verify_file(tmp_path / name, places=places)

    assert found.finding == "unreadable"
    assert not any(claim.ok for claim in found.claims)


@pytest.mark.parametrize("head", [b"", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", b"RIFF\0\0\0\0WAVE"])
def test_a_file_of_ten_gigabytes_of_nothing_takes_a_moment(
    film: Path, places: Places, tmp_path: Path, head: bytes
) -> None:
    assert film.is_file()
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(10 << 30)

    assert verify_file(path, places=places).finding == "unreadable"


def test_padding_of_ten_gigabytes_after_a_film_costs_no_time(
    film: Path, places: Places, tmp_path: Path
) -> None:
    path = tmp_path / "large.mp4"
    path.write_bytes(film.read_bytes() + b"\0\0\0\x01free" + (10 << 30).to_bytes(8, "big"))
    with path.open("r+b") as file:
        file.truncate((10 << 30) + film.stat().st_size)

    assert looked_at(path, places).finding == "ok"  # what is shown and heard is the same


def test_a_strangers_sound_is_not_ours(places: Places, tmp_path: Path) -> None:
    tone = 0.2 * np.sin(np.arange(48_000 * 4) * 0.05, dtype=np.float64)
    for name in ("a.wav", "a.flac", "a.mp3", "a.ogg"):
        soundfile.write(tmp_path / name, tone, 48_000)

        found = verify_file(tmp_path / name, places=places)

        assert isinstance(found, SoundVerification)
        assert (found.finding, found.sound_id) == ("not-ours", None)
