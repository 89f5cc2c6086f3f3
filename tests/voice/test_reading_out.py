"""Numbers, names and languages are read as people read them."""

from __future__ import annotations

import re

import pytest
from hibari.g2p import G2P
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.voice.engine import VoiceTraits
from vivant.voice.engines.misaki import misaki
from vivant.voice.engines.spelling import Grapher, spell
from vivant.voice.english import fill_in
from vivant.voice.script import ScriptLine, read_script
from vivant.voice.sentences import LONGEST_LINE, breadth, cut_sentences, shorten

LETTERS = frozenset("AIOQWYTabcdefhijklmnopqrstuvwxyzɑɐɒæɔðʤəɚɛɜɡɪŋɹɾʃʧʊʌʒʔᵊᵻθˈˌː ;:,.!?—…")
MANY = VoiceTraits(
    name="many",
    version="1",
    sample_rate_hz=16_000,
    languages=frozenset({"en-US", "de-DE", "zh", "ja", "es-ES", "ar", "ru-RU", "hi", "fr-FR"}),
    licence="Apache-2.0",
)


@pytest.fixture(scope="module")
def american() -> Grapher:
    grapher = G2P()
    assert isinstance(grapher, Grapher)
    return grapher


def sounds(text: str, grapher: Grapher) -> str:
    """What is heard: without stress, spaces and punctuation."""
    return re.sub(r"[^\w]|[ˈˌ]", "", spell(text, grapher=grapher, alphabet=LETTERS).letters)


def lines(text: str, language: str) -> tuple[ScriptLine, ...]:
    return read_script(text, language=language, traits=MANY).lines


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("500 g of flour and 4 l of milk", "500 grams of flour and 4 liters of milk"),
        ("8,848 m high, 10 m² wide", "8,848 meters high, 10 square meters wide"),
        ("it cost 75p at 5:30 p.m.", "it cost seventy five pence at five thirty P.M."),
        ("6'2\" and 5ft 10in", "six feet two inches and five feet ten inches"),
        (
            "1½ hours, 2 1/2 cups, ¾ full",
            "one and a half hours, two and a half cups, three quarters full",
        ),
        ("5/16 of it", "five sixteenths of it"),
        ("3.20 euros and version 1.0", "three point two zero euros and version one point zero"),
        (
            "5 - 3 = 2, 2 x 4 = 8, 6 / 3",
            "five minus three equals two, two times four equals eight, six divided by three",
        ),
        ("−5 or -5 degrees", "minus five or minus five degrees"),
        ("Henry VIII's and Louis XIV's", "Henry the eighth's and Louis the fourteenth's"),
        (
            "Pope John XXIII, George V, Charles I of",
            "Pope John the twenty-third, George the fifth, Charles the first of",
        ),
        ("the book I read, Chapter IV", "the book i read, chapter four"),
        ("25.12.1999", "the 25th of December 1999"),
        ("£2.5bn, $100k, A$50, 100 USD", "£2.5 billion, 100 thousand dollars, $50, 100 dollars"),
        ("10-15%", "ten to fifteen percent"),
        ("My PIN is not 1234", "My pin is not one two three four"),
        ("Boeing 747", "Boeing seven forty seven"),
        ("AT&T and R&B", "A. T. and T. and R. and B."),
        ("e.g. this, i.e. that, c. 1850", "for example this, that is that, circa eighteen fifty"),
        ("H2O and CO2", "H two O and C. O. two"),
        ("9/11, 50/50, he/she", "nine eleven, fifty fifty, he or she"),
    ],
)
def test_what_is_written_short_is_read_long(written: str, spoken: str, american: Grapher) -> None:
    assert sounds(written, american) == sounds(spoken, american)


