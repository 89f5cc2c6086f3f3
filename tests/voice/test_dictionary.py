"""A dictionary says how names sound, and which of its lines cannot be read."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.voice.dictionary import MOST_ENTRIES, Dictionary, dictionary_of, read_dictionary
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.pronouncing import pronounce
from vivant.voice.respelling import by_word, respelled
from vivant.voice.script import read_script

TEXT = """\
# A family's names
Leicester = LES-ter
"Wojciech" = "/ˈvɔɪtʃɛx/"  # in IPA
nguyễn = nwin

New Orleans = noo OR-linz
Polish = POH-lish
Jones = johnz
"""


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("In Leicester, yes.", ("", "ˈlɛstɚ", "")),
        ("LEICESTER (Leicester)", ("ˈlɛstɚ", "ˈlɛstɚ")),
        ("leicester", ("",)),
        ("NGUYỄN nguyễn Nguyễn", ("ˈnwɪn", "ˈnwɪn", "ˈnwɪn")),
        ("Leicester's Leicester’s", ("ˈlɛstɚz", "ˈlɛstɚz")),
        ("Wojciech's", ("ˈvɔɪtʃɛxs",)),
        ("the Joneses and Jones's", ("", "ˈdʒoʊnzɪz", "", "ˈdʒoʊnzɪz")),
        ("New Orleans's bars, New York", ("ˈnu", "ˈɔɹlɪnzɪz", "", "", "")),
        ("Polish polish", ("ˈpoʊlɪʃ", "")),
    ],
)
def test_a_word_sounds_as_its_entry_says(text: str, sounds: tuple[str, ...]) -> None:
    assert dictionary_of(TEXT).sounds(text.split()) == sounds


def test_a_script_is_read_with_its_dictionary_and_what_it_says_itself_goes_first() -> None:
    (line,) = read_script(
        "Leicester and [Leicester|LAY-ster].",
        language="en-US",
        traits=HibariVoice.traits,
        dictionary=dictionary_of(TEXT),
    ).lines

    assert line.spoken_as == ("ˈlɛstɚ", "", "ˈleɪstɚ")


def test_a_recording_is_followed_with_the_dictionary_too() -> None:
    phones = pronounce("In Polish.", dictionary=dictionary_of(TEXT))

    assert [phone.symbol for phone in phones if phone.word == 1] == ["p", "oʊ", "l", "ɪ", "ʃ"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Leicester", "Line 1 of the dictionary has no = sign"),
        ("# x\n\n= LES-ter", "Line 3 of the dictionary has no word"),
        ("a = ", "Line 1 .*is empty"),
        ("a = b-\n", "no vowel"),
        ("a = ay\nb = bee\na = ah", "Line 3 of the dictionary says again what line 1 says"),
        ("a b = ay", "2 words are written and 1 are spoken"),
        ("a = /a9/", r"Line 1 .*sign 2 .*U\+0039"),
        ("a b c d e f g h i = ay", "more than 8 words"),
        (f"{'a' * 90} = ay", "more than 80 letters"),
        ("a = " + "ay " * 90, "200 is the most"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dictionary_of(text)


def test_too_many_entries_are_refused() -> None:
    with pytest.raises(InputError, match="holds 10,000 words"):
        dictionary_of("\n".join(f"a{i} = ay" for i in range(MOST_ENTRIES + 1)))


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())

    assert read_dictionary(path) == dictionary_of(TEXT)


def test_files_that_are_no_dictionary_are_refused(tmp_path: Path) -> None:
    strange, large = tmp_path / "strange.txt", tmp_path / "large.txt"
    strange.write_bytes(b"a = ay\n\xff\xfe = b")
    large.write_bytes(b"#" * ((1 << 20) + 1))

    with pytest.raises(InputError, match="cannot be read"):
        read_dictionary(tmp_path / "none.txt")
    with pytest.raises(InputError, match="Line 2 of the dictionary is not UTF-8"):
        read_dictionary(strange)
    with pytest.raises(InputError, match="larger than 1 MiB"):
        read_dictionary(large)


@pytest.mark.parametrize(
    ("respelling", "ipa"),
    [
        ("LES-ter", "ˈlɛstɚ"),
        ("WUUS-ter", "ˈwʊstɚ"),
        ("shi-VAWN", "ʃɪˈvɔn"),
        ("EE-fə", "ˈifə"),
        ("VOY-chekh", "ˈvɔɪtʃɛx"),
        ("hee-ro-SHEE-ma", "hiɹoʊˈʃimə"),
        ("MASS-a-CHOO-sits", "ˌmæsəˈtʃusɪts"),
        ("HEN-ry", "ˈhɛnɹi"),
        ("sky", "ˈskaɪ"),
        ("mike", "ˈmaɪk"),
        ("thy-DHIS", "θiˈðɪs"),
        ("ZHAHK", "ˈʒɑk"),
    ],
)
def test_a_respelling_is_read_by_its_rules(respelling: str, ipa: str) -> None:
    assert respelled(respelling) == ipa


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZə-'", max_size=24))
def test_any_respelling_is_read_or_refused(word: str) -> None:
    with contextlib.suppress(InputError):
        (ipa,) = by_word(word, words=1)

        assert ipa
        assert ipa.count("ˈ") <= len(word.split())


@given(st.text(max_size=300))
def test_any_dictionary_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(dictionary_of(text), Dictionary)


@given(st.text(alphabet="aLeicstrN' .,s’", max_size=60))
def test_every_word_gets_an_answer(text: str) -> None:
    assert len(dictionary_of(TEXT).sounds(text.split())) == len(text.split())
