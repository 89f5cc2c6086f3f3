"""How much of the way from the engine's own voice to the person each engine comes, by both judges.

As learning tells it, voices are compared as far up as the recording reaches that was learned from; how near they
come in the whole band, of which a telephone says nothing, stands beside it. They are held against clean
speech of the person, also where the recording was poor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from benchmarks.voice.people import Person, Setting
from vivant.errors import InputError
from vivant.voice.similarity import SENTENCES, resemblance

KINDS = ("60 s", "10 s 8 kHz noisy")
BARS = {
    ("hibari", KINDS[0]): 0.50, ("kokoro", KINDS[0]): 0.70,
    ("hibari", KINDS[1]): 0.35, ("kokoro", KINDS[1]): 0.50,
}  # fmt: skip
LONGEST_FIT_S = 60.0


def run(setting: Setting) -> list[dict[str, Any]]:
    """Fit every engine to every person, from good and from poor recordings."""
    return [
        _row(setting, engine, person, kind)
        for engine in setting.engines
        for kind in KINDS
        for person in setting.persons
    ]


def _row(setting: Setting, engine: str, person: Person, kind: str) -> dict[str, Any]:
    what = f"{engine} like {person.name}{'' if person.real else ' (stand-in)'} from {kind}"
    bar = BARS.get((engine, kind), 0.0)
    try:
        character, fit_s = setting.fitted(engine, person, kind)
    except InputError as refused:
        return {"what": what, "bar": bar, "word": str(refused)[:60], "ok": False}
    made, own = (setting.say(engine, SENTENCES, character=c) for c in (character, None))
    held_out = setting.reference(person, "held out")
    clean = setting.reference(person, "as it is")  # also where the fit saw a poor recording
    reach_hz = setting.reference(person, kind).bandwidth_hz
    heard = replace(clean, bandwidth_hz=min(reach_hz, clean.bandwidth_hz))
    found = resemblance(made, own, held_out=held_out, reference=heard)
    whole = resemblance(made, own, held_out=held_out, reference=clean)
    return {
        "what": what,
        "encoder": found.encoder,
        "spectral": found.spectral,
        "bar": bar,
        "encoder_whole_band": whole.encoder,
        "spectral_whole_band": whole.spectral,
        "cosine": whole.cosine,
        "word": found.word,
        "fit_s": fit_s,
        "bar_fit_s": LONGEST_FIT_S,
        "ok": found.share >= bar and fit_s <= LONGEST_FIT_S,
    }
