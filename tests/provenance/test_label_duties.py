from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vivant.errors import InputError
from vivant.provenance.label import LABEL_TEXT
from vivant.provenance.label_duties import Territories, checked_codes, duties_in, territories

CODES = st.from_regex(r"[A-Z]{2}", fullmatch=True)


def names(codes: list[str] | None) -> list[str]:
    return [duty.name for duty in duties_in(codes)]


def test_every_duty_tells_its_reasons_and_its_sources() -> None:
    for duty in territories().duties:
        assert duty.sources
        for text in (duty.size_reason, duty.place_reason, duty.times_reason, duty.live_reason):
            assert text.endswith(".")
        assert duty.is_met_by(duty.words)
        assert duty.least_share * 20 >= 1


def test_the_usual_label_meets_every_duty() -> None:
    assert all(duty.is_met_by(LABEL_TEXT) for duty in territories().duties)


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        (None, ["CN", "EU"]),
        (["CN"], ["CN"]),
        (["de"], ["EU"]),
        (["EU"], ["EU"]),
        (["FR", "CN"], ["CN", "EU"]),
        (["US"], ["CN", "EU"]),
        (["HK"], ["CN", "EU"]),
        (["CN", "US"], ["CN", "EU"]),
    ],
)
def test_a_film_owes_the_union_of_its_territories(
    codes: list[str] | None, wanted: list[str]
) -> None:
    assert names(codes) == wanted


@given(codes=st.lists(CODES, min_size=1, max_size=5), more=CODES)
def test_one_territory_more_never_asks_for_less(codes: list[str], more: str) -> None:
    assert set(names(codes)) <= set(names([*codes, more]))
    assert names(codes)


@pytest.mark.parametrize("codes", [[], ["Deutschland"], ["C"], ["12"], ["CN", "../x"], [""]])
def test_what_is_no_territory_is_refused(codes: list[str]) -> None:
    with pytest.raises(InputError, match="ISO 3166-1"):
        duties_in(codes)


def test_codes_are_brought_into_one_form() -> None:
    assert checked_codes([" cn ", "CN-31", "fr", "US-CA"]) == ("CN", "FR", "US")


@pytest.mark.parametrize(
    "broken",
    [
        {"words": "MADE BY HAND"},
        {"countries": ["AT"]},
        {"at_least_s": 9},
        {"sources": []},
        {"invented": 1},
    ],
)
def test_duties_that_contradict_themselves_are_not_read(broken: dict[str, object]) -> None:
    facts = territories().model_dump()
    facts["duties"] = [facts["duties"][0] | broken, *facts["duties"][1:]]

    with pytest.raises(ValidationError):
        Territories.model_validate(facts)
