"""Vivant: a person's likeness given life in a film, with the consent and the papers it owes the world.

The doors, from photo to film::

    from vivant import attest, film_from_photos, speak

    consent = attest("self")
    speech = speak("It is good to see you.")
    film = film_from_photos(["portrait.jpg"], speech, "film.mp4", consent=consent)

Importing this package loads nothing heavy: each name below is fetched from its room at first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vivant.errors import VivantError
    from vivant.film.inspecting import inspect_film
    from vivant.film.making import Film, make_film
    from vivant.film.sound_verifying import verify_sound
    from vivant.film.sounding import make_sound
    from vivant.film.verifying import verify_film
    from vivant.film.verifying_any import verify_file
    from vivant.intake.likeness import Likeness
    from vivant.intake.taking import take_photos
    from vivant.media.picture import Frame
    from vivant.performance.curves import Performance
    from vivant.performance.performing import perform
    from vivant.places import Places
    from vivant.provenance.consent import Consent, attest, read_consent, write_consent
    from vivant.rig.building import build_rig
    from vivant.rig.rig import Rig
    from vivant.studio.pipeline import film_from_photos
    from vivant.voice.dictionary import read_dictionary
    from vivant.voice.learning import learn
    from vivant.voice.listening import listen
    from vivant.voice.speaking import speak, speak_parts
    from vivant.voice.speech import Speech

__all__ = [
    "Consent",
    "Film",
    "Frame",
    "Likeness",
    "Performance",
    "Places",
    "Rig",
    "Speech",
    "VivantError",
    "attest",
    "build_rig",
    "film_from_photos",
    "inspect_film",
    "learn",
    "listen",
    "make_film",
    "make_sound",
    "perform",
    "read_consent",
    "read_dictionary",
    "speak",
    "speak_parts",
    "take_photos",
    "verify_file",
    "verify_film",
    "verify_sound",
    "write_consent",
]

_HOMES = {
    "Consent": "provenance.consent",
    "Film": "film.making",
    "Frame": "media.picture",
    "Likeness": "intake.likeness",
    "Performance": "performance.curves",
    "Places": "places",
    "Rig": "rig.rig",
    "Speech": "voice.speech",
    "VivantError": "errors",
    "attest": "provenance.consent",
    "build_rig": "rig.building",
    "film_from_photos": "studio.pipeline",
    "inspect_film": "film.inspecting",
    "learn": "voice.learning",
    "listen": "voice.listening",
    "make_film": "film.making",
    "make_sound": "film.sounding",
    "perform": "performance.performing",
    "read_consent": "provenance.consent",
    "read_dictionary": "voice.dictionary",
    "speak": "voice.speaking",
    "speak_parts": "voice.speaking",
    "take_photos": "intake.taking",
    "verify_file": "film.verifying_any",
    "verify_film": "film.verifying",
    "verify_sound": "film.sound_verifying",
    "write_consent": "provenance.consent",
}
"""The module that each public name comes from, below ``vivant``."""


def __getattr__(name: str) -> object:
    """Fetch a public name from its room."""
    if name == "__version__":
        metadata = importlib.import_module("importlib.metadata")
        return metadata.version("vivant")
    if name not in _HOMES:
        message = f"module 'vivant' has no attribute {name!r}"
        raise AttributeError(message)
    thing = getattr(importlib.import_module(f"vivant.{_HOMES[name]}"), name)
    globals()[name] = thing
    return thing


def __dir__() -> list[str]:
    """List the public names without fetching them."""
    return [*__all__, "__version__"]
