"""Make ``src/vivant/voice/everybody.npz``: what all voices are like, from two sentences of each of Kokoro's 54.

    python -m benchmarks.voice.make_everybody src/vivant/voice/everybody.npz

No recording of a person is in it. Takes some 20 minutes on one core.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from hibari.g2p import G2P

from benchmarks.voice.people import SENTENCES
from vivant.media.sound import Sound
from vivant.voice.engines.kokoro_model import NUMBER_OF, RATE_HZ, kokoro_network
from vivant.voice.engines.kokoro_styles import style_pack
from vivant.voice.engines.spelling import spell
from vivant.voice.spectral_likelihood import REACHES_HZ, cepstra, learned

EACH = 2


def main() -> None:
    """Let every voice say its sentences, and write the mixtures."""
    rows = [line.split("\t")[0] for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    grapher, alphabet = G2P(british=False), frozenset(NUMBER_OF)
    network, pack = kokoro_network(), style_pack()
    sounds = []
    for i, name in enumerate(pack.names):
        table = pack.table(name)
        for text in (rows[(EACH * i + k) % len(rows)] for k in range(EACH)):
            letters = spell(text, grapher=grapher, alphabet=alphabet).letters
            said = network.voice(letters, style=table[len(letters) - 1])
            sounds.append(Sound(samples=said.samples, sample_rate_hz=RATE_HZ))
    arrays: dict[str, np.ndarray] = {}
    for i, (low_hz, high_hz) in enumerate(REACHES_HZ):
        heard = np.concatenate([cepstra(sound, low_hz, high_hz) for sound in sounds])
        model = learned(heard, low_hz=low_hz, high_hz=high_hz)
        for part in ("weights", "means", "variances"):
            arrays[f"{part}_{i}"] = getattr(model, part).astype(np.float32)
    np.savez_compressed(Path(sys.argv[1]), **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
