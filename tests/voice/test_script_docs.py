"""The scripts and dictionaries in the docs are read as they are shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vivant.voice.dictionary import dictionary_of
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.respelling import respelled
from vivant.voice.script import Script, read_script

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    name: (DOCS / name).read_text(encoding="utf-8")
    for name in ("reference/script.md", "how-to/pronounce-names.md")
}


def blocks(kind: str) -> list[str]:
    return [
        block
        for page in PAGES.values()
        for block in re.findall(rf"```{kind}\n(.*?)```", page, flags=re.DOTALL)
    ]


def read(text: str) -> Script:
    return read_script(text, language="en-US", traits=HibariVoice.traits)


@pytest.mark.parametrize("script", blocks("script"))
def test_every_script_in_the_docs_is_followed(script: str) -> None:
    lines = read(script).lines

    assert any(line.spoken_as for line in lines)


@pytest.mark.parametrize("text", blocks("dictionary"))
def test_every_dictionary_in_the_docs_is_read(text: str) -> None:
    assert len(dictionary_of(text).entries) == 4


def test_every_direction_in_the_table_does_what_it_says() -> None:
    rows = re.findall(r"^\| (`.*?`.*?) \| ", PAGES["reference/script.md"], flags=re.MULTILINE)
    directions = [
        d.replace("…", "word").replace("\\|", "|")
        for row in rows
        for d in re.findall(r"`(.+?)`", row)
    ]
    first = directions[: directions.index("\\\\") + 1]

    assert len(first) == 14
    for direction in first:
        plain, directed = read("So it is."), read(f"So {direction} is.")
        assert directed.lines != plain.lines


@pytest.mark.parametrize(
    ("group", "ipa"),
    [
        ("ah", "ɑ"), ("ay", "eɪ"), ("ee", "i"), ("oh", "oʊ"), ("oo", "u"), ("eye", "aɪ"), ("ow", "aʊ"), ("oy", "ɔɪ"),
        ("aw", "ɔ"), ("uu", "ʊ"), ("uh", "ʌ"), ("ar", "ɑɹ"), ("air", "ɛɹ"), ("eer", "ɪɹ"), ("or", "ɔɹ"), ("oor", "ʊɹ"),
        ("er", "ɝ"), ("a", "ɑ"), ("e", "i"), ("i", "i"), ("o", "oʊ"), ("u", "u"), ("y", "aɪ"),
    ],
)  # fmt: skip
def test_every_group_of_letters_sounds_as_the_docs_say(group: str, ipa: str) -> None:
    assert respelled(f"T{group.upper()}") == f"ˈt{ipa}"
