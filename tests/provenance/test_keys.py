"""A key is changed in time, and a certificate that will not do is named before anything is made."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from key_makers import MAIL, NOW, authority, certificate, ec_key, give
from paper_trail import a_film, a_record
from vivant.cli.surveying import survey_engines
from vivant.places import Places
from vivant.provenance.certificates import CLAIM_SIGNING, DOCUMENT_SIGNING
from vivant.provenance.key_changing import change_key, key_warnings, ready_to_sign
from vivant.provenance.ledger import Ledger
from vivant.provenance.manifest import read_credentials, sign_film
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.sealing import check_seal, seal
from vivant.provenance.signing import (
    CertificateUnfitError,
    KeyBrokenError,
    keys_folder,
    signing_key,
    trust_anchors,
)

ROOT = authority("Root")
LONG = timedelta(days=9 * 365 + 30)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture
def given(places: Places) -> Path:
    return keys_folder(places) / "given"


def events(places: Places) -> list[str]:
    lines = Ledger.in_places(places).path.read_text().splitlines()
    return [json.loads(line)["event"] for line in lines]


def test_a_changed_key_signs_and_what_the_former_sealed_stays_trusted(places: Places) -> None:
    before = signing_key(places, now=NOW)
    sealed = seal({"said": "before"}, places=places, now=NOW)
    old_key_file = keys_folder(places) / "own" / "key.pem"
    secret = old_key_file.read_bytes()

    after = change_key(places, now=NOW)

    assert after.name != before.name
    assert signing_key(places, now=NOW) == after
    assert check_seal(sealed, places=places).ok
    assert check_seal(seal({"said": "after"}, places=places, now=NOW), places=places).ok
    assert trust_anchors(places).count("BEGIN") == 2
    assert events(places) == ["key.changed"]
    left = [path for path in keys_folder(places).rglob("*") if path.is_file()]
    assert not any(secret in path.read_bytes() for path in left)


def test_what_a_lost_key_signed_is_not_trusted_any_more(places: Places) -> None:
    sealed = seal({"said": "before"}, places=places, now=NOW)

    change_key(places, now=NOW, why="lost")

    assert check_seal(sealed, places=places).state == "valid"
    assert trust_anchors(places).count("BEGIN") == 1
    assert events(places) == ["key.changed"]


def test_a_first_change_makes_a_key(places: Places) -> None:
    change_key(places, now=NOW)

    assert events(places) == ["key.made"]


def test_an_own_certificate_is_renewed_before_it_ends(places: Places) -> None:
    first = ready_to_sign(places, now=NOW)

    assert ready_to_sign(places, now=NOW + timedelta(days=8 * 365)) == first
    renewed = ready_to_sign(places, now=NOW + LONG)

    assert renewed.name != first.name
    assert renewed.ends > NOW + 2 * LONG
    assert events(places) == ["key.changed"]
    assert ready_to_sign(places, now=NOW + LONG) == renewed


def test_a_clock_set_back_changes_no_key(places: Places) -> None:
    key = signing_key(places, now=NOW)

    with pytest.raises(CertificateUnfitError, match="clock") as caught:
        change_key(places, now=NOW - timedelta(days=4000))

    assert caught.value.fault == "not-yet"
    assert signing_key(places, now=NOW) == key


@pytest.mark.parametrize("use", [MAIL[0].dotted_string, DOCUMENT_SIGNING, CLAIM_SIGNING])
def test_a_certificate_for_signing_is_taken(places: Places, given: Path, use: str) -> None:
    leaf, key = certificate(issuer=ROOT, uses=[ObjectIdentifier(use)])
    give(given, key, leaf, ROOT[0])

    assert not ready_to_sign(places, now=NOW).is_own


@pytest.mark.parametrize(
    "kind",
    [ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP521R1()),
     ed25519.Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)],
    ids=["P-384", "P-521", "Ed25519", "RSA"],
)  # fmt: skip
def test_a_key_of_every_kind_seals(places: Places, given: Path, kind: object) -> None:
    leaf, key = certificate(issuer=ROOT, key=kind)
    give(given, key, leaf, ROOT[0])

    assert check_seal(seal({"a": 1}, places=places, now=NOW), places=places).ok


def unfit(fault: str, given: Path) -> None:
    """Lay down what has a fault."""
    leaf, key = certificate(issuer=ROOT)
    if fault == "expired":
        leaf, key = certificate(issuer=ROOT, ends=NOW - timedelta(days=1))
    elif fault == "not-yet":
        leaf, key = certificate(issuer=ROOT, begins=NOW + timedelta(days=1))
    elif fault == "other-key":
        key = ec_key()
    elif fault == "self-signed":
        leaf, key = certificate()
    elif fault == "is-ca":
        leaf, key = authority("Between", issuer=ROOT)
    elif fault == "no-digital-signature":
        leaf, key = certificate(issuer=ROOT, signs=False)
    elif fault == "weak-key":
        leaf, key = certificate(
            issuer=ROOT,
            key=rsa.generate_private_key(65537, 1024),  # noqa: S505
        )
    give(given, key, leaf, ROOT[0])


@pytest.mark.parametrize(
    "fault",
    [
        "expired",
        "not-yet",
        "other-key",
        "self-signed",
        "is-ca",
        "no-digital-signature",
        "weak-key",
    ],
)
def test_a_certificate_with_a_fault_is_refused_by_its_name(
    places: Places, given: Path, fault: str
) -> None:
    unfit(fault, given)

    with pytest.raises(CertificateUnfitError) as caught:
        ready_to_sign(places, now=NOW)

    assert caught.value.fault == fault
    assert key_warnings(places, now=NOW) == (str(caught.value),)


@pytest.mark.parametrize(
    "uses",
    [
        (),
        (ExtendedKeyUsageOID.SERVER_AUTH,),
        (ExtendedKeyUsageOID.TIME_STAMPING, *MAIL),
        (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,),
        (ExtendedKeyUsageOID.CODE_SIGNING,),
    ],
    ids=["none", "server", "time stamps too", "any", "code"],
)
def test_a_certificate_for_another_use_is_refused(
    places: Places, given: Path, uses: tuple[ObjectIdentifier, ...]
) -> None:
    leaf, key = certificate(issuer=ROOT, uses=uses)
    give(given, key, leaf, ROOT[0])

    with pytest.raises(CertificateUnfitError, match="wrong use") as caught:
        ready_to_sign(places, now=NOW)

    assert caught.value.fault == "wrong-use"


def test_a_chain_in_the_wrong_order_is_refused(places: Places, given: Path) -> None:
    between = authority("Between", issuer=ROOT)
    leaf, key = certificate(issuer=between)

    for chain in ((between[0], leaf, ROOT[0]), (leaf, ROOT[0], between[0])):
        give(given, key, *chain)
        with pytest.raises(CertificateUnfitError, match="wrong order") as caught:
            ready_to_sign(places, now=NOW)
        assert caught.value.fault == "wrong-order"
    give(given, key, leaf, between[0], ROOT[0])
    assert ready_to_sign(places, now=NOW).algorithm == "ES256"


def test_a_certificate_above_that_has_ended_or_may_not_issue_is_refused(
    places: Places, given: Path
) -> None:
    between = authority("Between", issuer=ROOT, ends=NOW - timedelta(days=1))
    leaf, key = certificate(issuer=between)
    give(given, key, leaf, between[0], ROOT[0])
    with pytest.raises(CertificateUnfitError, match="number 2") as caught:
        ready_to_sign(places, now=NOW)
    assert caught.value.fault == "expired"

    between = certificate("No authority", issuer=ROOT)
    leaf, key = certificate(issuer=between)
    give(given, key, leaf, between[0], ROOT[0])
    with pytest.raises(CertificateUnfitError, match="may not issue") as caught:
        ready_to_sign(places, now=NOW)
    assert caught.value.fault == "not-a-ca"


def test_a_month_before_a_given_certificate_ends_people_are_warned(
    places: Places, given: Path, caplog: pytest.LogCaptureFixture
) -> None:
    leaf, key = certificate(issuer=ROOT, ends=NOW + timedelta(days=29))
    give(given, key, leaf, ROOT[0])

    assert key_warnings(places, now=NOW - timedelta(days=9)) == ()
    assert "ends in 29 days" in key_warnings(places, now=NOW)[0]
    ready_to_sign(places, now=NOW)
    assert ["ends within a month" in record.message for record in caplog.records] == [True]


KMS = '''
import base64
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Service:
    """Stands for a key service: holds the key, gives out signatures."""

    asked = 0

    def __init__(self, *, key: str, mood: str = "good") -> None:
        self._key = serialization.load_der_private_key(base64.b64decode(key), None)
        self._mood = mood

    def sign(self, data: bytes, /) -> bytes:
        Service.asked += 1
        if self._mood == "down":
            raise ConnectionError("no service")
        if self._mood == "odd":
            return b"nothing"
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class Deaf:
    pass
'''


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    shelf = tmp_path / "shelf"
    info = shelf / "films_kms-1.2.dist-info"
    info.mkdir(parents=True)
    (shelf / "films_kms.py").write_text(KMS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: films_kms\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(
        "[vivant.engines.signing]\nfilms-kms = films_kms:Service\ndeaf = films_kms:Deaf\n"
    )
    monkeypatch.syspath_prepend(str(shelf))
    return "films-kms"


def entrust(
    given: Path, engine: str, *, mood: str = "good", wrong: bool = False, now: datetime = NOW
) -> None:
    """Give a certificate whose key is at the service only."""
    dates = {"begins": now - timedelta(days=9), "ends": now + timedelta(days=90)}
    root = authority("Root", begins=dates["begins"], ends=dates["ends"])
    leaf, key = certificate(issuer=root, begins=dates["begins"], ends=dates["ends"])
    give(given, key, leaf, root[0])
    (given / "key.pem").unlink()
    kept = (ec_key() if wrong else key).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    settings = {"key": base64.b64encode(kept).decode(), "mood": mood}
    if engine == "deaf":
        settings = {}
    (given / "signer.json").write_text(json.dumps({"engine": engine, "settings": settings}))


def test_a_key_that_is_kept_elsewhere_seals(places: Places, given: Path, service: str) -> None:
    entrust(given, service)

    key = ready_to_sign(places, now=NOW)
    sealed = seal({"a": 1}, places=places, now=NOW)

    assert key.private_pem is None
    assert check_seal(sealed, places=places).ok


def test_a_key_that_is_kept_elsewhere_signs_films(
    tmp_path: Path, places: Places, given: Path, service: str
) -> None:
    entrust(given, service, now=utc_now())

    sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=a_record(), places=places)

    assert read_credentials(tmp_path / "s.mp4", places=places).ok


def test_a_service_that_is_down_signs_no_film_and_leaves_none(
    tmp_path: Path, places: Places, given: Path, service: str
) -> None:
    entrust(given, service, mood="down", now=utc_now())

    with pytest.raises(KeyBrokenError, match="ConnectionError"):
        sign_film(a_film(tmp_path / "u.mp4"), tmp_path / "s.mp4", record=a_record(), places=places)
    assert not (tmp_path / "s.mp4").exists()


def test_what_a_given_key_signed_stays_trusted_when_another_is_put_there(
    places: Places, given: Path
) -> None:
    sealed = []
    for number in range(2):
        root = authority(f"Root {number}")
        leaf, key = certificate(issuer=root)
        give(given, key, leaf, root[0])
        ready_to_sign(places, now=NOW)
        sealed.append(seal({"number": number}, places=places, now=NOW))

    assert all(check_seal(one, places=places).ok for one in sealed)


@pytest.mark.parametrize(
    ("mood", "wrong", "match"),
    [
        ("down", False, "failed .ConnectionError"),
        ("odd", False, "another key"),
        ("good", True, "another key"),
    ],
)
def test_a_service_that_fails_or_signs_with_another_key_is_told(
    places: Places, given: Path, service: str, mood: str, wrong: bool, match: str
) -> None:
    entrust(given, service, mood=mood, wrong=wrong)

    with pytest.raises(KeyBrokenError, match=match):
        seal({"a": 1}, places=places, now=NOW)


@pytest.mark.parametrize("told", [b"", b"[]", b'{"engine": "nobody"}', b"{" * 5000])
def test_a_signer_that_cannot_be_understood_or_is_absent_is_told(
    places: Places, given: Path, told: bytes, service: str
) -> None:
    entrust(given, service)
    (given / "signer.json").write_bytes(told)

    with pytest.raises(KeyBrokenError, match=r"signer\.json"):
        ready_to_sign(places, now=NOW)


def test_an_engine_that_signs_is_listed_without_being_made(service: str) -> None:
    found = [one for one in survey_engines() if one.name == service]

    assert [(one.room, one.ok) for one in found] == [("signing", True)]


def test_a_signer_without_its_method_is_told(places: Places, given: Path, service: str) -> None:
    assert service
    entrust(given, "deaf")

    with pytest.raises(KeyBrokenError, match=r"no method sign"):
        ready_to_sign(places, now=NOW)
