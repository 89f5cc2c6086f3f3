"""How much of the way from the engine's own voice to the person each engine comes, by both judges."""

from __future__ import annotations

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
    found = resemblance(
        setting.say(engine, SENTENCES, character=character),
        setting.say(engine, SENTENCES),
        held_out=setting.reference(person, "held out"),
        reference=setting.reference(
            person, "60 s"
        ),  # their clean speech, also where the fit saw a poor one
    )
    return {
        "what": what,
        "encoder": found.encoder,
        "spectral": found.spectral,
        "bar": bar,
        "cosine": found.cosine,
        "word": found.word,
        "fit_s": fit_s,
        "bar_fit_s": LONGEST_FIT_S,
        "ok": found.share >= bar and fit_s <= LONGEST_FIT_S,
    }
