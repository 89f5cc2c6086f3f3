"""AudioSeal: a neural mark in sound, of 16 bits at a time, by Meta's own package in a process of its own.

Sixteen bits do not hold an id, so each second carries another message, and eight of them tell the id
(``sound_chunks``). The mark stands beside the built-in one, and is never made unless somebody asks for it by name.

Its weights are published under MIT as pickles, which are programs; so they are not fetched from here, and not
loaded. Whoever wants them converts them once, after having read their licence
(``docs/explanation/sound-marks.md``), and puts ``generator.safetensors`` and ``detector.safetensors`` into the
folder ``weights/audioseal`` of Vivant's data.

Source:
    R. San Roman and others, "Proactive Detection of Voice Cloning with Localized Watermarking", ICML 2024;
    package ``audioseal`` 0.2.0, MIT.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vivant.errors import InputError, MissingError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.models.hub_fetching import Weights, own_weights
from vivant.places import Places
from vivant.provenance.engines.process import NetworkNeeds, NetworkProcess
from vivant.provenance.marking import EngineReading
from vivant.provenance.record import is_film_id
from vivant.provenance.sound_chunks import MESSAGE_BITS, MESSAGES, Heard, id_from, message_of
from vivant.provenance.sound_marking import SoundMarkTraits

NAME, VERSION = "audioseal", "1"
FILES = ("generator.safetensors", "detector.safetensors")
NEEDS = NetworkNeeds(
    name=NAME,
    module="audioseal",
    called="the package audioseal",
    packages="audioseal safetensors numpy",
    worker="vivant.provenance.engines.workers.audioseal",
    mend_weights="Convert them again.",
)
RATE_HZ = 16_000
MESSAGE_S = 1.0
"""How long one message lasts."""
LOOKS_A_MESSAGE = 4
"""A reader does not know where a message begins, and listens this often."""
LONGEST_S = 60.0
"""Of a longer sound the beginning is read."""
PRESENT = 0.5
_SHORTEST_S = 0.1


class AudioSealEngine:
    """Marks sound with AudioSeal."""

    traits = SoundMarkTraits(
        name=NAME,
        version=VERSION,
        licence="MIT",
        algorithm="com.aiwatermark.audioseal.1",
        least_s=MESSAGE_S * (MESSAGES + 1),
    )

    def __init__(
        self,
        *,
        weights: Path | None = None,
        python: Path | None = None,
        places: Places | None = None,
    ) -> None:
        """Choose; nothing is loaded yet.

        Args:
            weights: A folder with both files; ``weights/audioseal`` in Vivant's data when None.
            python: The Python that has AudioSeal; looked for when None.
            places: Where things are kept.
        """
        self._folder = weights or (places or Places()).data / "weights" / NAME
        self._network = NetworkProcess(NEEDS, python=python, places=places)

    @property
    def ready(self) -> bool:
        """Whether weights and package are here."""
        here = all((self._folder / name).is_file() for name in FILES)
        return here and self._network.found_python() is not None

    def identity(self) -> str:
        """Name version and weights."""
        return f"{NAME}/{VERSION} own@{self._weights().revision[:12]}"

    def mark(self, sound: Sound, made_id: str, /) -> Sound:
        """Mark a sound, a second at a time; what is added is converted to its rate, and nothing else."""
        if not is_film_id(made_id):
            message = f"{made_id!r} is no id of a film or sound: 16 hex digits, the last 4 a check on the others."
            raise InputError(message)
        self._load()
        heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
        count = round(MESSAGE_S * RATE_HZ)
        added = np.zeros(len(heard), np.float32)
        for number, first in enumerate(range(0, len(heard), count)):
            piece = np.pad(heard[first : first + count], (0, max(0, first + count - len(heard))))
            bits = message_of(made_id, number).astype(np.float32)
            made = self._network.ask("mark", {}, piece, bits)
            if made.size != count:
                raise self._network.odd(made.size, count)
            added[first : first + count] = np.nan_to_num(made)[: len(heard) - first]
        back = resampled(
            Sound(samples=added, sample_rate_hz=RATE_HZ), sample_rate_hz=sound.sample_rate_hz
        ).samples
        whole = sound.samples.copy()
        shared = min(len(whole), len(back))
        whole[:shared] += back[:shared]
        return Sound(samples=whole, sample_rate_hz=sound.sample_rate_hz)

    def read(self, sound: Sound, /) -> EngineReading:
        """Read the id out of the messages that are heard."""
        self._load()
        samples = resampled(sound, sample_rate_hz=RATE_HZ).samples[: round(LONGEST_S * RATE_HZ)]
        size, hop = round(MESSAGE_S * RATE_HZ), round(MESSAGE_S * RATE_HZ / LOOKS_A_MESSAGE)
        messages, looks = [], 0
        for first in range(0, max(1, len(samples) - size + 1), hop):
            piece = samples[first : first + size]
            if len(piece) < _SHORTEST_S * RATE_HZ:
                continue
            told = self._network.ask("read", {}, piece)
            if told.size != 1 + MESSAGE_BITS:
                raise self._network.odd(told.size, 1 + MESSAGE_BITS)
            told = np.nan_to_num(told)
            looks += 1
            if told[0] > PRESENT:
                messages.append(Heard(bits=told[1:], weight=float(told[0])))
        made_id, confidence = id_from(messages)
        if made_id is None:
            why = f"AudioSeal hears its mark in {len(messages)} of {looks} looks, and no id of ours in them."
            return EngineReading(film_id=None, confidence=0.0, why=why)
        why = f"AudioSeal reads {made_id} in {len(messages)} of {looks} looks."
        return EngineReading(film_id=made_id, confidence=confidence, why=why)

    def close(self) -> None:
        """End the process, which gives the memory back."""
        self._network.close()

    def _weights(self) -> Weights:
        missing = [name for name in FILES if not (self._folder / name).is_file()]
        if missing:
            message = (
                f"The mark {NAME} has no weights here: {missing[0]} is not in weights/{NAME} of Vivant's data. They are "
                f"published as pickles, which are never loaded; convert them as docs/explanation/sound-marks.md says."
            )
            raise MissingError(message)
        return own_weights(self._folder)

    def _load(self) -> None:
        if self._network.loaded:
            return
        self._weights()
        self._network.ask("load", {"folder": str(self._folder)})
        self._network.loaded = True
