"""From the name of a voice to the engine that speaks with it, and to the person it is to be like."""

from __future__ import annotations

from dataclasses import dataclass

from vivant.engines import engine_named
from vivant.errors import EngineBrokeError
from vivant.places import Places
from vivant.voice.engine import VoiceEngine, VoiceTraits
from vivant.voice.person import Character
from vivant.voice.speech import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A voice that is ready to speak."""

    name: str
    """As it was asked for."""
    engine: VoiceEngine
    character: Character | None = None
    person: Person | None = None
    """Whose voice it resembles; None when it is nobody's."""


def voice_engine(name: str, *, places: Places | None = None) -> VoiceEngine:
    """Make a voice engine.

    Args:
        name: ``ENGINE`` or ``ENGINE:VOICE``: an engine of the room ``voice``, see ``vivant.engines.declared``,
            and one of its voices.
        places: Where models are kept.

    Raises:
        InputError: There is no such voice.
        MissingError: A library that it needs is not installed.
        EngineBrokeError: What is registered under the name is no voice engine.
    """
    engine_name, _, voice = name.partition(":")
    engine = engine_named("voice", engine_name).load(voice=voice, places=places)
    if not isinstance(engine, VoiceEngine):
        message = f"What is registered as the voice {engine_name!r} is no voice engine. Report this to its author."
        raise EngineBrokeError(message)
    return engine


def choose_voice(name: str, *, places: Places | None = None) -> Chosen:
    """Find the voice of a name.

    Args:
        name: ``ENGINE``, ``ENGINE:VOICE``, or a learned person: ``PERSON`` or ``PERSON@ENGINE``.
        places: Where voices, consents and models are kept.

    Raises:
        InputError: There is no such voice; the message lists those there are.
        MissingError: A library or a model that it needs is not here.
        ConsentError: The person's consent does not hold any more.
        EngineBrokeError: What is registered under the name is no voice engine.
    """
    return Chosen(name=name, engine=voice_engine(name, places=places))


def choose_language(wanted: str | None, traits: VoiceTraits) -> str:
    """Tell in which of a voice's languages a text is said.

    Args:
        wanted: BCP 47 tag; ``"de"`` takes any German that the voice has; None takes English where it has
            that, else its first.
        traits: What the voice can do.

    Returns:
        One of the voice's own tags, or ``wanted`` as it is when the voice has nothing like it.
    """
    known = sorted(traits.languages)
    if wanted in traits.languages or not known:
        return wanted or ""
    primary = "en" if wanted is None else wanted.split("-", maxsplit=1)[0].lower()
    alike = [tag for tag in known if tag.split("-", maxsplit=1)[0].lower() == primary]
    us = [tag for tag in alike if tag == "en-US"]
    if us or alike:
        return (us or alike)[0]
    return known[0] if wanted is None else wanted
