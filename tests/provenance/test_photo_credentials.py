"""What a photo's own credentials say is kept in the film's papers; what is about a person is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import c2pa
import pytest
from PIL import Image

from foreign_films import AI_MADE, CAPTURED, Maker, says
from paper_trail import a_film, a_recipe, a_record, hopper
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.manifest import read_credentials, sign_film
from vivant.provenance.photo_credentials import redactions_for
from vivant.provenance.record import FilmRecord, Source
from vivant.studio.sources import sources_of

SECRETS = [b"Jane Secret", b"48.8566", b"grandmother.jpg"]
AUTHOR: dict[str, Any] = {
    "label": "stds.schema-org.CreativeWork",
    "kind": "Json",
    "data": {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "author": [{"@type": "Person", "name": "Jane Secret"}],
        "latitude": "48.8566",
    },
}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def photo(
    folder: Path, *, source_type: str = CAPTURED, title: str = "IMG_0042.jpg", note: str = ""
) -> Path:
    """A photo signed by its maker, with a thumbnail and the author's name."""
    plain = folder / "plain.jpg"
    Image.fromarray(hopper(320, 240)).save(plain)
    told = says("c2pa.created", source_type, title=title)
    if note:
        told["assertions"][0]["data"]["actions"][0]["description"] = note
    told["assertions"].append(AUTHOR)
    return Maker("Cameras Ltd").sign(
        plain, folder / "photo.jpg", mime="image/jpeg", definition=told, thumbnail=True
    )


def record_with(source: Source) -> FilmRecord:
    record = a_record()
    return replace(record, recipe=replace(record.recipe, photos=(source,)))


def signed(tmp_path: Path, places: Places, source: Source) -> Path:
    out = tmp_path / "s.mp4"
    sign_film(a_film(tmp_path / "u.mp4"), out, record=record_with(source), places=places)
    return out


def manifests(film: Path) -> dict[str, Any]:
    with c2pa.Reader(str(film)) as reader:
        found: dict[str, Any] = json.loads(reader.json())["manifests"]
    return found


def test_a_photos_manifest_is_kept_without_anything_about_a_person(
    tmp_path: Path, places: Places
) -> None:
    picture = photo(tmp_path)
    assert SECRETS[0] in picture.read_bytes()
    (source,) = sources_of([picture], places=places)

    film = signed(tmp_path, places, source)

    assert source.credentials is not None
    assert (source.credentials.signer, source.credentials.state) == ("Cameras Ltd", "valid")
    assert source.credentials.digital_source_type == CAPTURED
    assert not source.credentials.is_ai_made
    content = film.read_bytes()
    assert not any(secret in content for secret in SECRETS)
    assert b"\xff\xd8\xff" not in content
    assert len(manifests(film)) == 2
    assert b"Cameras Ltd" in content
    read = read_credentials(film, places=places)
    assert read.ok
    assert read.photos_by_ai == ()


@pytest.mark.parametrize(
    ("title", "note"), [("grandmother.jpg", ""), ("IMG_1.jpg", "Jane Secret at home")]
)
def test_a_manifest_with_free_words_is_left_out_and_its_facts_are_kept(
    tmp_path: Path, places: Places, title: str, note: str
) -> None:
    (source,) = sources_of([photo(tmp_path, title=title, note=note)], places=places)

    film = signed(tmp_path, places, source)

    content = film.read_bytes()
    assert not any(secret in content for secret in SECRETS)
    assert len(manifests(film)) == 1
    assert b"Cameras Ltd" in content
    assert read_credentials(film, places=places).ok


def test_a_photo_that_ai_made_is_told(tmp_path: Path, places: Places) -> None:
    (source,) = sources_of([photo(tmp_path, source_type=AI_MADE)], places=places)

    film = signed(tmp_path, places, source)

    assert source.credentials is not None
    assert source.credentials.is_ai_made
    assert read_credentials(film, places=places).photos_by_ai == (source.short_id,)


def test_a_photo_whose_credentials_are_broken_is_told_and_not_embedded(
    tmp_path: Path, places: Places
) -> None:
    picture = photo(tmp_path)
    content = bytearray(picture.read_bytes())
    content[-40] ^= 1
    picture.write_bytes(content)

    (source,) = sources_of([picture], places=places)
    film = signed(tmp_path, places, source)

    assert source.credentials is not None
    assert source.credentials.state == "invalid"
    assert redactions_for(picture) is None
    assert len(manifests(film)) == 1


def test_a_photo_that_changed_meanwhile_is_not_embedded(tmp_path: Path, places: Places) -> None:
    (source,) = sources_of([photo(tmp_path)], places=places)
    stale = replace(source, sha256="0" * 64)

    assert len(manifests(signed(tmp_path, places, stale))) == 1


def test_a_plain_photo_brings_nothing_and_the_film_keeps_its_id(
    tmp_path: Path, places: Places
) -> None:
    picture = photo(tmp_path)
    plain = tmp_path / "plain.jpg"

    (bare,), (full,) = sources_of([plain], places=places), sources_of([picture], places=places)

    assert bare.credentials is None
    assert bare.file is None
    told = replace(a_recipe(), photos=(full,)).to_facts()["photos"]
    assert told == [{"sha256": sha256_of(picture), "mime": "image/jpeg"}]


def test_two_photos_of_one_maker_are_both_kept(tmp_path: Path, places: Places) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    sources = sources_of([photo(folder) for folder in folders], places=places)
    record = a_record()
    record = replace(record, recipe=replace(record.recipe, photos=sources))

    sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=record, places=places)

    assert len(manifests(tmp_path / "s.mp4")) == 3
    assert not any(secret in (tmp_path / "s.mp4").read_bytes() for secret in SECRETS)


def test_a_film_of_neither_photo_nor_words_nor_music_is_signed(
    tmp_path: Path, places: Places
) -> None:
    record = a_record(voice="none")
    record = replace(record, recipe=replace(record.recipe, photos=()))

    sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=record, places=places)

    assert read_credentials(tmp_path / "s.mp4", places=places).ok
