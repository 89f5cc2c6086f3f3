from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import c2pa
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from paper_trail import NOON, a_film, a_record
from vivant.errors import ResourceError
from vivant.places import Places
from vivant.provenance.manifest import SigningRefusedError, read_credentials, sign_film
from vivant.provenance.record import PHOTO_DRIVEN
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import KeyBrokenError, keys_folder, signing_key, trust_anchors


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def signed(tmp_path: Path, places: Places) -> Path:
    path = tmp_path / "films" / "signed.mp4"
    path.parent.mkdir()
    sign_film(a_film(tmp_path / "film.mp4"), path, record=a_record(), places=places)
    return path


@pytest.mark.parametrize("voice", ["hibari", "recording"])
def test_a_signed_film_tells_what_it_is(tmp_path: Path, places: Places, voice: str) -> None:
    record = a_record(voice=voice)
    path = tmp_path / "signed.mp4"

    returned = sign_film(a_film(tmp_path / "film.mp4"), path, record=record, places=places)
    read = read_credentials(path, places=places)

    assert read == returned
    assert read.ok
    assert read.state == "trusted"
    assert read.film_id == record.film_id
    assert (read.consent_id, read.consent_sha256) == (record.consent_id, record.consent_sha256)
    assert read.record_sha256 == record.sha256
    assert read.digital_source_type == PHOTO_DRIVEN
    assert read.training_allowed is False
    assert read.ingredients == ("photo aaaaaaaaaaaa", "photo cccccccccccc", f"voice {voice}")


def test_the_manifest_says_each_thing_that_was_done(signed: Path) -> None:
    with c2pa.Reader(str(signed)) as reader:
        text = reader.json()

    for said in (
        "c2pa.created", "c2pa.placed", "c2pa.dubbed", "c2pa.addedText", "c2pa.watermarked.bound", "c2pa.soft-binding",
        "c2pa.ai-disclosure", "cawg.training-mining", "org.vivant.consent",
    ):  # fmt: skip
        assert said in text
    assert "thumbnail" not in text


def test_only_the_signed_film_is_left(signed: Path) -> None:
    assert [child.name for child in signed.parent.iterdir()] == ["signed.mp4"]


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_one_changed_byte_of_the_picture_is_found(
    tmp_path: Path, signed: Path, places: Places, share: float
) -> None:
    data = bytearray(signed.read_bytes())
    start = data.index(b"mdat") + 4
    data[start + int((len(data) - start) * share)] ^= 1
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(data)

    read = read_credentials(changed, places=places)

    assert not read.ok
    assert read.state == "invalid"
    assert "after signing" in read.why
    assert read.film_id is None


def test_a_film_stripped_of_its_papers_is_told(tmp_path: Path, places: Places) -> None:
    read = read_credentials(a_film(tmp_path / "film.mp4"), places=places)

    assert read.state == "absent"
    assert "stripped" in read.why


def test_a_stranger_sees_that_it_is_whole_and_does_not_trust_it(
    tmp_path: Path, signed: Path, places: Places
) -> None:
    stranger = Places(data=tmp_path / "stranger", cache=tmp_path / "cache")

    before = read_credentials(signed, places=stranger)
    trusted = keys_folder(stranger) / "trusted"
    trusted.mkdir(parents=True)
    shutil.copy(keys_folder(places) / "own" / "root.pem", trusted / "them.pem")
    after = read_credentials(signed, places=stranger)

    assert (before.ok, before.state) == (False, "valid")
    assert "does not trust" in before.why
    assert before.codes == ("signingCredential.untrusted",)
    assert (after.ok, after.state) == (True, "trusted")


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"\0\0\0\x18ftypisom\0\0\0\0isomiso2"])
@pytest.mark.parametrize("name", ["x.mp4", "x.jpg", "x.txt", "x"])
def test_anything_can_be_read(tmp_path: Path, places: Places, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)

    assert read_credentials(tmp_path / name, places=places).state == "absent"


def test_a_missing_file_and_a_folder_can_be_read(tmp_path: Path, places: Places) -> None:
    for path in (tmp_path, tmp_path / "none.mp4"):
        assert read_credentials(path, places=places).state == "absent"


