"""Kokoro is bent towards a voice, and what bends it does no harm."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.errors import EngineBrokeError, InputError
from vivant.media.sound import Sound
from vivant.media.watch import unwatched
from vivant.voice.engines import kokoro_person
from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.engines.kokoro_colour import (
    BANDS,
    ELSE,
    KIND_OF,
    PARTS,
    ROWS,
    Spoken,
    band_powers,
    coloured,
    differences,
    known_bands,
    measured,
    middles_hz,
)
from vivant.voice.engines.kokoro_melody import Melody, with_melody
from vivant.voice.engines.kokoro_model import kokoro_network
from vivant.voice.engines.kokoro_timbre import (
    melodist_like,
    place_of,
    timbres,
)
from vivant.voice.person import Reference
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech

EVERYWHERE = np.ones(BANDS, np.bool_)
SENTENCE = "We were all away in May, and my old room was warm."
SHORT = ("ðə ʃˈɪps kˈʌm ˈɪn, ænd wˌi sˈA ɡˈʊd bˈI.",)


def test_a_filter_of_nothing_changes_nothing(spoken: Speech) -> None:
    samples = spoken.sound.samples

    same = coloured(samples, spoken.phones, np.zeros((ROWS, BANDS), np.float32))

    assert len(same) == len(samples)
    np.testing.assert_allclose(same, samples, atol=2e-4)


def test_the_filter_brings_one_colour_to_another_sound_by_sound(spoken: Speech) -> None:
    """A voice whose vowels alone are darker is met again in the vowels."""
    samples, phones = spoken.sound.samples, spoken.phones
    tilt = np.zeros((ROWS, BANDS), np.float32)
    tilt[:60] = np.linspace(1.0, -1.0, BANDS)
    other = measured(coloured(samples, phones, tilt), phones)
    own = measured(samples, phones)

    found = differences(other, own, known=EVERYWHERE)
    matched = measured(coloured(samples, phones, found), phones)

    def apart(one: Spoken) -> float:
        heard = other.rows >= 0
        return float(np.abs(one.bands - other.bands)[heard].mean())

    assert apart(matched) < 0.5 * apart(own)


def test_a_telephone_does_not_darken_what_lies_above_it() -> None:
    known = known_bands(3400.0)
    rows = np.arange(ELSE).repeat(3)
    darker = np.linspace(0.0, -6.0, BANDS, dtype=np.float32)
    person = Spoken(bands=np.repeat(darker[None], len(rows), axis=0), rows=rows)
    own = Spoken(bands=np.zeros((len(rows), BANDS), np.float32), rows=rows)

    table = differences(person, own, known=known)

    assert table[:, middles_hz() > 7000.0].min() == 0.0
    assert table[:ELSE, known][:, -1].max() < table[:ELSE, known][:, 0].min() - 1.0


def test_there_are_no_clicks_where_sounds_meet(spoken: Speech) -> None:
    """Even wild offsets from sound to sound leave a tone without steps."""
    tone = np.sin(np.arange(len(spoken.sound.samples)) * 0.05).astype(np.float32)
    wild = np.random.default_rng(0).choice([-2.0, 2.0], (ROWS, 1)).repeat(BANDS, axis=1)

    out = coloured(tone, spoken.phones, wild.astype(np.float32))

    assert np.abs(np.diff(out, 2)).max() < 6.0 * np.abs(np.diff(tone, 2)).max()
    assert band_powers(out)[8:-8, -8:].max() < band_powers(tone)[8:-8].max() - 10.0


def test_a_place_among_the_styles_is_found_again() -> None:
    known_styles = timbres()
    there = 0.8 * np.random.default_rng(1).standard_normal(len(known_styles.basis))
    kinds = known_styles.spectra(there, middle_hz=180.0)
    rows = np.flatnonzero(np.arange(ELSE) % 3 == 1).repeat(40)
    person = Spoken(bands=kinds[np.array(KIND_OF)[rows // PARTS]].astype(np.float32), rows=rows)

    found = place_of(person, middle_hz=180.0, known=EVERYWHERE)
    through_telephone = place_of(person, middle_hz=180.0, known=known_bands(3400.0))

    def off(place: np.ndarray) -> float:
        return float(np.linalg.norm((place - there) @ known_styles.basis))

    assert off(found) < 0.6 * off(np.zeros_like(there))
    assert off(through_telephone) < 0.95 * off(np.zeros_like(there))


def test_a_low_voice_gets_a_low_melody() -> None:
    assert melodist_like(middle_hz=95.0, spread_octaves=0.25).name[1] == "m"
    assert melodist_like(middle_hz=210.0, spread_octaves=0.25).name[1] == "f"


def test_a_network_without_a_pitch_is_refused() -> None:
    with pytest.raises(EngineBrokeError, match="no pitch"):
        with_melody(b"\x3a\x00")


def test_a_reference_without_voice_is_refused(spoken: Speech) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(48_000).astype(np.float32)
    reference = Reference(
        sound=Sound(samples=noise, sample_rate_hz=24_000),
        phones=spoken.phones,
        bandwidth_hz=8000.0,
        snr_db=30.0,
    )

    class NoNetwork:
        def voice(self, *_: object, **__: object) -> None:
            raise AssertionError

    with pytest.raises(InputError, match="voiced speech"):
        kokoro_person.fit(NoNetwork(), reference, watch=unwatched)  # type: ignore[arg-type]


@pytest.mark.models
def test_the_melody_is_changed_and_nothing_else() -> None:
    network = kokoro_network()
    style = kokoro_person.style_table("af_heart", np.zeros(len(timbres().basis)))[20]

    plain = network.voice(SHORT[0], style=style)
    same = network.voice(SHORT[0], style=style, melody=Melody())
    lower = network.voice(SHORT[0], style=style, melody=Melody(middle_hz=185.0, factor=0.75))
    heard, meant = (
        kokoro_person.Manner.of(np.tile(one.samples, 3)).middle_hz for one in (lower, plain)
    )

    np.testing.assert_array_equal(same.samples, plain.samples)
    np.testing.assert_array_equal(lower.lengths, plain.lengths)
    assert heard == pytest.approx(0.75 * meant, rel=0.08)


@pytest.mark.models
def test_another_synthetic_voice_is_approached(
    voice: HibariVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a tiny budget: after the fit, Kokoro's sounds lie nearer to hibari's than before."""
    monkeypatch.setattr(kokoro_person, "SENTENCES", SHORT)
    monkeypatch.setattr(kokoro_person, "TURNS", 1)
    spoken = speak(f"{SENTENCE} {SENTENCE}", engine=voice)
    reference = Reference(
        sound=spoken.sound,
        phones=spoken.phones,
        bandwidth_hz=12_000.0,
        snr_db=60.0,
    )
    steps: list[int] = []

    arrays = kokoro_person.fit(
        kokoro_network(), reference, watch=lambda _, done, __: steps.append(done)
    )

    ((samples, phones),) = kokoro_person.spoken_by(
        kokoro_network(),
        SHORT,
        table=np.asarray(arrays["style"], np.float32),
        melody=kokoro_person.melody_of(arrays) or Melody(),
    )
    made = kokoro_person.apply(samples, phones, arrays)
    person = measured(spoken.sound.samples, spoken.phones)

    def apart(one: np.ndarray) -> float:
        return float(np.abs(differences(person, measured(one, phones), known=EVERYWHERE)).mean())

    assert apart(made) < 0.7 * apart(samples)
    assert len(made) == len(samples)
    assert steps == sorted(steps)
    assert sum(array.nbytes for array in arrays.values()) < 1_000_000
