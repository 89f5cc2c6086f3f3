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
    from vivant.film.verifying import verify_film
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
    from vivant.voice.listening import listen
    from vivant.voice.speaking import speak
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
    "listen",
    "make_film",
    "perform",
    "read_consent",
    "speak",
    "take_photos",
    "verify_film",
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
    "listen": "voice.listening",
    "make_film": "film.making",
    "perform": "performance.performing",
    "read_consent": "provenance.consent",
    "speak": "voice.speaking",
    "take_photos": "intake.taking",
    "verify_film": "film.verifying",
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
