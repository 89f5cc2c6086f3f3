from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from paper_trail import NOON
from vivant.errors import ConsentError, InputError
from vivant.places import Places
from vivant.provenance import unlabelled
from vivant.provenance.consent import Consent, attest
from vivant.provenance.consent_parts import Deceased
from vivant.provenance.labelling import labelling_for
from vivant.provenance.ledger import Ledger, LedgerError
from vivant.provenance.unlabelled import (
    Waiver,
    WaiverError,
    agree,
    agreement_sha256,
    agreement_text,
    films_under,
    insist_on_waiver,
    kept_waivers,
    lost_waivers,
    note_use,
    read_waiver,
    tidy,
    waived_claim,
)

ASKER = "a" * 32
FILM = "0123456789abcdef"
LATER = NOON + timedelta(days=3)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def self_given() -> Consent:
    return attest("self", person="A Name Nobody Has", now=NOON)


def agreed(places: Places, consent: Consent | None = None, **changed: Any) -> Waiver:
    facts: dict[str, Any] = {
        "asked_by": ASKER,
        "purpose": "own-label",
        "codes": ["CN"],
        "language": "en",
        "shown_sha256": agreement_sha256("en"),
        "places": places,
        "now": NOON,
    }
    return agree([consent or self_given()], **(facts | changed))


def insist(waiver: Waiver, places: Places, *, now: datetime = LATER, **changed: Any) -> None:
    facts: dict[str, Any] = {"consent_ids": waiver.consent_ids, "film_id": FILM}
    insist_on_waiver(waiver, places=places, now=now, **(facts | changed))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_agreement_states_the_duty_the_log_and_what_stays(language: Any) -> None:
    text = agreement_text(language)

    stated = {
        "en": ["duty to label is now yours", "six months", "invisible mark", "5 %", "not delete"],
        "zh": ["标识义务由您承担", "六个月", "水印", "百分之五", "不得删除"],
    }[language]
    for words in stated:
        assert words in text


def test_what_was_agreed_is_sealed_kept_and_in_the_ledger_without_names(places: Places) -> None:
    waiver = agreed(places, note="for our own opening titles")

    assert read_waiver(waiver.waiver_id, places=places) == waiver
    assert kept_waivers(places) == (waiver,)
    assert waiver.keep_until - waiver.expires >= timedelta(days=184)
    (entry,) = Ledger.in_places(places).entries()
    assert entry.event == "label.waived"
    assert entry.facts["sha256"] == waiver.sha256
    told = json.dumps(dict(entry.facts))
    assert "titles" not in told
    assert "Name" not in told
    file = places.data / "waivers" / f"{waiver.waiver_id}.json"
    assert file.stat().st_mode & 0o077 == 0
    assert "Name" not in file.read_text()


@pytest.mark.parametrize("codes", [["DE"], ["EU"], ["CN", "FR"]])
def test_no_agreement_lifts_the_european_duty(places: Places, codes: list[str]) -> None:
    with pytest.raises(WaiverError, match="European Union"):
        agreed(places, codes=codes)
    assert not (places.data / "waivers").exists()


def test_no_agreement_is_for_anywhere(places: Places) -> None:
    with pytest.raises(InputError, match="none was given"):
        agreed(places, codes=[])
    with pytest.raises(WaiverError, match="anywhere"):
        labelling_for(None, waiver=agreed(places))
    with pytest.raises(WaiverError, match="FR"):
        labelling_for(["CN", "FR"], waiver=agreed(places))


def test_live_pictures_always_carry_their_label(places: Places) -> None:
    with pytest.raises(WaiverError, match="every frame"):
        agreed(places, use="live")
    with pytest.raises(WaiverError, match="every frame"):
        labelling_for(["CN"], live=True, waiver=agreed(places))
    with pytest.raises(WaiverError, match="live"):
        insist(agreed(places), places, use="live")


@pytest.mark.parametrize(
    ("changed", "asked", "told"),
    [
        ({"kind": "guardians"}, {}, "minor"),
        ({"kind": "kin"}, {"audience": "public"}, "remembers"),
        ({"kind": "public-domain"}, {"audience": "public"}, "remembers"),
        (
            {"deceased": Deceased(died_on=date(2020, 1, 1))},
            {"audience": "public"},
            "remembers",
        ),
        ({"territories": ("US",)}, {}, "territories"),
    ],
)
def test_minors_and_public_memorials_keep_their_label(
    places: Places, changed: dict[str, Any], asked: dict[str, Any], told: str
) -> None:
    with pytest.raises(WaiverError, match=told):
        agreed(places, self_given().model_copy(update=changed), **asked)
    assert list(Ledger.in_places(places).entries()) == []


def test_a_consent_taken_back_or_run_out_allows_no_agreement(places: Places) -> None:
    consent = self_given()
    with pytest.raises(ConsentError, match="expired"):
        agreed(places, consent, now=NOON + timedelta(days=400))
    Ledger.in_places(places).note_consent(consent, now=NOON)
    Ledger.in_places(places).append("consent.withdrawn", {"record_id": consent.record_id}, now=NOON)

    with pytest.raises(WaiverError, match="taken back"):
        agreed(places, consent)


@pytest.mark.parametrize("shown", ["", "0" * 64, agreement_sha256("zh")])
def test_only_the_text_as_it_is_now_can_be_agreed_to(places: Places, shown: str) -> None:
    with pytest.raises(WaiverError, match="not the agreement as it is now"):
        agreed(places, shown_sha256=shown)