def test_a_refused_signing_leaves_nothing_behind(tmp_path: Path, places: Places) -> None:
    """And what stood there before stays."""
    bad, out = tmp_path / "bad.mp4", tmp_path / "films"
    bad.write_bytes(b"no film" * 1000)
    out.mkdir()
    (out / "old.mp4").write_bytes(b"old")

    for name in ("new.mp4", "old.mp4"):
        with pytest.raises(SigningRefusedError, match="Nothing was kept"):
            sign_film(bad, out / name, record=a_record(), places=places)

    assert [child.name for child in out.iterdir()] == ["old.mp4"]
    assert (out / "old.mp4").read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, places: Places) -> None:
    with pytest.raises(ResourceError, match="folder"):
        sign_film(
            a_film(tmp_path / "f.mp4"), tmp_path / "no" / "x.mp4", record=a_record(), places=places
        )


def test_the_key_is_made_once_and_for_its_owner_only(places: Places) -> None:
    one, other = (signing_key(places, now=utc_now()) for _ in range(2))
    own = keys_folder(places) / "own"

    assert one == other
    assert one.is_own
    assert own.stat().st_mode & 0o777 == 0o700
    assert (own / "key.pem").stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in (own / "chain.pem").read_bytes() + (own / "root.pem").read_bytes()
    assert "PRIVATE" not in repr(one)
    assert trust_anchors(places).count("BEGIN") == 1


def test_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from vivant.places import Places\n"
        "from vivant.provenance.signing import signing_key; from vivant.provenance.safekeeping import utc_now\n"
        "p = Path(sys.argv[1]); k = signing_key(Places(data=p, cache=p), now=utc_now())\n"
        "import hashlib; print(hashlib.sha256(k.private_pem).hexdigest())"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]

    said = {maker.communicate()[0] for maker in makers}

    assert len(said) == 1
    assert sorted(p.name for p in (tmp_path / "keys").iterdir()) == ["keys.lock", "own"]


def test_a_given_certificate_is_used(tmp_path: Path, places: Places) -> None:
    other = Places(data=tmp_path / "other", cache=tmp_path)
    signing_key(other, now=utc_now())
    given = keys_folder(places) / "given"
    shutil.copytree(keys_folder(other) / "own", given)

    credentials = sign_film(
        a_film(tmp_path / "film.mp4"), tmp_path / "s.mp4", record=a_record(), places=places
    )

    assert credentials.ok
    assert not signing_key(places, now=utc_now()).is_own


def test_a_key_that_will_not_do_is_explained(places: Places) -> None:
    signing_key(places, now=utc_now())
    given = keys_folder(places) / "given"
    shutil.copytree(keys_folder(places) / "own", given)
    key, chain = given / "key.pem", given / "chain.pem"
    stranger = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    with pytest.raises(KeyBrokenError, match="holds from"):
        signing_key(places, now=utc_now() + timedelta(days=20_000))
    key.chmod(0o644)
    with pytest.raises(KeyBrokenError, match="0644"):
        signing_key(places, now=utc_now())
    key.chmod(0o600)
    key.write_bytes(stranger)
    with pytest.raises(KeyBrokenError, match="do not belong together"):
        signing_key(places, now=utc_now())
    key.write_bytes(b"no key")
    with pytest.raises(KeyBrokenError, match="cannot be read"):
        signing_key(places, now=utc_now())
    chain.unlink()
    with pytest.raises(KeyBrokenError, match=r"chain\.pem"):
        signing_key(places, now=utc_now())


def test_a_clock_that_is_wrong_by_years_signs_nothing(places: Places) -> None:
    signing_key(places, now=utc_now())

    with pytest.raises(KeyBrokenError, match="clock"):
        signing_key(places, now=NOON.replace(year=2000))


def test_a_copy_of_the_papers_beside_a_film_fits_the_film_when_it_has_lost_its_own(
    tmp_path: Path, places: Places
) -> None:
    film, beside = tmp_path / "s.mp4", tmp_path / "s.c2pa"
    unsigned = a_film(tmp_path / "u.mp4")

    sign_film(unsigned, film, record=a_record(), places=places, sidecar=beside)

    settings = {"trust": {"user_anchors": trust_anchors(places)}}
    with (
        c2pa.Context.from_dict(settings) as context,
        film.open("rb") as file,
        c2pa.Reader("video/mp4", file, beside.read_bytes(), context=context) as reader,
    ):
        assert reader.get_validation_state() == "Trusted"
