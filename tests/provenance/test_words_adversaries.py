"""The rules for words against somebody who wants to get past them."""

from __future__ import annotations

import pytest

from farewells_everyday import EVERYDAY
from farewells_of_adversaries import GENTLE, SAID, SLY
from vivant.provenance.words import read_words
from vivant.provenance.words_languages import COMMON, seems_to_be

LEAST_CAUGHT = 0.95


def _let_through(texts: dict[str, tuple[str, ...]]) -> list[str]:
    return [
        text
        for language, some in texts.items()
        for text in some
        if read_words(text, language=language, in_memory=True).ok
    ]


@pytest.mark.parametrize("texts", [SAID, SLY], ids=["said", "sly"])
def test_nearly_all_that_nobody_should_say_is_caught(texts: dict[str, tuple[str, ...]]) -> None:
    through = _let_through(texts)

    assert len(through) <= (1 - LEAST_CAUGHT) * sum(map(len, texts.values())), through


def test_a_farewell_may_speak_of_money_and_doctors() -> None:
    assert sum(map(len, GENTLE.values())) >= 180
    assert set(_let_through(GENTLE)) == {text for some in GENTLE.values() for text in some}


def test_a_farewell_as_anybody_writes_it_is_not_refused() -> None:
    assert sum(map(len, EVERYDAY.values())) >= 120
    assert set(_let_through(EVERYDAY)) == {text for some in EVERYDAY.values() for text in some}


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        ("Ich bin immer noch am Leben.", "de"),
        ("Je suis toujours à vos côtés.", "fr"),
        ("Estoy siempre a vuestro lado, no he muerto.", "es"),
        ("Sono sempre qui con voi, non sono morto.", "it"),
        ("Jestem zawsze z wami, nie umarłam.", "pl"),
    ],
)
@pytest.mark.parametrize("named", ["en-US", "de", "nl", "sw"])
def test_a_wrongly_named_language_hides_nothing(text: str, is_in: str, named: str) -> None:
    assert is_in == named or is_in in seems_to_be(text, named=named)
    assert not read_words(text, language=named, in_memory=True).ok


def test_a_sentence_in_another_language_hides_nothing() -> None:
    text = "I loved the garden. Ich bin immer noch bei euch. Think of me."

    assert [one.kind for one in read_words(text, language="en", in_memory=True).findings] == [
        "here"
    ]


@pytest.mark.parametrize("language", COMMON)
def test_a_gentle_text_is_in_the_language_that_it_is_in(language: str) -> None:
    for text in GENTLE.get(language, ()):
        assert seems_to_be(text, named=language) == (), text
