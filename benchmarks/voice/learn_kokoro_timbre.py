"""Learns how Kokoro's styles sound, and writes ``kokoro_timbre.npz``: ``python -m benchmarks.voice.learn_kokoro_timbre``.

One sentence with all sounds is said with each voice, and with styles between and a little beyond the voices, at
pitches around their own; what a style does to the mean spectra of kinds of sounds is then a linear
regression. Only Kokoro's own speech is used. Some 15 minutes on two cores.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import vivant.voice.engines
from vivant.voice.engines.kokoro_colour import measured
from vivant.voice.engines.kokoro_melody import Melody
from vivant.voice.engines.kokoro_model import kokoro_network
from vivant.voice.engines.kokoro_person import SENTENCES, joined, pitch_of, spoken_by
from vivant.voice.engines.kokoro_styles import style_pack
from vivant.voice.engines.kokoro_timbre import FILE, MIDDLE_HZ, kind_means

PROBE = ("nˈW ʃi sˈɔ ðə θˈɪk ɹˈɛd bˈOt, ɐ hjˈuʤ kˈAk, ænd mI ɡˈʊd fˈɑðəɹz fˈIv lˈæmps.",)
STYLES = 210
PLACES = 40
ROWS = slice(40, 160)
"""Lengths of text of which the mean style is taken."""
RIDGE, RIDGE_PITCH = 3.0, 0.1


def main() -> None:
    """Speak, measure, write."""
    pack, network, random = style_pack(), kokoro_network(), np.random.default_rng(0)
    tables = {name: pack.table(name) for name in pack.names}
    styles = np.stack([table[ROWS].mean(axis=0) for table in tables.values()])
    english = np.array([name[0] in "ab" for name in pack.names])
    pitches = [pitch_of(network, SENTENCES, table=table) for table in tables.values()]
    middles = np.array([one.middle_hz for one in pitches])
    melody_half = styles[english, 128:].mean(axis=0)
    mean = styles[:, :128].mean(axis=0)
    _, lengths, directions = np.linalg.svd(styles[:, :128] - mean, full_matrices=False)
    basis = directions[:PLACES] * (lengths[:PLACES] / np.sqrt(len(styles)))[:, None]
    own = pitch_of(network, PROBE, table=np.concatenate([mean, melody_half])[None])
    places, octaves, spectra = [], [], []
    counts = np.zeros(0)
    for i in range(STYLES):
        if i < len(styles):
            timbre, hertz = styles[i, :128], middles[i] * 2 ** random.normal(0, 0.15)
        else:
            chance = np.where(english, 3.0, 1.0)
            four = random.choice(len(styles), 4, replace=False, p=chance / chance.sum())
            shares = random.dirichlet([0.7] * 4)
            scatter = 0.3 * random.standard_normal(PLACES) @ basis
            timbre = mean + (shares @ styles[four, :128] - mean) * random.uniform(1, 1.5) + scatter
            hertz = float(
                np.clip((middles[four] ** shares).prod() * 2 ** random.normal(0, 0.25), 65, 300)
            )
        table = np.concatenate([timbre, melody_half])[None].astype(np.float32)
        melody = Melody(middle_hz=own.middle_hz, factor=float(hertz / own.middle_hz))
        said = [measured(*one) for one in spoken_by(network, PROBE, table=table, melody=melody)]
        means, counts = kind_means(joined(said))
        places.append(np.linalg.lstsq(basis.T, timbre - mean, rcond=None)[0])
        octaves.append(float(np.log2(hertz / MIDDLE_HZ)))
        spectra.append(means)
        print(f"\r{i + 1} of {STYLES} styles", end="", flush=True)
    up = np.array(octaves)[:, None]
    terms = np.hstack([np.array(places), up, up**2, np.ones((STYLES, 1))])
    ridge = np.diag([RIDGE] * PLACES + [RIDGE_PITCH] * 2 + [0.0])
    flat = np.array(spectra).reshape(STYLES, -1)
    found = np.linalg.solve(terms.T @ terms + ridge, terms.T @ flat)
    found = found.reshape(-1, *spectra[0].shape)
    np.savez_compressed(
        Path(vivant.voice.engines.__file__).with_name(FILE),
        mean=mean.astype(np.float32),
        basis=basis.astype(np.float32),
        centre=found[-1].astype(np.float32),
        response=found[:-1].astype(np.float16),
        heard=counts > 0,
        names=np.array(pack.names),
        middles_hz=middles.astype(np.float32),
        spreads=np.array([one.spread_octaves for one in pitches], np.float32),
    )


if __name__ == "__main__":
    main()
