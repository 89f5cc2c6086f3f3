"""Kokoro: 28 English voices, and 13 of five other languages; better than the live voice, and slower.

The network (82 million weights, 8 bits each) is fetched once with ``vivant models fetch kokoro``;
the voices lie in Vivant. How English sounds comes from hibari's rules, American or British, whose
alphabet is Kokoro's; other languages need espeak-ng. Any voice speaks any of them, with its accent; the
voice that is used unasked is one that grew up with the language.

A ``Character`` of this engine, as ``fit`` makes it, holds the array ``style``: float32, [510, 256] with a
row for each number of letters, or [1, 256] for one that is the same for all. Whatever else it
holds is for ``kokoro_person``, which bends the melody with it and filters the sound.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from hibari.g2p import G2P

from vivant.media.watch import Watch
from vivant.models.fetching import command_for, list_models
from vivant.places import Places
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.engines import kokoro_person
from vivant.voice.engines.espeak import Espeak
from vivant.voice.engines.kokoro_abroad import ABROAD, spell_abroad
from vivant.voice.engines.kokoro_model import (
    MODEL,
    NUMBER_OF,
    RATE_HZ,
    UNIT_SAMPLES,
    KokoroNetwork,
    kokoro_network,
)
from vivant.voice.engines.kokoro_styles import style_pack
from vivant.voice.engines.kokoro_voices import ENGLISH, kokoro_names, kokoro_voice, native_voice
from vivant.voice.engines.spelling import Spelled, spell
from vivant.voice.engines.timing import timed
from vivant.voice.engines.weight import weighed
from vivant.voice.person import Character, Reference

if TYPE_CHECKING:
    from jaxtyping import Float32

LATE_S = 0.055
"""A boundary between two sounds is heard this much before it is reported."""
LATE_AFTER_MARK_S = 0.043
"""The same when a space or a stress mark stands between them."""
LONGEST_PIECE = 260
"""Letters said in one go, some 18 s: what is longer is spoken in haste, and needs much memory."""
LOUDEST = 0.99


class KokoroVoice:
    """Speaks with one of Kokoro's voices, at some five times the speed of speech on two cores."""

    traits = VoiceTraits(
        name="kokoro",
        version="kokoro-82m/1.0-int8+3",
        sample_rate_hz=RATE_HZ,
        languages=frozenset({*ENGLISH, *ABROAD}),
        licence="Apache-2.0",
        gives_timings=True,
        likeness="matched",
        clones_from_s=10.0,
        models=(MODEL,),
    )

    def __init__(self, *, voice: str = "", places: Places | None = None) -> None:
        self._name = kokoro_voice(voice)
        self.traits = replace(type(self).traits, mother_tongue=self._name.language)
        self._asked = bool(voice)
        self._places = places
        self._loading = threading.Lock()
        self._graphers: dict[bool, G2P] = {}

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List its voices."""
        (reading,) = (one for one in list_models(places) if one.model.name == MODEL)
        ready = reading.state == "ready"
        return tuple(
            VoiceOffer(
                name=one.name,
                languages=frozenset(ENGLISH if one.language in ENGLISH else {one.language}),
                sounds=one.sounds,
                licence=cls.traits.licence,
                ready=ready,
                how="" if ready else f"Run `{command_for(reading.model)}` once.",
            )
            for one in kokoro_names()
            if one.language in cls.traits.languages
        )

    def say(self, line: Line, /) -> Said:
        """Say the line."""
        spelled = self._spell(line)
        table = self._table(line)
        pieces = tuple(spelled.pieces(LONGEST_PIECE))
        bent = line.character.arrays if line.character is not None else {}
        melody = kokoro_person.melody_of(bent)
        voiced = []
        for piece in pieces:
            letters = spelled.letters[piece]
            row = table[min(len(letters), len(table)) - 1]
            voiced.append(self._network.voice(letters, style=row, rate=line.rate, melody=melody))
        samples = np.concatenate([np.zeros(0, np.float32), *(one.samples for one in voiced)])
        phones, words = timed(
            spelled,
            pieces=pieces,
            lengths=[one.lengths for one in voiced],
            samples=samples,
            sample_rate_hz=RATE_HZ,
            unit_samples=UNIT_SAMPLES,
            late_s=LATE_S,
            late_after_mark_s=LATE_AFTER_MARK_S,
        )
        samples = kokoro_person.apply(samples, phones, bent)
        samples = weighed(
            samples,
            text=line.text,
            words=words,
            emphasis=line.emphasis,
            sample_rate_hz=RATE_HZ,
        )
        peak = float(np.abs(samples).max(initial=0.0))
        if peak > LOUDEST:
            samples = samples * np.float32(LOUDEST / peak)
        return Said(samples=samples, phones=phones, words=words)

    def fit(self, reference: Reference, /, *, watch: Watch) -> Character:
        """Find the style that is most like a person.

        Raises:
            InputError: The reference is too short or too poor; the message says by how much.
            MissingError: The model was not fetched.
        """
        arrays = kokoro_person.fit(self._network, reference, watch=watch)
        return Character(engine=self.traits.name, version=self.traits.version, arrays=arrays)

    def _spell(self, line: Line) -> Spelled:
        if line.language not in ENGLISH:
            return spell_abroad(self._espeak.phonemes(line.text, language=line.language))
        with self._loading:
            british = line.language == "en-GB"
            if british not in self._graphers:
                self._graphers[british] = G2P(british=british)
            grapher = self._graphers[british]
        return spell(
            line.text,
            grapher=grapher,
            alphabet=frozenset(NUMBER_OF),
            spoken_as=line.spoken_as,
            emphasis=line.emphasis,
        )

    def _table(self, line: Line) -> Float32[np.ndarray, "lengths 256"]:
        if line.character is not None:
            return np.asarray(line.character.arrays["style"], np.float32)
        if self._asked or line.language == self._name.language:
            return self._own_table
        return style_pack().table(native_voice(line.language).style)

    @cached_property
    def _espeak(self) -> Espeak:
        return Espeak(places=self._places)

    @cached_property
    def _own_table(self) -> Float32[np.ndarray, "510 256"]:
        return style_pack().table(self._name.style)

    @property
    def _network(self) -> KokoroNetwork:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> KokoroNetwork:
        return kokoro_network(self._places)
