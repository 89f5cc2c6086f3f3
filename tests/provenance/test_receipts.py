from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from full_consents import NOON, collected, full_consent
from paper_trail import a_consent
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import KINDS, Kind, read_consent
from vivant.provenance.consent_events import object_to, withdraw
from vivant.provenance.consent_history import new_person
from vivant.provenance.consent_keeping import kept_path
from vivant.provenance.ledger import Ledger
from vivant.provenance.notices import LANGUAGES, form_text
from vivant.provenance.receipts import check_receipt, make_receipt, read_receipt, receipt_text


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Places, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("receipts")
    places = Places(data=folder / "data", cache=folder / "cache")
    return places, make_receipt(full_consent("presenter", now=NOON), places=places)


def test_a_receipt_can_be_checked_without_the_record(places: Places) -> None:
    consent = collected(places, "kin")
    receipt = json.loads(json.dumps(make_receipt(consent, places=places)))

    found = check_receipt(receipt, places=places)

    assert found.ok
    assert (found.record_id, found.record_sha256) == (consent.record_id, consent.sha256)
    assert check_receipt(receipt, places=places, consent=consent).ok


def test_an_old_receipt_does_not_hide_that_the_consent_was_taken_back(places: Places) -> None:
    consent = collected(places)
    receipt = make_receipt(consent, places=places)
    assert check_receipt(receipt, places=places).state == "given"

    withdraw(consent.record_id, places=places)
    found = check_receipt(receipt, places=places)

    assert (found.ok, found.state) == (True, "withdrawn")
    assert "grants nothing today" in found.why


def test_what_became_of_a_strangers_consent_is_not_known(places: Places, tmp_path: Path) -> None:
    elsewhere = Places(data=tmp_path / "elsewhere", cache=tmp_path / "cache")
    receipt = make_receipt(collected(elsewhere), places=elsewhere)

    assert check_receipt(receipt, places=places).state == "unknown"
    assert check_receipt(receipt).state is None


def test_a_receipt_of_another_record_is_told(places: Places) -> None:
    receipt = make_receipt(collected(places), places=places)

    found = check_receipt(receipt, places=places, consent=collected(places))

    assert not found.ok
    assert "another record" in found.why


def test_a_receipt_by_a_stranger_is_whole_and_not_trusted(places: Places, tmp_path: Path) -> None:
    elsewhere = Places(data=tmp_path / "elsewhere", cache=tmp_path / "cache")
    receipt = make_receipt(collected(elsewhere), places=elsewhere)

    found = check_receipt(receipt, places=places)

    assert (found.ok, found.seal) == (False, "valid")


@given(data=st.data())
def test_a_receipt_that_was_changed_anywhere_is_not_genuine(
    signed: tuple[Places, dict[str, Any]], data: st.DataObject
) -> None:
    places, receipt = signed
    changed = copy.deepcopy(receipt)
    field = data.draw(st.sampled_from(sorted(changed.keys() - {"seal", "schema_version"})))
    changed[field] = data.draw(st.none() | st.text(max_size=5) | st.integers())

    assert check_receipt(changed, places=places).seal == "broken"


@given(st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=8)))
def test_what_is_no_receipt_is_none(
    signed: tuple[Places, dict[str, Any]], receipt: dict[str, Any]
) -> None:
    for facts in (receipt, receipt | {"schema_version": "consent-receipt/1"}):
        assert not check_receipt(facts, places=signed[0]).ok


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_tells_people_what_was_agreed_and_how_to_take_it_back(
    places: Places, kind: Kind, language: str
) -> None:
    consent = full_consent(kind)
    text = receipt_text(make_receipt(consent, places=places), language=language)

    assert consent.record_id in text
    assert consent.sha256 in text
    assert f"vivant consent withdraw {consent.record_id}" in text
    assert "a@b.example" in text
    assert "Ada" not in text
    assert ("500 EUR" in text) == (kind == "presenter")
    assert "None" not in text


def test_a_statement_has_a_receipt_too(places: Places) -> None:
    text = receipt_text(make_receipt(a_consent(), places=places))

    assert "a film for private use" in text


def test_a_receipt_tells_what_happened_and_names_nobody(places: Places) -> None:
    consent = collected(places, "kin")
    person = new_person(name="Bob Example", relation="brother", words="No!")
    object_to(consent.record_id, places=places, by=person)
    withdraw(consent.record_id, places=places)
    receipt = make_receipt(read_consent(kept_path(consent.record_id, places=places)), places=places)

    text = receipt_text(receipt)

    assert "a relative objected" in text
    assert "taken back" in text
    assert "Bob" not in json.dumps(receipt)


def test_the_ledger_notes_a_receipt(places: Places) -> None:
    consent = collected(places)
    receipt = make_receipt(consent, places=places)

    last = list(Ledger.in_places(places).entries())[-1]

    assert last.event == "receipt.made"
    assert last.facts["receipt_id"] == receipt["receipt_id"]


def test_every_word_of_a_receipt_is_there_in_every_language() -> None:
    for key, words in yaml.safe_load(form_text("receipt.yaml")).items():
        assert set(words) == set(LANGUAGES), key
        assert all(isinstance(word, str) and word for word in words.values()), key


def test_what_cannot_be_read_or_written_as_a_receipt_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not in xx"):
        receipt_text({}, language="xx")
    with pytest.raises(InputError, match="lacks"):
        receipt_text({"receipt_id": "x"})
    with pytest.raises(InputError, match="cannot be read"):
        read_receipt(tmp_path)
    for content in (b"", b"[]", b"[" * 100_000, b" " * 2_000_000):
        (tmp_path / "r.json").write_bytes(content)
        with pytest.raises(InputError, match="no receipt"):
            read_receipt(tmp_path / "r.json")
