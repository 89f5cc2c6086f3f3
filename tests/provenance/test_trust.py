"""Who vouches for a signer is told apart, and a certificate that has ended since is told as that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foreign_films import CAPTURED, Maker, says
from key_makers import authority, pem
from paper_trail import a_film
from vivant.places import Places
from vivant.provenance.certificates import CLAIM_SIGNING
from vivant.provenance.credentials import credentials_of, read_credentials
from vivant.provenance.signing import KeyBrokenError
from vivant.provenance.trust_list import trust_list


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def put(places: Places, name: str, content: bytes) -> None:
    folder = places.data / "keys" / "trust-list"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_a_signer_of_the_list_is_told_from_one_trusted_here(tmp_path: Path, places: Places) -> None:
    maker = Maker()
    film = maker.sign(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4")
    unknown = read_credentials(film, places=places)
    maker.is_trusted_by(places)
    here = read_credentials(film, places=places)
    put(places, "list.pem", pem(authority("Some other")[0], maker.root[0]))
    listed = read_credentials(film, places=places)

    assert (unknown.state, unknown.trust) == ("valid", None)
    assert (here.state, here.trust) == ("trusted", "here")
    assert "trusted here" in here.why
    assert (listed.state, listed.trust) == ("trusted", "c2pa-list")
    assert "C2PA trust list" in listed.why


def test_a_list_holds_certificates_and_allowed_uses(places: Places) -> None:
    assert trust_list(places).count == 0
    put(places, "a.pem", pem(authority("A")[0], authority("B")[0]))
    put(places, "uses.cfg", b"// comment\n1.3.6.1.5.5.7.3.4\n1.2.3.4 # ours\nnonsense\n")

    found = trust_list(places)

    assert found.count == 2
    assert found.uses == ("1.3.6.1.5.5.7.3.4", "1.2.3.4")
    assert CLAIM_SIGNING in found.settings["trust_config"]


def test_a_list_that_is_broken_is_said_to_be_so(tmp_path: Path, places: Places) -> None:
    put(places, "a.pem", b"-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")

    with pytest.raises(KeyBrokenError, match="trust list"):
        read_credentials(a_film(tmp_path / "f.mp4"), places=places)


def report(*codes: str, state: str = "Invalid", stamped: str = "") -> dict[str, Any]:
    """What the library says of a film."""
    manifest = says("c2pa.created", CAPTURED)
    manifest["signature_info"] = {"issuer": "Other"} | (
        {"time": "2026-01-01T00:00:00+00:00"} if stamped else {}
    )
    return {
        "active_manifest": "a",
        "manifests": {"a": manifest},
        "validation_state": state,
        "validation_results": {
            "activeManifest": {
                "success": [{"code": "claimSignature.validated"}, {"code": f"timeStamp.{stamped}"}],
                "failure": [{"code": code} for code in codes],
            }
        },
    }


def test_a_certificate_that_has_ended_since_is_told_and_is_no_forgery() -> None:
    found = credentials_of(report("signingCredential.expired", "signingCredential.untrusted"))

    assert (found.state, found.has_ended, found.ok) == ("valid", True, False)
    assert "ended since" in found.why


def test_an_ended_certificate_on_a_changed_film_is_a_changed_film() -> None:
    found = credentials_of(report("signingCredential.expired", "assertion.bmffHash.mismatch"))

    assert (found.state, found.has_ended) == ("invalid", False)


def test_a_time_stamp_shows_when_it_was_signed() -> None:
    believed = credentials_of(report(state="Trusted", stamped="trusted"))
    doubted = credentials_of(report(state="Trusted", stamped="validated"))

    assert (believed.ok, believed.is_stamp_trusted) == (True, True)
    assert "signed at 2026-01-01" in believed.why
    assert not doubted.is_stamp_trusted
    assert "not trusted here" in doubted.why


@pytest.mark.parametrize("broken", [{}, {"manifests": {"a": {}}}, {"active_manifest": "b"}])
def test_a_report_that_lacks_things_is_never_good(broken: dict[str, Any]) -> None:
    assert not credentials_of(broken).ok


def test_hashing_a_large_film_tells_how_far_it_is_and_can_be_stopped(
    tmp_path: Path, places: Places
) -> None:
    film = a_film(tmp_path / "u.mp4")
    with film.open("ab") as file:
        file.write((150 << 20).to_bytes(4, "big") + b"mdat")
        file.truncate(film.stat().st_size + (150 << 20))
    film = Maker().sign(film, tmp_path / "s.mp4")
    told: list[tuple[str, int, int]] = []

    def stop(*_step: object) -> None:
        raise KeyboardInterrupt

    read = read_credentials(film, places=places, watch=lambda *step: told.append(step))

    assert read.state == "valid"
    assert len(told) >= 2
    assert all(what == "checking" and 0 < done <= total for what, done, total in told)
    with pytest.raises(KeyboardInterrupt):
        read_credentials(film, places=places, watch=stop)