@pytest.mark.parametrize(
    ("written", "read_out"),
    [
        ("Call 555-0142.", "Call 5 5 5, oh 1 4 2."),
        ("020 7946 0018", "oh 2 oh, 7 9 4 6, oh oh 1 8"),
        ("+44 20 7946 0018", "plus 4 4, 2 oh, 7 9 4 6, oh oh 1 8"),
        ("1-800-555-0199", "1, 800, 5 5 5, oh 1 9 9"),
        ("in 1914-1918 or 2024-05-17", "in 1914-1918 or 2024-05-17"),
        ("I have 12 34 56 marbles", "I have 12 34 56 marbles"),
        ("jo.doe@example.co.uk", "jo dot doe at example dot co dot U.K."),
        ("see www.example.org/a-b.", "see example dot org slash a dash b."),
    ],
)
def test_numbers_to_call_and_addresses_are_spelled_out(written: str, read_out: str) -> None:
    assert fill_in(written) == read_out


@settings(deadline=None)
@given(st.text(alphabet="0123456789 .,-/:+()$£%½'\"mgpIVX@a", max_size=60))
def test_any_signs_are_read_out(text: str) -> None:
    assert isinstance(fill_in(text), str)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Siobhan", "ʃɪvˈɔn"),
        ("Aoife's", "ˈifəz"),
        ("Wojciech", "vˈYʧɛk"),
        ("Nguyễn", "nwˈɪn"),
        ("Goethe,", "ɡˈɜɹtə"),
        ("SAOIRSE", "sˈɜɹʃə"),
    ],
)
def test_hard_names_are_known(name: str, letters: str, american: Grapher) -> None:
    assert spell(f"{name} came", grapher=american, alphabet=LETTERS).letters.startswith(letters)


@pytest.mark.parametrize(
    ("ipa", "us", "gb"),
    [
        ("ˈlɛstɚ", "lˈɛstəɹ", "lˈɛstə"),
        ("ˈvɔɪtʃɛx", "vˈYʧɛk", "vˈYʧɛk"),
        ("xoˈse", "hOsˈA", "hɔːsˈA"),
        ("ˈɡøːtə", "ɡˈɜɹtə", "ɡˈɜːtə"),
        ("ˈbʌtn̩", "bˈʌtᵊn", "bˈʌtᵊn"),
        ("bɔ̃ˈʒuʁ", "bɔnʒˈuɹ", "bɔːnʒˈuː"),
        ("ˈmaː.ɾi.o", "mˈɑɹiO", "mˈɑːɹiɔː"),
        ("ˈt͡ɕɛɲ", "ʧˈɛn", "ʧˈɛn"),
        ("ˈbi ˈbi", "bˈi bˈi", "bˈiː bˈiː"),
        ("nɪə", "nˈɪɹ", "nˈɪə"),
    ],
)
def test_a_foreign_phone_becomes_the_nearest_english_one(ipa: str, us: str, gb: str) -> None:
    assert (misaki(ipa), misaki(ipa, british=True)) == (us, gb)


@given(st.text(alphabet="abdefhijklmnoprstuvwxyzæçðøŋœɐɑɒɔəɛɜɡɪɲɹʁʃʊʌʎʒʔβθχˈˌː.̩̃ʲ ", max_size=20))
def test_any_ipa_becomes_letters_that_the_networks_know(ipa: str) -> None:
    assert set(misaki(ipa)) <= LETTERS
    assert set(misaki(ipa, british=True)) <= LETTERS


def test_words_sound_as_they_are_given(american: Grapher) -> None:
    text = "In Leicester, St. Albans (Smith) in 1947."
    given = ("", "ˈlaɪstɚ", "ˈseɪnt", "ˈɔlbənz", "ˈsmaɪð", "", "")

    spelled = spell(text, grapher=american, alphabet=LETTERS, spoken_as=given)
    by_word = [
        "".join(c for c, word in zip(spelled.letters, spelled.word_of, strict=True) if word == i)
        for i in range(7)
    ]

    assert spelled.words == tuple(text.split())
    assert by_word[1:5] == ["lˈIstəɹ", "sˈAnt", "ˈɔlbənz", "smˈIð"]
    assert "sˈAnt ˈɔ" in spelled.letters


def test_an_article_suits_the_sound_that_is_given(american: Grapher) -> None:
    spelled = spell("the Quay", grapher=american, alphabet=LETTERS, spoken_as=("", "ˈiki"))

    assert spelled.letters == "ði ˈiki."


