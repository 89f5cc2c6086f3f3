"""The door for learning a person's voice from recordings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from vivant.engines import declared
from vivant.errors import InputError, MissingError
from vivant.media.files import sha256_of
from vivant.media.hearing import read_sound, resampled
from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import permit
from vivant.provenance.safekeeping import utc_now
from vivant.voice.choosing import choose_language, voice_engine
from vivant.voice.cleaning import clean
from vivant.voice.engine import Line, PersonalEngine, VoiceEngine
from vivant.voice.own_stretches import OwnStretches, find_own
from vivant.voice.parting import RATE_HZ, parted
from vivant.voice.person import Character, Reference, Resemblance
from vivant.voice.profiles import (
    VoiceProfile,
    check_free,
    check_name,
    load_profile,
    permit_profile,
    save_profile,
)
from vivant.voice.similarity import SENTENCES, resemblance
from vivant.voice.soundness import Soundness

LONGEST_S = 1800.0
"""All recordings together."""
BLOCK_S = 120.0
"""A long recording is cleaned in blocks, so that memory does not grow with it."""
CLEAN_DB = 20.0
"""With noise below this the band is told from the recording as it was, else from the cleaned one."""
COULD_NOT = "could not learn the voice"


@dataclass(slots=True)
class _Recording:
    sound: Sound
    """Cleaned, at ``RATE_HZ``."""
    speaks: np.ndarray
    before: list[Soundness]
    after: list[Soundness]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeardPerson:
    """What was found of a person in recordings."""

    reference: Reference
    held_out: Reference
    before: Soundness
    """The recordings as they were."""
    after: Soundness
    """The recordings cleaned."""
    own_s: float
    """Seconds in which the person speaks alone."""
    recordings: tuple[str, ...]
    """SHA-256 of each."""
    notes: tuple[str, ...]


def learn(
    recordings: Sequence[Path],
    *,
    name: str,
    consent: Consent,
    places: Places,
    engines: Sequence[str] | None = None,
    speaker: int | None = None,
    now: datetime | None = None,
    watch: Watch = unwatched,
) -> VoiceProfile:
    """Learn a person's voice, and keep it as a profile.

    Every engine that can be like a person learns from one part of the person's own stretches; how like it
    then is, is measured against the other part, which it has not heard, by measures that no engine knows.

    Args:
        recordings: Sound files or films, 10 s to 30 min in all, of any quality, at 8 kHz too.
        name: What the user calls the voice.
        consent: The record; it must grant ``voice-likeness``.
        places: Where profiles, consents and models are kept.
        engines: Which engines learn; all that are installed and can when None.
        speaker: Which of the people who speak, from 1 for the one who speaks longest.
        now: The moment; now when left out.
        watch: Told as it goes.

    Returns:
        The profile as it was saved. Nothing is saved when anything fails.

    Raises:
        ConsentError: The record does not allow it.
        InputError: The name or a recording will not do; the message says what was measured.
        MissingError: A model was not fetched, or no engine here can learn a voice.
    """
    moment = now or utc_now()
    check_name(name)
    permit(consent, use="voice-likeness", now=moment, ledger=Ledger.in_places(places))
    check_free(name, consent=consent, places=places)
    if not recordings:
        message = (
            "There is no recording. Give one or several sound files in which the person speaks."
        )
        raise InputError(message)
    chosen = personal_engines(engines, places=places)
    heard = hear_person(recordings, speaker=speaker, places=places, watch=watch)
    reference, held_out = heard.reference, heard.held_out
    characters, found, failures = _schooled(
        chosen, reference=reference, held_out=held_out, places=places, watch=watch
    )
    profile = VoiceProfile(
        reference=reference,
        held_out=held_out,
        characters=characters,
        resemblances=found,
        before=heard.before,
        after=heard.after,
        own_s=heard.own_s,
        consent_id=consent.record_id,
        consent_sha256=consent.sha256,
        recordings=heard.recordings,
        learned_at=moment.isoformat(),
        notes=(*heard.notes, *failures),
    )
    return save_profile(profile, name=name, consent=consent, places=places)


def hear_person(
    recordings: Sequence[Path],
    *,
    speaker: int | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
) -> HeardPerson:
    """Find a person in recordings, clean what they say, and part it for learning and for measuring.

    Args:
        recordings: As for ``learn``.
        speaker: As for ``learn``.
        places: Where models are kept.
        watch: Told as it goes.

    Raises:
        InputError: A recording will not do, or the person is not heard alone for long enough.
        MissingError: A model was not fetched.
    """
    if not recordings:
        message = (
            "There is no recording. Give one or several sound files in which the person speaks."
        )
        raise InputError(message)
    for path in recordings:
        if not path.is_file():
            message = "A recording was not found, or is no file. Check the paths."
            raise InputError(message)
    hashes = tuple(sha256_of(path) for path in recordings)
    if len(set(hashes)) < len(hashes):
        message = (
            f"{len(hashes) - len(set(hashes))} of the recordings are given twice. Give each once."
        )
        raise InputError(message)
    read = _read_all(recordings, places=places, watch=watch)
    own = find_own(
        [one.sound for one in read],
        [one.speaks for one in read],
        speaker_number=speaker,
        places=places,
    )
    before = _merged([found for one in read for found in one.before])
    after = _merged([found for one in read for found in one.after])
    reference, held_out = parted(
        own.stretches,
        [one.sound for one in read],
        bandwidth_hz=before.bandwidth_hz if before.snr_db > CLEAN_DB else after.bandwidth_hz,
        snr_db=before.snr_db,
        places=places,
    )
    return HeardPerson(
        reference=reference,
        held_out=held_out,
        before=before,
        after=after,
        own_s=own.seconds[own.chosen - 1],
        recordings=hashes,
        notes=_notes(own, read),
    )


def refresh(
    name: str,
    *,
    places: Places,
    engines: Sequence[str] | None = None,
    now: datetime | None = None,
    watch: Watch = unwatched,
) -> VoiceProfile:
    """Let the engines that are here now learn a kept voice anew, from the speech that its profile holds.

    For a new version of an engine, and for one that was added since.

    Args:
        name: What the voice is called.
        places: Where profiles, consents and models are kept.
        engines: Which engines learn; all that are installed and can when None.
        now: The moment; now when left out.
        watch: Told as it goes.

    Returns:
        The profile as it was saved, with these engines alone. The old one stays when anything fails.

    Raises:
        ConsentError: Its consent does not hold.
        InputError: There is no such voice, or no engine could learn it.
        MissingError: A model was not fetched, or no engine here can learn a voice.
    """
    old = load_profile(name, places=places)
    consent = permit_profile(old, now=now, places=places)
    characters, found, failures = _schooled(
        personal_engines(engines, places=places),
        reference=old.reference,
        held_out=old.held_out,
        places=places,
        watch=watch,
    )
    profile = replace(
        old,
        characters=characters,
        resemblances=found,
        learned_at=(now or utc_now()).isoformat(),
        notes=(*(one for one in old.notes if COULD_NOT not in one), *failures),
    )
    return save_profile(profile, name=name, consent=consent, places=places)


def _schooled(
    engines: dict[str, VoiceEngine],
    *,
    reference: Reference,
    held_out: Reference,
    places: Places,
    watch: Watch,
) -> tuple[dict[str, Character], dict[str, Resemblance], tuple[str, ...]]:
    """Let each engine learn, then measure each; what could not be learned is told."""
    characters, failures = _fitted(engines, reference, watch)
    found = {
        name: judged(
            engines[name],
            character,
            held_out=held_out,
            reference=reference,
            places=places,
            watch=watch,
        )
        for name, character in characters.items()
    }
    return characters, found, failures


def personal_engines(names: Sequence[str] | None, *, places: Places) -> dict[str, VoiceEngine]:
    """Find the engines that can be like a person.

    Args:
        names: Which; all that are installed and whose weights are here when None.
        places: Where models are kept.

    Raises:
        InputError: One that was asked for has its own voices only.
        MissingError: One that was asked for cannot be loaded, or there is none.
    """
    found: dict[str, VoiceEngine] = {}
    for name in names if names is not None else [engine.name for engine in declared("voice")]:
        try:
            engine = voice_engine(name, places=places)
        except MissingError:
            if names is not None:
                raise
            continue
        if isinstance(engine, PersonalEngine) and engine.traits.likeness != "own":
            found[name] = engine
        elif names is not None:
            message = (
                f"The voice engine {name!r} has its own voices only; it cannot be like a person."
            )
            raise InputError(message)
    if not found:
        message = "No voice engine here can be like a person. `vivant voices` lists those that can be added."
        raise MissingError(message)
    return found


def judged(
    engine: VoiceEngine,
    character: Character,
    *,
    held_out: Reference,
    reference: Reference,
    places: Places,
    watch: Watch = unwatched,
) -> Resemblance:
    """Measure how like the person an engine is after learning: it says sentences with and without what it learned."""
    language = choose_language(None, engine.traits)
    said: dict[bool, list[np.ndarray]] = {True: [], False: []}
    steps = 2 * len(SENTENCES)
    for i, text in enumerate(SENTENCES):
        for matched in (False, True):
            watch(f"measuring {engine.traits.name}", 2 * i + matched, steps)
            line = Line(text=text, language=language, character=character if matched else None)
            said[matched].append(engine.say(line).samples)
    watch(f"measuring {engine.traits.name}", steps, steps)
    made, unmatched = (
        Sound(samples=np.concatenate(said[key]), sample_rate_hz=engine.traits.sample_rate_hz)
        for key in (True, False)
    )
    return resemblance(made, unmatched, held_out=held_out, reference=reference, places=places)


def _fitted(
    engines: dict[str, VoiceEngine], reference: Reference, watch: Watch
) -> tuple[dict[str, Character], tuple[str, ...]]:
    characters: dict[str, Character] = {}
    failures: list[InputError | MissingError] = []
    notes: list[str] = []
    for name, engine in engines.items():
        if not isinstance(engine, PersonalEngine):
            continue
        try:
            characters[name] = engine.fit(reference, watch=watch)
        except (InputError, MissingError) as error:
            failures.append(error)
            notes.append(f"{name} {COULD_NOT}: {error}")
    if not characters and failures:
        raise failures[0]
    return characters, tuple(notes)


def _read_all(
    recordings: Sequence[Path], *, places: Places | None, watch: Watch
) -> list[_Recording]:
    read: list[_Recording] = []
    seconds = 0.0
    for path in recordings:
        sound = read_sound(path, longest_s=LONGEST_S)
        seconds += sound.seconds
        if seconds > LONGEST_S:
            message = (
                f"The recordings last {seconds / 60:.0f} minutes or more; at most {LONGEST_S / 60:.0f} are used. "
                "Give the clearest of them."
            )
            raise InputError(message)
        read.append(_cleaned(sound, places=places, watch=watch))
    return read


def _cleaned(sound: Sound, *, places: Places | None, watch: Watch) -> _Recording:
    rate, block = sound.sample_rate_hz, round(BLOCK_S * sound.sample_rate_hz)
    count = max(1, math.ceil(len(sound.samples) / block))
    sounds, speaks = [], []
    before, after = [], []
    notes: tuple[str, ...] = ()
    watch("cleaning", 0, count)
    for i in range(count):
        part = Sound(samples=sound.samples[i * block : (i + 1) * block].copy(), sample_rate_hz=rate)
        done = clean(part, strength="full", places=places)
        sounds.append(resampled(done.sound, sample_rate_hz=RATE_HZ).samples)
        speaks.append(done.speaks)
        if done.before.speech_s:
            before.append(done.before)
            after.append(done.after)
            notes = notes or done.notes
        watch("cleaning", i + 1, count)
    whole = Sound(samples=np.concatenate(sounds), sample_rate_hz=RATE_HZ)
    return _Recording(whole, np.concatenate(speaks), before, after, notes)


def _merged(found: Sequence[Soundness]) -> Soundness:
    """Tell how sound several parts are together: means by their seconds of speech."""
    seconds = np.array([one.speech_s for one in found])
    hum = max(found, key=lambda one: one.hum_db)

    def mean(values: Sequence[float]) -> float:
        return float(np.average(values, weights=seconds))

    return Soundness(
        speech_s=float(seconds.sum()),
        level_db=mean([one.level_db for one in found]),
        snr_db=mean([one.snr_db for one in found]),
        hum_hz=hum.hum_hz,
        hum_db=hum.hum_db,
        clicks=sum(one.clicks for one in found),
        clipped_share=mean([one.clipped_share for one in found]),
        bandwidth_hz=mean([one.bandwidth_hz for one in found]),
        echo_s=mean([one.echo_s for one in found]),
    )


def _notes(own: OwnStretches, read: Sequence[_Recording]) -> tuple[str, ...]:
    notes = [note for one in read for note in one.notes[:3]]
    if len(own.seconds) > 1:
        others = ", ".join(f"speaker {i + 1}: {s:.0f} s" for i, s in enumerate(own.seconds[:6]))
        notes.append(f"Several people speak ({others}); speaker {own.chosen} was learned.")
    if own.music_s > 1.0:
        notes.append(f"{own.music_s:.0f} s of music were left out.")
    if own.mixed_s > 3.0:
        notes.append(f"{own.mixed_s:.0f} s were left out in which it was not clear who speaks.")
    return tuple(dict.fromkeys(notes))
