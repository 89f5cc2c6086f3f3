from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_trail import a_record
from vivant.provenance.aigc import aigc_value, read_aigc


def test_the_field_reads_back_bare_and_wrapped() -> None:
    record = a_record()
    value = aigc_value(record)

    for text in (value, f'{{"AIGC": {value}}}', json.dumps({"AIGC": value})):
        reading = read_aigc(text)
        assert reading.ok
        assert reading.film_id == record.film_id
        assert reading.label == "1"


def test_the_field_holds_the_seven_strings_of_the_standard() -> None:
    value = json.loads(aigc_value(a_record(), producer="001191110102MAD55U9H0F10002"))

    assert list(value) == [
        "Label", "ContentProducer", "ProduceID", "ReservedCode1",
        "ContentPropagator", "PropagateID", "ReservedCode2",
    ]  # fmt: skip
    assert value["ContentPropagator"] == value["ContentProducer"]
    assert value["PropagateID"] == value["ProduceID"]
    assert aigc_value(a_record()).isascii()


def test_the_field_of_another_maker_reads_too() -> None:
    value = json.loads(aigc_value(a_record())) | {"ProduceID": "anything", "Label": "2"}

    reading = read_aigc(json.dumps(value))

    assert reading.ok
    assert reading.film_id is None
    assert reading.produce_id == "anything"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        "[]",
        "null",
        "1",
        '{"AIGC": 1}',
        '{"AIGC": {"AIGC": {}}}',
        "[" * 60_000,
        '{"Label": "1"}',
    ],
)
def test_what_is_no_field_is_said_to_be_none(text: str | None) -> None:
    reading = read_aigc(text)

    assert not reading.ok
    assert reading.why


def test_a_label_nobody_knows_does_not_hold() -> None:
    value = json.loads(aigc_value(a_record())) | {"Label": "9"}

    assert not read_aigc(json.dumps(value)).ok


@given(text=st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert not read_aigc(text).ok