@pytest.mark.parametrize(
    ("text", "word", "letters"),
    [
        ("I am here.", 1, "ˈˈæm"),
        ("Take the one.", 1, "ðˈˈi"),
        ("My house.", 1, "hˈˈWs"),
        ("It is a start.", 2, "ˈˈA"),
    ],
)
def test_a_weighty_word_takes_its_full_form_and_more_stress(
    text: str, word: int, letters: str, american: Grapher
) -> None:
    spelled = spell(text, grapher=american, alphabet=LETTERS, emphasis=frozenset({word}))

    assert letters in spelled.letters


@pytest.mark.parametrize(
    ("language", "row", "sentences"),
    [
        ("de-DE", "Am 3. Mai kam Dr. Weber. Er blieb z. B. lange. Schön!", 3),
        ("zh", "你好。今天天气很好！你呢？“好。”他说。", 5),
        ("ja", "こんにちは。元気ですか？はい。", 3),
        ("es-ES", "¿Qué tal? ¡Bien! El Sr. Pérez vino.", 3),
        ("ar", "مرحبا. كيف حالك؟ أنا بخير.", 3),
        ("hi", "नमस्ते। आप कैसे हैं? मैं ठीक हूँ।", 3),
        ("ru-RU", "А. С. Пушкин родился в 1799 г. в Москве. Он писал стихи.", 2),
    ],
)
def test_sentences_of_other_languages_are_cut_where_they_end(
    language: str, row: str, sentences: int
) -> None:
    assert len(cut_sentences(row, language=language)) == sentences


def test_a_joiner_stays_where_it_is_part_of_the_spelling() -> None:
    (line,) = lines("می\u200cخواهم a\u200cb\u200d", "ar")

    assert line.text == "می\u200cخواهم ab"


def test_french_marks_stand_with_their_words() -> None:
    found = lines("M. Dupont est là. « Oui ! » dit-il. Et toi ?", "fr-FR")

    assert [line.text for line in found] == ["M. Dupont est là.", "«Oui!» dit-il.", "Et toi?"]


@given(st.text(alphabet="天气，。好a 、", max_size=400))
def test_a_text_without_spaces_is_cut_into_breaths_too(text: str) -> None:
    parts = [part for sentence in cut_sentences(text, language="zh") for part in shorten(sentence)]

    assert "".join(c for part in parts for c in part if c.isalnum()) == "".join(
        c for c in text if c.isalnum()
    )
    assert all(breadth(part) <= LONGEST_LINE for part in parts)


def test_a_weight_within_a_text_without_spaces_is_its_own_word() -> None:
    (line,) = lines("今天*北京*很好。", "zh")

    assert line.text.split() == ["今天", "北京", "很好。"]
    assert line.emphasis == frozenset({1})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Guten Tag, das ist nicht der Hund von der Frau.", "de-DE"),
        ("Меня зовут Анна, я живу в New York.", "ru-RU"),
        ("私は元気です。", "ja"),
        ("मैं ठीक हूँ।", "hi"),
        ("1, 2, 3.", "ar"),
    ],
)
def test_a_text_in_the_language_it_is_said_to_be_in_is_read(text: str, language: str) -> None:
    assert lines(text, language)


@pytest.mark.parametrize(
    ("text", "language", "message"),
    [
        (
            "Das ist nicht der Hund von der Frau.",
            "en-US",
            "seems to be German.*say that the text is in de-DE",
        ),
        (
            "The dog of the house is not as old as you and I.",
            "de-DE",
            "seems to be English.*is in en-US",
        ),
        (
            "Il cane è nella casa con la mia famiglia e non è un gatto.",
            "en-US",
            "Italian.*`vivant voices`",
        ),
        ("Hello there", "ru-RU", "none of its 2 words is in Cyrillic letters"),
        ("Привет", "de-DE", "1 of its words is in Cyrillic.*reads Latin letters.*`vivant voices`"),
        ("Hi", "en", "not en. Write en-US"),
        ("Hei", "fi", "not fi. Choose one of those or another voice .`vivant voices`"),
    ],
)
def test_another_language_is_named_with_what_would_help(
    text: str, language: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        lines(text, language)
