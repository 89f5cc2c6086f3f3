from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from paper_trail import NOON, a_consent, a_recipe
from vivant.provenance.record import film_id_of, is_film_id, record_film

CONSENT = a_consent()


@given(seed=st.integers(0, 2**63))
def test_the_same_recipe_gives_the_same_id(seed: int) -> None:
    one, other = (a_recipe(seed=seed, consent=CONSENT) for _ in range(2))

    assert film_id_of(one) == film_id_of(other)
    assert is_film_id(film_id_of(one))


def test_any_change_of_the_recipe_gives_another_id() -> None:
    recipe = a_recipe(consent=CONSENT)
    changes = {"seed": 1, "width_px": 322, "voice": "x", "speech_sha256": "d" * 64, "versions": {}}

    ids = {film_id_of(dataclasses.replace(recipe, **{k: v})) for k, v in changes.items()}  # type: ignore[arg-type]

    assert len(ids | {film_id_of(recipe)}) == len(changes) + 1


@given(bit=st.integers(0, 63))
def test_an_id_with_a_wrong_bit_does_not_pass(bit: int) -> None:
    value = int(film_id_of(a_recipe(consent=CONSENT)), 16) ^ (1 << bit)

    assert not is_film_id(f"{value:016x}")


@given(text=st.text(max_size=20))
def test_texts_are_no_ids(text: str) -> None:
    assert not is_film_id(text) or len(text) == 16


def test_zeros_are_no_id() -> None:
    assert not is_film_id("0" * 16)


def test_the_time_is_no_part_of_the_id_but_of_the_record() -> None:
    recipe = a_recipe(consent=CONSENT)
    one, other = (
        record_film(recipe, label_text="x", made_at=NOON.replace(hour=h), generator="vivant/0")
        for h in (1, 2)
    )

    assert one.film_id == other.film_id
    assert one.sha256 != other.sha256