@pytest.mark.parametrize(
    "wrong",
    [
        {"asked_by": "Somebody Real"},
        {"film_id": "../../etc"},
        {"days": 0},
        {"days": 500},
        {"note": "x" * 401},
    ],
)
def test_a_field_that_is_not_what_it_must_be_is_refused(
    places: Places, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as raised:
        agreed(places, **wrong)
    assert "Somebody" not in str(raised.value)


def test_one_film_and_no_other_may_use_it(places: Places) -> None:
    waiver = agreed(places)
    insist(waiver, places)
    note_use(waiver, FILM, places=places, now=LATER)

    insist(waiver, places)  # the same film may be made again
    with pytest.raises(WaiverError, match="for one"):
        insist(waiver, places, film_id="f" * 16)
    assert films_under(waiver.waiver_id, places=places) == (FILM,)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"now": NOON + timedelta(days=30)}, "not now"),
        ({"now": NOON - timedelta(days=1)}, "not now"),
        ({"consent_ids": ("b" * 32,)}, "other consents"),
        ({"use": "public-showing"}, "to the public"),
    ],
)
def test_it_covers_nothing_else(places: Places, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(WaiverError, match=told):
        insist(agreed(places), places, **asked)


def test_an_agreement_about_one_film_is_for_that_film(places: Places) -> None:
    waiver = agreed(places, film_id="1" * 16)

    insist(waiver, places, twin_id="1" * 16)
    with pytest.raises(WaiverError, match="this is another"):
        insist(waiver, places, twin_id="2" * 16)


def test_a_forged_agreement_is_worth_nothing(places: Places, tmp_path: Path) -> None:
    real = agreed(places)
    forged = real.model_copy(update={"consent_ids": ("b" * 32,)})
    with pytest.raises(WaiverError, match="not the one that was agreed"):
        insist(forged, places, consent_ids=("b" * 32,))
    invented = real.model_copy(update={"waiver_id": "c" * 32})
    with pytest.raises(WaiverError, match="no such agreement"):
        insist(invented, places)

    path = places.data / "waivers" / f"{real.waiver_id}.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | {"expires": "2099-01-01T00:00:00Z"}))
    with pytest.raises(WaiverError, match="does not hold"):
        read_waiver(real.waiver_id, places=places)

    elsewhere = Places(data=tmp_path / "other", cache=tmp_path / "cache")
    foreign = agreed(elsewhere)
    (places.data / "waivers" / f"{foreign.waiver_id}.json").write_bytes(
        (elsewhere.data / "waivers" / f"{foreign.waiver_id}.json").read_bytes()
    )
    with pytest.raises(WaiverError, match="does not hold"):
        insist(foreign, places)


def test_an_agreement_that_the_ledger_does_not_know_is_refused(places: Places) -> None:
    waiver = agreed(places)
    for path in (places.data / "ledger").iterdir():
        path.unlink()

    with pytest.raises(LedgerError, match="a witness has seen"):
        insist(waiver, places)
    (places.data / "ledger-witness.json").unlink()
    with pytest.raises(WaiverError, match="not in the ledger"):
        insist(waiver, places)


@pytest.mark.parametrize("waiver_id", ["", "../../secret", "0" * 32, "x" * 32, "A" * 31])
def test_what_is_no_agreement_is_told(places: Places, waiver_id: str) -> None:
    with pytest.raises(WaiverError, match="no such agreement"):
        read_waiver(waiver_id, places=places)


@pytest.mark.parametrize("is_there", [True, False], ids=["changed", "gone"])
def test_an_agreement_that_must_be_kept_is_missed(places: Places, is_there: bool) -> None:
    waiver = agreed(places)
    whole = agreed(places)
    path = places.data / "waivers" / f"{waiver.waiver_id}.json"
    assert lost_waivers(places) == ()
    if is_there:
        path.write_bytes(path.read_bytes().replace(b'"CN"', b'"US"'))
    else:
        path.unlink()

    (lost,) = lost_waivers(places)

    assert (lost.waiver_id, lost.is_there) == (waiver.waiver_id, is_there)
    assert kept_waivers(places) == (whole,)
    assert lost_waivers(places, now=waiver.keep_until) == ()


def test_agreements_are_removed_only_when_they_were_kept_long_enough(places: Places) -> None:
    waiver = agreed(places)
    early = waiver.keep_until - timedelta(seconds=1)

    assert tidy(places, now=early) == ()
    assert tidy(places, now=waiver.keep_until) == (waiver.waiver_id,)
    assert kept_waivers(places) == ()
    assert len(list(Ledger.in_places(places).entries())) == 1


def test_verifying_tells_under_which_agreement_a_label_was_left_out(
    places: Places, tmp_path: Path
) -> None:
    waiver = agreed(places)
    note_use(waiver, FILM, places=places, now=LATER)

    ok, why = waived_claim(waiver.waiver_id, FILM, places=places)
    assert ok
    assert waiver.waiver_id in why
    assert "owes the label" in why
    assert not waived_claim(waiver.waiver_id, "f" * 16, places=places)[0]
    elsewhere = Places(data=tmp_path / "other", cache=tmp_path / "cache")
    assert "not known to this machine" in waived_claim(waiver.waiver_id, FILM, places=elsewhere)[1]


def test_nobody_can_draw_what_is_left_out(places: Places) -> None:
    labelling = labelling_for(["CN"], waiver=agreed(places))

    assert labelling.is_left_out
    assert labelling.text == ""
    with pytest.raises(WaiverError, match="nothing to draw"):
        labelling.plate(640, 360)


def test_the_log_outlives_six_months_of_any_year() -> None:
    assert timedelta(days=184) <= unlabelled.KEPT_FOR
