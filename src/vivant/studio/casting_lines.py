"""Lines of a storyboard become speech, and speech becomes what a face does; kept until words or voice change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from vivant.errors import InputError
from vivant.film.person_voice import check_consent
from vivant.media.document import DocumentError, read_document, write_document
from vivant.media.files import sha256_of
from vivant.media.sound import Sound
from vivant.media.time import frames_covering
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.performance.performing import lead_frames, perform, perform_idle
from vivant.places import Places
from vivant.scene.direction.call import Saying
from vivant.scene.storyboard import (
    SILENT,
    LineTooLongError,
    Problem,
    ShotPlan,
    Storyboard,
    StoryboardError,
)
from vivant.scene.storyboard_checking import SPACE_AROUND_S, expected_s
from vivant.scene.storyboard_terms import ACTIONS, TERMS
from vivant.studio.run import run_stage
from vivant.studio.stage import Form
from vivant.studio.store import Store, key_of
from vivant.voice.choosing import choose_voice
from vivant.voice.engine import VoiceEngine
from vivant.voice.listening import listen
from vivant.voice.speaking import speak
from vivant.voice.speech import Direction, Person, Phone, Speech, Word

LEAD_S = 0.5
"""A line begins this long after its shot, at least: the face is there before it speaks."""
TAIL_S = SPACE_AROUND_S - LEAD_S
LATEST_LEAD_S = 1.4
SPEECH_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """What is said and done in one shot."""

    plan: ShotPlan
    frames: int
    rate: Fraction
    speech: Speech | None
    speech_starts: int
    """Frame of the shot with which the speech begins."""
    performances: Mapping[str, Performance]
    """Of everybody in the shot, as many frames as the shot."""
    lips: bool
    """Whether the face in the shot is seen to say it."""

    @property
    def sayings(self) -> tuple[Saying, ...]:
        """Who speaks when, in frames of the shot."""
        if self.speech is None or not self.plan.speaker:
            return ()
        said = frames_covering(
            len(self.speech.sound.samples),
            rate=self.rate,
            sample_rate_hz=self.speech.sound.sample_rate_hz,
        )
        first = self.speech_starts
        return (Saying(speaker=self.plan.speaker, first=first, last=first + said),)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStage:
    """A line becomes speech."""

    voice: str
    language: str
    seed: int
    engine: VoiceEngine | None
    places: Places
    name: str = "voice"

    def key(self, given: str, /) -> str:
        """Hash the words, the voice, and the version of what speaks."""
        if self.engine is None:
            chosen = choose_voice(self.voice, places=self.places)
            traits, person = chosen.engine.traits, chosen.person
        else:
            traits, person = self.engine.traits, None
        parts = (
            "speech", str(SPEECH_VERSION), self.voice, traits.name, traits.version, self.language, str(self.seed),
            "" if person is None else repr(person), given,
        )  # fmt: skip
        return key_of(parts)

    def __call__(self, given: str, /, *, watch: Watch = unwatched) -> Speech:
        """Say it."""
        return speak(
            given,
            voice=self.voice,
            language=self.language or None,
            seed=self.seed,
            engine=self.engine,
            places=self.places,
            watch=watch,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStage:
    """A recording becomes speech."""

    text: str
    language: str
    places: Places
    name: str = "recording"

    def key(self, given: Path, /) -> str:
        """Hash the recording and its words."""
        parts = ("recording", str(SPEECH_VERSION), self.text, self.language, sha256_of(given))
        return key_of(parts)

    def __call__(self, given: Path, /, *, watch: Watch = unwatched) -> Speech:
        """Listen to it."""
        return listen(
            given, text=self.text, language=self.language or None, clean=True, places=self.places,
            watch=watch,
        )  # fmt: skip


def parts_of(
    storyboard: Storyboard,
    *,
    rate: Fraction,
    engine: VoiceEngine | None = None,
    places: Places,
    watch: Watch = unwatched,
) -> tuple[Part, ...]:
    """Say all lines, and tell how long each shot is and what the face does in it.

    Raises:
        LineTooLongError: A line takes longer than its shot.
        InputError: A line cannot be spoken; the message names the shot.
        ConsentError: A voice is a person's, and the consent does not hold.
    """
    found = []
    for place, plan in enumerate(storyboard.shots):
        watch("lines", place, len(storyboard.shots))
        speech = _speech(storyboard, plan, engine=engine, places=places)
        found.append(
            part_of(storyboard, plan, speech, rate=rate, seed=storyboard.seed + 31 * place)
        )
    watch("lines", len(storyboard.shots), len(storyboard.shots))
    return tuple(found)


def part_of(
    storyboard: Storyboard, plan: ShotPlan, speech: Speech | None, *, rate: Fraction, seed: int
) -> Part:
    """Lay a line into its shot: at its place, with what the face does."""
    if speech is None:
        seconds = expected_s(plan, terms=TERMS)
        frames = max(1, round(Fraction(str(round(seconds, 3))) * rate))
        return Part(
            plan=plan,
            frames=frames,
            rate=rate,
            speech=None,
            speech_starts=0,
            performances=_at_rest(plan, frames=frames, rate=rate, seed=seed),
            lips=False,
        )
    line_s = speech.sound.seconds
    if plan.length_s is None:
        seconds = max(ACTIONS[plan.action].shortest_s, line_s + SPACE_AROUND_S)
    else:
        seconds = plan.length_s
        room_s = seconds - SPACE_AROUND_S / 2
        if line_s > room_s:
            raise LineTooLongError(plan, name=storyboard.name, line_s=line_s, room_s=room_s)
    frames = max(1, round(Fraction(str(round(seconds, 3))) * rate))
    free_s = max(0.0, seconds - line_s)
    lead_s = min(max(min(LEAD_S, free_s / 2), 0.3 * free_s), LATEST_LEAD_S)
    starts = lead_frames(rate, lead_s)
    performances = _at_rest(plan, frames=frames, rate=rate, seed=seed)
    speaker = plan.speaker or (plan.who[0] if plan.who else "")
    lips = ACTIONS[plan.action].speaks and speaker in plan.who
    if lips:
        said = frames_covering(
            len(speech.sound.samples), rate=rate, sample_rate_hz=speech.sound.sample_rate_hz
        )
        tail_s = max(0.0, float((frames - starts - said) / rate)) + 0.5
        own_seed = seed + 7 * plan.who.index(speaker)
        performance = perform(
            speech, rate=rate, seed=own_seed, lead_s=lead_s, tail_s=min(60.0, tail_s)
        )
        performances[speaker] = exactly(performance, frames=frames)
    return Part(
        plan=plan,
        frames=frames,
        rate=rate,
        speech=speech,
        speech_starts=starts,
        performances=performances,
        lips=lips,
    )


def _at_rest(plan: ShotPlan, *, frames: int, rate: Fraction, seed: int) -> dict[str, Performance]:
    """Let everybody in a shot breathe and blink, each in their own time."""
    seconds = float(frames / rate)
    return {
        name: exactly(perform_idle(seconds, rate=rate, seed=seed + 7 * place), frames=frames)
        for place, name in enumerate(plan.who)
    }


def exactly(performance: Performance, *, frames: int) -> Performance:
    """Cut a performance to a number of frames, or hold its last one."""
    rows = np.minimum(np.arange(frames), performance.frames - 1)
    return Performance(
        rate=performance.rate,
        shapes=np.ascontiguousarray(performance.shapes[rows]),
        head=np.ascontiguousarray(performance.head[rows]),
        breath=np.ascontiguousarray(performance.breath[rows]),
    )


def _speech(
    storyboard: Storyboard, plan: ShotPlan, *, engine: VoiceEngine | None, places: Places
) -> Speech | None:
    if not plan.speaks:
        return None
    store = Store.in_places(places)
    try:
        if plan.audio is not None:
            recording = RecordingStage(text=plan.line, language=storyboard.language, places=places)
            return run_stage(recording, plan.audio, form=SPEECH_FORM, store=store)
        member = storyboard.cast.get(plan.speaker or "")
        voice = "hibari" if member is None else member.voice
        _insist_on_voice(storyboard, plan, voice)
        stage = SpeechStage(
            voice=voice,
            language=storyboard.language,
            seed=storyboard.seed,
            engine=engine,
            places=places,
        )
        speech = run_stage(stage, plan.line, form=SPEECH_FORM, store=store)
        if speech.person is not None:
            check_consent(speech.person, places=places)
    except StoryboardError:
        raise
    except InputError as error:
        problem = Problem(
            line=plan.words_at or plan.at_line,
            what=f"the words of shot {plan.name}: {error}",
            shot=plan.name,
        )
        raise StoryboardError(storyboard.name, (problem,)) from error
    return speech


def _insist_on_voice(storyboard: Storyboard, plan: ShotPlan, voice: str) -> None:
    if voice == SILENT:
        what = f"shot {plan.name} has a line, and who says it has voice: none. Give a voice, a recording (audio:), or no line."
        problem = Problem(line=plan.words_at or plan.at_line, what=what, shot=plan.name)
        raise StoryboardError(storyboard.name, (problem,))


def write_speech(speech: Speech, path: Path) -> None:
    """Write a speech as a versioned document."""
    facts: dict[str, Any] = {
        "sample_rate_hz": speech.sound.sample_rate_hz,
        "words": [[w.text, w.first, w.last, w.ends] for w in speech.words],
        "phones": [[p.symbol, p.first, p.last, p.stress] for p in speech.phones],
        "directions": [[d.kind, d.first, d.last] for d in speech.directions],
        "person": None if speech.person is None else asdict(speech.person),
        **{
            name: getattr(speech, name)
            for name in ("text", "language", "voice", "synthetic", "source_sha256")
        },
    }
    arrays = {"samples": speech.sound.samples}
    write_document(path, kind="speech", version=SPEECH_VERSION, facts=facts, arrays=arrays)


def read_speech(path: Path) -> Speech:
    """Read a speech.

    Raises:
        InputError: The file holds none, or is damaged.
    """
    document = read_document(path, kind="speech", version=SPEECH_VERSION)
    facts = document.facts
    try:
        person = facts["person"]
        samples = np.ascontiguousarray(document.arrays["samples"], np.float32)
        return Speech(
            sound=Sound(samples=samples, sample_rate_hz=int(facts["sample_rate_hz"])),
            words=tuple(Word(text=t, first=a, last=b, ends=e) for t, a, b, e in facts["words"]),
            phones=tuple(
                Phone(symbol=s, first=a, last=b, stress=x) for s, a, b, x in facts["phones"]
            ),
            directions=tuple(Direction(kind=k, first=a, last=b) for k, a, b in facts["directions"]),
            person=None if person is None else Person(**person),
            **{
                name: facts[name]
                for name in ("text", "language", "voice", "synthetic", "source_sha256")
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        message = "The speech document lacks a part. Make it again."
        raise DocumentError(message) from error


SPEECH_FORM: Form[Speech] = Form(suffix=".speech", write=write_speech, read=read_speech)


def on_film_clock(parts: Mapping[int, Part], *, frames: int, rate: Fraction) -> Speech | None:
    """Lay what lips are seen to say on the clock of the whole film, for measuring it later.

    Args:
        parts: By the frame of the film with which their shots begin.
        frames: Length of the film.
        rate: Frames a second.
    """
    hz = 48_000
    length = int(Fraction(frames) / rate * hz)
    phones: list[Phone] = []
    end = 0
    language, voice = "und", "none"
    for begin, part in sorted(parts.items()):
        speech = part.speech
        if speech is None or not part.lips:
            continue
        language, voice = speech.language, speech.voice
        starts = Fraction(begin + part.speech_starts) / rate * hz
        scale = Fraction(hz, speech.sound.sample_rate_hz)
        for phone in speech.phones:
            first, last = (round(starts + at * scale) for at in (phone.first, phone.last))
            first, last = max(first, end), min(last, length)
            if last <= first:
                continue
            if first > end:
                phones.append(Phone(symbol="", first=end, last=first))
            phones.append(replace(phone, first=first, last=last))
            end = last
    if not phones:
        return None
    if end < length:
        phones.append(Phone(symbol="", first=end, last=length))
    return Speech(
        sound=Sound(samples=np.zeros(length, np.float32), sample_rate_hz=hz),
        words=(),
        phones=tuple(phones),
        text="",
        language=language,
        voice="person" if "@" in voice else voice,
        synthetic=True,
    )
