"""A time stamp is asked for only where an authority is set, and nothing is signed without it then."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from paper_trail import a_film, a_record
from stamp_authority import StampAuthority, answering
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.key_changing import insist_on_signing
from vivant.provenance.manifest import read_credentials, sign_film
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.timestamps import TimeStampError, insist_on_authority
from vivant.settings import settings_from


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def authority(tmp_path: Path) -> StampAuthority:
    assert shutil.which("openssl"), "these tests need the openssl program"
    return StampAuthority(tmp_path / "tsa")


@pytest.fixture
def address(authority: StampAuthority) -> Iterator[str]:
    with answering(authority) as where:
        yield where


def test_a_stamped_film_tells_when_it_was_signed(
    tmp_path: Path, places: Places, authority: StampAuthority, address: str
) -> None:
    stamped = replace(places, time_stamps=address)
    insist_on_signing(stamped, now=utc_now())

    sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=a_record(), places=stamped)

    read = read_credentials(tmp_path / "s.mp4", places=places)
    assert authority.asked >= 2
    assert read.ok
    assert read.signed_at is not None
    assert read.signed_at[:10] == f"{utc_now():%Y-%m-%d}"
    assert not read.is_stamp_trusted
    folder = places.data / "keys" / "time-stamps"
    folder.mkdir()
    shutil.copy(authority.folder / "root.pem", folder / "stamps.pem")
    assert read_credentials(tmp_path / "s.mp4", places=places).is_stamp_trusted


def test_without_the_setting_nobody_is_asked(
    tmp_path: Path, places: Places, authority: StampAuthority, address: str
) -> None:
    assert address
    insist_on_signing(places, now=utc_now())
    sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=a_record(), places=places)

    assert authority.asked == 0
    assert read_credentials(tmp_path / "s.mp4", places=places).signed_at is None


def test_a_stamp_that_fails_once_is_asked_for_again(
    tmp_path: Path, places: Places, authority: StampAuthority, address: str
) -> None:
    authority.fails = 2

    stamped = replace(places, time_stamps=address)
    sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=a_record(), places=stamped)

    assert read_credentials(tmp_path / "s.mp4", places=places).signed_at is not None


def test_an_authority_that_is_down_is_told_before_and_nothing_is_signed(
    tmp_path: Path, places: Places, authority: StampAuthority, address: str
) -> None:
    authority.fails = 100
    stamped = replace(places, time_stamps=address)

    with pytest.raises(TimeStampError, match="status 503"):
        insist_on_signing(stamped, now=utc_now())
    with pytest.raises(TimeStampError, match="Nothing was signed"):
        sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=a_record(), places=stamped)

    assert not (tmp_path / "s.mp4").exists()


def test_an_authority_that_is_not_there_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    with pytest.raises(TimeStampError, match="cannot be reached"):
        insist_on_authority(f"http://127.0.0.1:{port}/")
    with pytest.raises(TimeStampError, match="http"):
        insist_on_authority("ftp://example.org/")


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"\x30\x03\x02\x01\x00", b"\x30\x05\x30\x03\x02\x01\x02"]
)
def test_an_answer_that_is_no_stamp_is_told(
    authority: StampAuthority, address: str, answer: bytes
) -> None:
    authority.answer = answer

    with pytest.raises(TimeStampError, match=r"no time stamp|refused"):
        insist_on_authority(address)


def test_the_setting_is_checked_when_it_is_read() -> None:
    assert settings_from({}).places.time_stamps is None
    asked = settings_from({"VIVANT_TSA": " http://tsa.example/ "})
    assert asked.places.time_stamps == "http://tsa.example/"
    with pytest.raises(InputError, match="VIVANT_TSA"):
        settings_from({"VIVANT_TSA": "tsa.example"})
    with pytest.raises(InputError, match="VIVANT_OFFLINE"):
        settings_from({"VIVANT_TSA": "http://tsa.example/", "VIVANT_OFFLINE": "1"})
