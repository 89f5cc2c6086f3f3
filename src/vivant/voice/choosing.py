"""From the name of a voice to the engine that speaks with it, and to the person it is to be like."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from vivant.engines import declared, engine_named
from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.places import Places
from vivant.voice.engine import VoiceEngine, VoiceTraits
from vivant.voice.person import Character
from vivant.voice.profiles import (
    NoSuchVoiceError,
    VoiceProfile,
    list_profiles,
    load_profile,
    permit_profile,
)
from vivant.voice.speech import Person


class StaleVoiceError(MissingError):
    """A voice was learned for another version of its engine."""

    code = "voice.stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A voice that is ready to speak."""

    name: str
    """As it was asked for; a person's with the engine that speaks: ``PERSON@ENGINE``."""
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
        name: ``ENGINE``, ``ENGINE:VOICE``, or a learned person: ``PERSON`` for the engine that comes nearest
            to them, or ``PERSON@ENGINE``.
        places: Where voices, consents and models are kept.

    Raises:
        InputError: There is no such voice; the message lists those there are.
        MissingError: A library or a model that it needs is not here.
        ConsentError: The person's consent does not hold any more.
        EngineBrokeError: What is registered under the name is no voice engine.
    """
    engines = {engine.name for engine in declared("voice")}
    if name.partition(":")[0] in engines:
        return Chosen(name=name, engine=voice_engine(name, places=places))
    where = places or Places()
    person, at, engine_name = name.partition("@")
    known = list_profiles(places=where)
    if person not in known:
        learned = f"Learned persons: {', '.join(known)}." if known else "No person was learned yet."
        message = (
            f"There is no voice of that name ({len(name)} signs). Engines: {', '.join(sorted(engines))}. {learned} "
            "`vivant voices` lists them all."
        )
        raise NoSuchVoiceError(message)
    profile = load_profile(person, places=where)
    permit_profile(profile, places=where)
    if not at:
        engine_name = _nearest(profile, engines)
    if engine_name not in profile.characters:
        message = (
            f"That voice was not learned for the engine {engine_name or '(none)'}, but for: "
            f"{', '.join(sorted(profile.characters))}. Choose one of those, or learn it again."
        )
        raise InputError(message)
    return _person(person, profile, voice_engine(engine_name, places=where))


def _nearest(profile: VoiceProfile, engines: AbstractSet[str]) -> str:
    """Name the engine that comes nearest to the person, of those that are installed."""
    here = sorted(engines & set(profile.characters))
    if not here:
        message = (
            f"None of the engines that this voice was learned for is installed: {', '.join(sorted(profile.characters))}. "
            "Install one, or learn the voice again."
        )
        raise MissingError(message)
    return max(here, key=lambda engine: profile.resemblances[engine].share)


def _person(name: str, profile: VoiceProfile, engine: VoiceEngine) -> Chosen:
    traits = engine.traits
    character, found = profile.characters[traits.name], profile.resemblances[traits.name]
    if character.version != traits.version or traits.likeness == "own":
        message = (
            f"That voice was learned for {character.version} of the engine {traits.name}, and {traits.version} is "
            "installed. Run `vivant voice refresh` with its name: nothing needs to be recorded again."
        )
        raise StaleVoiceError(message)
    person = Person(
        profile_sha256=profile.sha256,
        consent_id=profile.consent_id,
        consent_sha256=profile.consent_sha256,
        likeness=traits.likeness,
        encoder=found.encoder,
        spectral=found.spectral,
        word=found.word,
    )
    return Chosen(name=f"{name}@{traits.name}", engine=engine, character=character, person=person)


def choose_language(wanted: str | None, traits: VoiceTraits) -> str:
    """Tell in which of a voice's languages a text is said.

    Args:
        wanted: BCP 47 tag; ``"de"`` takes any German that the voice has; None takes the voice's mother
            tongue, English where it names none, else its first.
        traits: What the voice can do.

    Returns:
        One of the voice's own tags, or ``wanted`` as it is when the voice has nothing like it.
    """
    known = sorted(traits.languages)
    wanted = wanted or traits.mother_tongue or None
    if wanted in traits.languages or not known:
        return wanted or ""
    primary = "en" if wanted is None else wanted.split("-", maxsplit=1)[0].lower()
    alike = [tag for tag in known if tag.split("-", maxsplit=1)[0].lower() == primary]
    us = [tag for tag in alike if tag == "en-US"]
    if us or alike:
        return (us or alike)[0]
    return known[0] if wanted is None else wanted
