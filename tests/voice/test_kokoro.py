"""Kokoro speaks with many voices, and knows when it says what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vivant.errors import InputError, MissingError
from vivant.places import Places
from vivant.testing.contracts import VoiceEngineContract
from vivant.voice.engine import Line, PersonalEngine, VoiceEngine, VoiceFactory
from vivant.voice.engines.espeak import SpokenWord
from vivant.voice.engines.kokoro import LONGEST_PIECE, KokoroVoice
from vivant.voice.engines.kokoro_abroad import spell_abroad
from vivant.voice.engines.kokoro_model import LONGEST_LETTERS, NUMBER_OF
from vivant.voice.engines.kokoro_styles import style_pack
from vivant.voice.engines.kokoro_voices import ENGLISH, kokoro_names, kokoro_voice
from vivant.voice.person import Character
from vivant.voice.phones import LIP_CLOSURES, PAUSE, SIBILANTS

LINE = Line(text="Mother made a map of the places that papa missed.", language="en-US")


@pytest.fixture(scope="module")
def michael() -> KokoroVoice:
    return KokoroVoice(voice="michael")


@pytest.mark.models
class TestKokoro(VoiceEngineContract):
    @pytest.fixture
    def engine(self, michael: KokoroVoice) -> KokoroVoice:
        return michael


@pytest.mark.models
def test_british_is_spoken_as_british(michael: KokoroVoice) -> None:
    line = Line(text="The bath was hot.", language="en-GB")
    british = {phone.symbol for phone in michael.say(line).phones}
    american = {phone.symbol for phone in michael.say(replace(line, language="en-US")).phones}

    assert "ɒ" in british - american
    assert "æ" in american


@pytest.mark.models
def test_lips_and_hisses_are_where_they_are_heard(michael: KokoroVoice) -> None:
    said = michael.say(LINE)
    spectra = np.abs(np.fft.rfft(said.samples[: len(said.samples) // 240 * 240].reshape(-1, 240)))
    hiss = spectra[:, 40:].sum(axis=1) / spectra.sum(axis=1)
    loud = np.sqrt(np.mean(said.samples[: len(hiss) * 240].reshape(-1, 240) ** 2, axis=1))

    def over(symbols: frozenset[str], curve: np.ndarray) -> list[float]:
        return [
            float(curve[p.first // 240 : -(-p.last // 240)].mean())
            for p in said.phones
            if p.symbol in symbols
        ]

    vowels = over(frozenset("æɑʌeɪɪ"), hiss)
    assert min(over(SIBILANTS, hiss)) > 2 * float(np.median(vowels))
    assert np.median(over(LIP_CLOSURES - {"m"}, loud)) < 0.3 * np.median(loud)


@pytest.mark.models
def test_a_faster_line_is_shorter_and_a_style_of_its_own_is_heard(michael: KokoroVoice) -> None:
    own = michael.say(LINE)
    fast = michael.say(replace(LINE, rate=1.5))
    style = style_pack().table("bf_emma")
    character = Character(engine="kokoro", version="1", arrays={"style": style})
    emma = KokoroVoice(voice="emma").say(LINE)

    assert len(fast.samples) < 0.8 * len(own.samples)
    np.testing.assert_array_equal(
        michael.say(replace(LINE, character=character)).samples, emma.samples
    )
    flat = Character(engine="kokoro", version="1", arrays={"style": style[49:50]})
    assert len(michael.say(replace(LINE, character=flat)).samples) == pytest.approx(
        len(emma.samples), rel=0.05
    )


@pytest.mark.models
def test_a_sentence_longer_than_the_network_takes_is_said_in_pieces(michael: KokoroVoice) -> None:
    text = "We saw the old house, and the pear tree by the wall, " * 6 + "and we went home."
    said = michael.say(Line(text=text, language="en-US", rate=2.0))

    assert len(text) > LONGEST_PIECE
    assert len(said.words) == len(text.split())
    assert sum(phone.symbol != PAUSE for phone in said.phones) > 170


def test_it_is_made_without_its_model(tmp_path: Path) -> None:
    places = Places(data=tmp_path, cache=tmp_path)
    engine = KokoroVoice(voice="emma", places=places)
    offers = KokoroVoice.offers(places=places)

    assert isinstance(KokoroVoice, VoiceFactory)
    assert isinstance(engine, VoiceEngine)
    assert isinstance(engine, PersonalEngine)
    assert not any(offer.ready for offer in offers)
    assert "vivant models fetch kokoro" in offers[0].how
    with pytest.raises(MissingError, match="vivant models fetch kokoro"):
        engine.say(LINE)


def test_it_offers_men_and_women_of_two_countries() -> None:
    offers = KokoroVoice.offers()
    sounds = {offer.sounds for offer in offers}

    assert len(offers) >= 28
    assert {
        f"a {who}, {where}" for who in ("man", "woman") for where in ("American", "British")
    } <= (sounds)
    assert offers[0].name == "heart"
    assert {name.language for name in kokoro_names()} >= {*ENGLISH, "ja-JP", "fr-FR"}


def test_a_voice_is_found_by_either_name() -> None:
    assert kokoro_voice("michael") == kokoro_voice("am_michael")
    assert kokoro_voice("").name == "heart"
    assert len({name.name for name in kokoro_names()}) == len(kokoro_names()) == 54
    assert kokoro_voice("santa").language == "en-US"
    with pytest.raises(InputError, match="no voice 'nobody'"):
        KokoroVoice(voice="nobody")


def test_every_voice_has_a_table_and_every_letter_a_number() -> None:
    pack = style_pack()
    tables = [pack.table(name) for name in pack.names]

    assert {table.shape for table in tables} == {(LONGEST_LETTERS, 256)}
    assert all(np.isfinite(table).all() for table in tables)
    assert len({table.tobytes() for table in tables}) == len(tables)
    assert len(set(NUMBER_OF.values())) == len(NUMBER_OF) == 114


def test_other_languages_are_written_as_the_network_learned_them() -> None:
    words = (
        SpokenWord(text="¿Qué", ipa="kˈe", phones=()),
        SpokenWord(text="tal,", ipa="tˈal", phones=()),
        SpokenWord(text="—", ipa="", phones=()),
        SpokenWord(text="muchachos", ipa="mutʃˈat͡ʃos", phones=()),
    )
    spelled = spell_abroad(words)

    assert spelled.letters == "kˈe tˈal, — muʧˈaʧos."
    assert spelled.words == ("¿Qué", "tal,", "—", "muchachos")
    assert [spelled.word_of[spelled.letters.index(c)] for c in "kt,—m."] == [0, 1, -1, -1, 3, -1]


def test_nasal_vowels_keep_their_mark() -> None:
    (bon,) = (SpokenWord(text="bon!", ipa="bˈɔ̃", phones=()),)

    assert spell_abroad((bon,)).letters == "bˈɔ\N{COMBINING TILDE}!"
