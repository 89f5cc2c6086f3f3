"""A film's papers hold when nothing was touched, and say what was touched when something was."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from signed_films import CONSENT_ID, record_of, shoot, signed_film
from vivant.errors import InputError
from vivant.film.verifying import verify_film
from vivant.places import Places
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import sign_film

HEAD = ["verdict", "finding", "meaning", "withdrawn", "film_id", "also"]
CLAIMS = ["label", "aigc", "credentials", "watermark", "consent"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    home = tmp_path_factory.mktemp("home")
    return Places(data=home / "data", cache=home / "cache")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, places: Places) -> Path:
    return signed_film(tmp_path_factory.mktemp("film"), places, frames=230)


def failing(path: Path, places: Places) -> list[str]:
    return [claim.name for claim in verify_film(path, places=places).claims if not claim.ok]


def remuxed(film: Path, to: Path, *, keeps_tags: bool) -> Path:
    """What an ordinary tool makes of a film: the same packets in a new file."""
    flags = {"movflags": "use_metadata_tags"} if keeps_tags else {}
    with av.open(str(film)) as given, av.open(str(to), "w", options=flags) as made:
        if keeps_tags:
            made.metadata.update(given.metadata)
        source = given.streams.video[0]
        stream = made.add_stream_from_template(source)
        for packet in given.demux(source):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return to


def test_every_claim_holds_on_a_whole_film(film: Path, places: Places) -> None:
    verification = verify_film(film, places=places)

    assert verification.ok, verification
    assert verification.film_id == record_of().film_id
    assert {claim.film_id for claim in verification.claims[1:4]} == {record_of().film_id}


def test_the_json_has_the_promised_keys(film: Path, places: Places) -> None:
    told = json.loads(json.dumps(verify_film(film, places=places).to_json()))

    assert list(told) == [*HEAD, *CLAIMS, "origin"]
    assert (told["verdict"], told["finding"], told["withdrawn"]) == ("ok", "ok", None)
    assert all(list(told[key])[:4] == ["ok", "state", "why", "film_id"] for key in CLAIMS)
    assert all(told[key]["why"].endswith(".") for key in CLAIMS)
    assert told["watermark"]["film_id"] == record_of().film_id


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_one_flipped_bit_breaks_the_credentials(
    film: Path, places: Places, tmp_path: Path, share: float
) -> None:
    content = bytearray(film.read_bytes())
    media = content.find(b"mdat")
    content[media + int((len(content) - media) * share)] ^= 1
    (tmp_path / "film.mp4").write_bytes(content)

    verification = verify_film(tmp_path / "film.mp4", places=places)

    assert verification.verdict == "failed"
    assert not verification.credentials.ok
    assert not verification.consent.ok
    assert "changed" in verification.credentials.why


def test_a_remuxed_film_has_lost_its_credentials_and_is_still_known(
    film: Path, places: Places, tmp_path: Path
) -> None:
    kept = remuxed(film, tmp_path / "kept.mp4", keeps_tags=True)
    lost = remuxed(film, tmp_path / "lost.mp4", keeps_tags=False)

    assert failing(kept, places) == ["credentials", "consent"]
    assert failing(lost, places) == ["aigc", "credentials", "consent"]
    assert "stripped" in verify_film(lost, places=places).aigc.why
    assert verify_film(lost, places=places).film_id == record_of().film_id  # from the pixels


def test_another_machine_does_not_trust_our_own_key(film: Path, tmp_path: Path) -> None:
    stranger = Places(data=tmp_path / "data", cache=tmp_path / "cache")

    verification = verify_film(film, places=stranger)

    assert verification.credentials_state == "valid"
    assert [claim.name for claim in verification.claims if not claim.ok] == ["credentials"]


def test_papers_of_another_film_do_not_agree(places: Places, tmp_path: Path) -> None:
    shoot(tmp_path / "a.mp4", record=record_of(), frames=50, tag_of=record_of(seed=1))
    sign_film(tmp_path / "a.mp4", tmp_path / "film.mp4", record=record_of(), places=places)

    verification = verify_film(tmp_path / "film.mp4", places=places)

    assert [claim.name for claim in verification.claims if not claim.ok] == ["aigc"]
    assert record_of(seed=1).film_id in verification.aigc.why


@pytest.mark.parametrize("what", ["label", "watermark"])
def test_a_film_without_label_or_mark_fails(places: Places, tmp_path: Path, what: str) -> None:
    shoot(
        tmp_path / "a.mp4",
        record=record_of(),
        frames=50,
        is_labelled=what != "label",
        is_marked=what != "watermark",
    )
    sign_film(tmp_path / "a.mp4", tmp_path / "film.mp4", record=record_of(), places=places)

    assert failing(tmp_path / "film.mp4", places) == [what]


def test_a_consent_taken_back_is_told(film: Path, tmp_path: Path) -> None:
    other = Places(data=tmp_path / "data", cache=tmp_path / "cache")
    (other.data / "keys" / "trusted").mkdir(parents=True)
    Ledger.in_places(other).append("consent.withdrawn", {"record_id": CONSENT_ID})

    claim = verify_film(film, places=other).consent

    assert not claim.ok
    assert "withdrawn" in claim.why


@pytest.mark.parametrize(
    "content",
    [b"", b"garbage" * 100, b"\x89PNG\r\n\x1a\n" + bytes(64)],
    ids=["empty", "text", "png"],
)
def test_whatever_is_no_film_fails_every_claim(
    places: Places, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "film.mp4").write_bytes(content)

    verification = verify_film(tmp_path / "film.mp4", places=places)

    assert not any(claim.ok for claim in verification.claims)
    assert verification.film_id is None


def test_a_file_that_is_not_there_is_an_error(places: Places, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        verify_film(tmp_path / "none.mp4", places=places)
