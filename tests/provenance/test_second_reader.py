"""Another reader of content credentials, which shares no code with ours, finds our films valid, and changed ones not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from encypher_c2pa import verify

from foreign_films import Maker, manifest_box, with_box
from paper_trail import a_film, a_record
from stamp_authority import StampAuthority, answering
from vivant.places import Places
from vivant.provenance.manifest import read_credentials, sign_film
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import trust_anchors


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):  # the reader keeps a preference there
        monkeypatch.setenv(name, str(tmp_path / "reader"))
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def second(path: Path, places: Places, **more: Any) -> Any:
    return verify(
        str(path),
        trust_pem=trust_anchors(places),
        no_default_trust=True,
        telemetry=False,
        online=False,
        **more,
    )


def test_it_finds_our_film_valid_and_trusted(tmp_path: Path, places: Places) -> None:
    film = tmp_path / "s.mp4"
    sign_film(a_film(tmp_path / "u.mp4"), film, record=a_record(), places=places)

    told = second(film, places)

    assert (told["integrity"], told["signature"], told["hard_binding"]) == (
        "valid",
        "valid",
        "match",
    )
    assert told["trust"]["status"] == "valid_for_supplied_material"
    assert told["validation_results"]["failure"] == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_both_find_one_changed_bit(tmp_path: Path, places: Places, share: float) -> None:
    film = tmp_path / "s.mp4"
    sign_film(a_film(tmp_path / "u.mp4"), film, record=a_record(), places=places)
    data = bytearray(film.read_bytes())
    start = data.index(b"mdat") + 4
    data[start + int((len(data) - start) * share)] ^= 1
    film.write_bytes(data)

    assert second(film, places)["integrity"] == "invalid"
    assert read_credentials(film, places=places).state == "invalid"


def test_both_agree_on_a_strangers_film(tmp_path: Path, places: Places) -> None:
    film = Maker().sign(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4")
    ours = tmp_path / "o.mp4"
    sign_film(a_film(tmp_path / "v.mp4"), ours, record=a_record(), places=places)

    told = second(film, places)

    assert told["integrity"] == "valid"
    assert told["trust"]["status"] != "valid_for_supplied_material"
    assert read_credentials(film, places=places).state == "valid"


def test_a_film_with_two_manifests_is_refused_by_us_whatever_another_reader_sees_first(
    tmp_path: Path, places: Places
) -> None:
    film, both = tmp_path / "s.mp4", tmp_path / "b.mp4"
    sign_film(a_film(tmp_path / "u.mp4"), film, record=a_record(), places=places)
    with_box(film, manifest_box(film), both)

    assert second(both, places)["integrity"] == "valid"
    assert read_credentials(both, places=places).state == "invalid"


def test_without_a_time_stamp_a_signature_ends_with_its_certificate(
    tmp_path: Path, places: Places
) -> None:
    film = tmp_path / "s.mp4"
    sign_film(a_film(tmp_path / "u.mp4"), film, record=a_record(), places=places)
    later = (utc_now() + timedelta(days=11 * 365)).isoformat().replace("+00:00", "Z")

    told = second(film, places, validation_time=later)

    assert told["integrity"] == "valid"
    assert "claimSignature.outsideValidity" in str(told["validation_results"]["failure"])


def test_with_a_time_stamp_a_signature_outlives_its_certificate(
    tmp_path: Path, places: Places
) -> None:
    authority = StampAuthority(tmp_path / "tsa")
    film = tmp_path / "s.mp4"
    with answering(authority) as address:
        stamped = replace(places, time_stamps=address)
        sign_film(a_film(tmp_path / "u.mp4"), film, record=a_record(), places=stamped)
    later = (utc_now() + timedelta(days=11 * 365)).isoformat().replace("+00:00", "Z")
    root = (authority.folder / "root.pem").read_text()

    told = second(film, places, validation_time=later, tsa_trust_pem=root)

    assert told["integrity"] == "valid"
    assert "claimSignature.outsideValidity" not in str(told["validation_results"]["failure"])
