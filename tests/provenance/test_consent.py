from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from paper_trail import NOON, a_consent
from vivant.errors import ConsentError, InputError
from vivant.provenance.consent import (
    USES,
    Consent,
    ConsentBrokenError,
    ConsentExpiredError,
    ConsentScopeError,
    ConsentWithdrawnError,
    Event,
    Kind,
    attest,
    read_consent,
    write_consent,
)

names = st.text(max_size=50)


@given(person=st.none() | names, note=st.none() | names, kind=st.sampled_from(["self", "kin"]))
def test_a_record_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, person: str | None, note: str | None, kind: Kind
) -> None:
    path = tmp_path_factory.mktemp("consent") / "consent.json"
    consent = attest(kind, person=person, note=note, now=NOON)

    write_consent(consent, path)

    assert read_consent(path) == consent
    assert read_consent(path).sha256 == consent.sha256


def test_a_statement_grants_a_private_film_and_nothing_else() -> None:
    consent = a_consent()

    consent.require("portrait-film", now=NOON)

    for use in USES:
        if use != "portrait-film":
            with pytest.raises(ConsentScopeError, match=use):
                consent.require(use, now=NOON)


def test_a_consent_runs_out() -> None:
    consent = a_consent()
    assert consent.expires is not None

    consent.require("portrait-film", now=consent.expires - timedelta(seconds=1))

    with pytest.raises(ConsentExpiredError, match="expired at"):
        consent.require("portrait-film", now=consent.expires)


def test_a_clock_set_back_is_noticed() -> None:
    with pytest.raises(ConsentExpiredError, match="clock"):
        a_consent().require("portrait-film", now=NOON - timedelta(days=1))


@pytest.mark.parametrize("state", ["withdrawn", "held"])
def test_a_later_event_stops_it_and_keeps_its_hash(state: str) -> None:
    consent = a_consent()
    later = Event.model_validate(
        {"event_time": NOON + timedelta(hours=1), "event_type": "hold", "event_state": state}
    )
    stopped = consent.model_copy(update={"events": (*consent.events, later)})

    stopped.require("portrait-film", now=NOON)

    assert stopped.sha256 == consent.sha256
    with pytest.raises(ConsentWithdrawnError, match=state):
        stopped.require("portrait-film", now=NOON + timedelta(hours=2))


def test_no_message_holds_a_name(tmp_path: Path) -> None:
    consent = attest("kin", person="Nobody Inparticular", note="a secret", now=NOON)
    path = tmp_path / "consent.json"
    write_consent(consent, path)
    path.write_text(path.read_text().replace("kin", "pet"))

    with pytest.raises(ConsentError) as broken:
        read_consent(path)
    with pytest.raises(ConsentError) as refused:
        consent.require("commerce", now=NOON)

    for message in (str(broken.value), str(refused.value), repr(broken.value.__cause__)):
        assert "Nobody" not in message
        assert "secret" not in message


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_bit_never_passes(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = tmp_path_factory.mktemp("consent") / "consent.json"
    consent = attest("self", person="somebody", now=NOON)
    write_consent(consent, path)
    data = bytearray(path.read_bytes().rstrip(b"\n"))
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)

    try:
        read = read_consent(path)
    except ConsentBrokenError:
        return
    assert read == consent, "only a change that changes no meaning may pass"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"kind": "self"}',
        b" " * 2_000_000,
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "consent.json"
    path.write_bytes(content)

    with pytest.raises(ConsentBrokenError):
        read_consent(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(ConsentBrokenError, match="cannot be read"):
            read_consent(path)


def test_a_record_from_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "consent.json"
    write_consent(a_consent(), path)
    facts = json.loads(path.read_text())
    path.write_text(json.dumps(facts | {"schema_version": "consent/3"}))

    with pytest.raises(ConsentBrokenError, match="schema_version"):
        read_consent(path)


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "consent.json"

    write_consent(a_consent(), path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert [child.name for child in path.parent.iterdir()] == ["consent.json"]


@pytest.mark.parametrize("kind", ["guardians", "presenter"])
def test_some_kinds_need_more_than_a_statement(kind: Any) -> None:
    with pytest.raises(InputError, match=kind):
        attest(kind)


def test_times_must_make_sense() -> None:
    facts = a_consent().model_dump()

    for change in (
        {"expires": NOON - timedelta(days=1)},
        {"events": ()},
        {"events": (facts["events"][0] | {"event_type": "hold"},)},
        {"events": (facts["events"][0], facts["events"][0] | {"event_time": NOON - timedelta(1)})},
    ):
        with pytest.raises(ValidationError):
            Consent.model_validate(facts | change)


def test_two_records_of_the_same_words_have_different_hashes() -> None:
    """The nonce keeps the hash from telling whose record it is."""
    assert a_consent().sha256 != a_consent().sha256
