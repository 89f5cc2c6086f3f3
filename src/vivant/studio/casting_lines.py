"""Lines of a storyboard are laid into their shots: who speaks when, and what everybody's face does meanwhile."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from vivant.media.sound import Sound
from vivant.media.time import frames_covering
from vivant.media.watch import Watch, unwatched
from vivant.performance.curves import Performance
from vivant.performance.performing import lead_frames, perform, perform_idle
from vivant.performance.prosody import phrases_of
from vivant.places import Places
from vivant.scene.direction.call import Saying
from vivant.scene.storyboard import Line, LineTooLongError, ShotPlan, Storyboard
from vivant.scene.storyboard_checking import SPACE_AROUND_S, estimate_s, expected_s, pauses_of
from vivant.scene.storyboard_terms import ACTIONS, TERMS
from vivant.studio.saying_beside import speeches_of
from vivant.voice.engine import VoiceEngine
from vivant.voice.joining import joined, phones_laid
from vivant.voice.speech import Speech

LEAD_S = 0.5
"""The first line begins this long after its shot, at least: the face is there before it speaks."""
LATEST_LEAD_S = 1.4
LONGEST_TAIL_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """A line that has become speech, at its place in the shot."""

    line: Line
    speech: Speech
    starts: int
    """Frame of the shot with which the speech begins."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """What is said and done in one shot."""

    plan: ShotPlan
    frames: int
    rate: Fraction
    said: tuple[Said, ...]
    """In order; nothing where nobody speaks, or nobody has said it yet."""
    sayings: tuple[Saying, ...]
    """Who speaks when, in frames of the shot; guessed where nobody has said it yet."""
    performances: Mapping[str, Performance]
    """Of everybody in the shot, as many frames as the shot."""
    lips: frozenset[str]
    """Whose faces in the shot are seen to speak."""


def parts_of(
    storyboard: Storyboard,
    *,
    rate: Fraction,
    engine: VoiceEngine | None = None,
    beside: bool = False,
    owners: Sequence[str] = (),
    places: Places,
    watch: Watch = unwatched,
) -> tuple[Part, ...]:
    """Say all lines, and tell how long each shot is and what the faces do in it.

    Args:
        storyboard: Checked.
        rate: Frames a second.
        engine: Says everything, instead of the cast's own voices.
        beside: Whether lines are said in a process of its own, whose voices go with it; see ``beside.beside``.
        owners: Ids of the consents of the film: to them belongs what is kept of its lines.
        places: Where voices and speeches are kept.
        watch: Hears ``"lines"``.

    Raises:
        LineTooLongError: What is said takes longer than its shot.
        InputError: A line cannot be spoken; the message names the shot.
        ConsentError: A voice is a person's, and the consent does not hold.
    """
    speeches = speeches_of(
        storyboard, engine=engine, beside=beside, owners=owners, places=places, watch=watch
    )
    return tuple(
        part_of(storyboard, plan, said, rate=rate, seed=storyboard.seed + 31 * place)
        for place, (plan, said) in enumerate(zip(storyboard.shots, speeches, strict=True))
    )


def part_of(
    storyboard: Storyboard,
    plan: ShotPlan,
    speeches: Sequence[Speech],
    *,
    rate: Fraction,
    seed: int,
) -> Part:
    """Lay lines into their shot, each at its place, with what the faces do.

    Whoever speaks has all of their own lines on their lips, and is at rest between them.

    Args:
        storyboard: Whose shot it is.
        plan: The shot.
        speeches: Of each of its lines, in order; none where nobody has said them yet, as for a preview.
        rate: Frames a second.
        seed: Chance.

    Raises:
        LineTooLongError: What is said takes longer than the shot.
    """
    if not speeches:
        frames = _frames(expected_s(plan, terms=TERMS), rate)
        return Part(
            plan=plan,
            frames=frames,
            rate=rate,
            said=(),
            sayings=_guessed(plan, frames=frames, rate=rate),
            performances=_at_rest(plan, frames=frames, rate=rate, seed=seed),
            lips=frozenset(),
        )
    offsets_s = _offsets(plan, speeches)
    first_after_s = plan.lines[0].after_s
    line_s = max(at + one.sound.seconds for at, one in zip(offsets_s, speeches, strict=True))
    line_s += first_after_s or 0.0
    if plan.length_s is None:
        seconds = max(ACTIONS[plan.action].shortest_s, line_s + SPACE_AROUND_S)
    else:
        seconds = plan.length_s
        room_s = seconds - SPACE_AROUND_S / 2
        if line_s > room_s:
            raise LineTooLongError(plan, name=storyboard.name, line_s=line_s, room_s=room_s)
    frames = _frames(seconds, rate)
    free_s = max(0.0, seconds - line_s)
    lead_s = min(max(min(LEAD_S, free_s / 2), 0.3 * free_s), LATEST_LEAD_S)
    lead_s = lead_s if first_after_s is None else first_after_s
    starts = lead_frames(rate, lead_s)
    said = tuple(
        Said(line=line, speech=speech, starts=starts + lead_frames(rate, at))
        for line, speech, at in zip(plan.lines, speeches, offsets_s, strict=True)
    )
    performances = _at_rest(plan, frames=frames, rate=rate, seed=seed)
    lips = plan.speakers if ACTIONS[plan.action].speaks else ()
    lips = tuple(name for name in lips if name in plan.who)
    for name in lips:
        own = [one for one in said if one.line.by == name]
        performances[name] = _performed(
            own,
            lead_s=lead_s if own[0] is said[0] else float(own[0].starts / rate),
            frames=frames,
            rate=rate,
            seed=seed + 7 * plan.who.index(name),
        )
    return Part(
        plan=plan,
        frames=frames,
        rate=rate,
        said=said,
        sayings=tuple(_saying(one, rate=rate) for one in said if one.line.by is not None),
        performances=performances,
        lips=frozenset(lips),
    )


def _frames(seconds: float, rate: Fraction) -> int:
    return max(1, round(Fraction(str(round(seconds, 3))) * rate))


def _offsets(plan: ShotPlan, speeches: Sequence[Speech]) -> list[float]:
    """Tell when each line begins after the first: its pause is heard, whatever silence lies around the words."""
    offsets = [0.0]
    ended_s = _heard_s(speeches[0])[1]
    for pause_s, speech in zip(pauses_of(plan)[1:], speeches[1:], strict=True):
        first_s, last_s = _heard_s(speech)
        begins_s = max(offsets[-1], ended_s + pause_s - first_s)
        offsets.append(begins_s)
        ended_s = begins_s + last_s
    return offsets


def _heard_s(speech: Speech) -> tuple[float, float]:
    """Tell when something is first and last heard in a speech."""
    heard = [phone for phone in speech.phones if phone.symbol]
    hz = speech.sound.sample_rate_hz
    return (heard[0].first / hz, heard[-1].last / hz) if heard else (0.0, speech.sound.seconds)


def _performed(
    own: Sequence[Said], *, lead_s: float, frames: int, rate: Fraction, seed: int
) -> Performance:
    """Perform all that one person says in a shot."""
    first = own[0].starts
    speech = joined([(Fraction(one.starts - first) / rate, one.speech) for one in own])
    covered = _covered(speech, rate)
    tail_s = max(0.0, float((frames - first - covered) / rate)) + 0.5
    performance = perform(
        speech, rate=rate, seed=seed, lead_s=lead_s, tail_s=min(LONGEST_TAIL_S, tail_s)
    )
    return exactly(performance, frames=frames)


def _covered(speech: Speech, rate: Fraction) -> int:
    return frames_covering(
        len(speech.sound.samples), rate=rate, sample_rate_hz=speech.sound.sample_rate_hz
    )


def _saying(one: Said, *, rate: Fraction) -> Saying:
    """Tell when a line is heard; silence around its words is nobody's turn."""
    starts_s = float(one.starts / rate)
    phrases = tuple(
        replace(phrase, first_s=phrase.first_s + starts_s, last_s=phrase.last_s + starts_s)
        for phrase in phrases_of(one.speech)
    )
    first_s, last_s = (starts_s + at_s for at_s in _heard_s(one.speech))
    return Saying(
        speaker=one.line.by or "",
        first=int(first_s * rate),
        last=max(int(first_s * rate) + 1, math.ceil(last_s * rate)),
        phrases=phrases,
    )


def _guessed(plan: ShotPlan, *, frames: int, rate: Fraction) -> tuple[Saying, ...]:
    """Guess who will speak when, from the letters of the lines."""
    seconds = float(frames / rate)
    at_s, spans = LEAD_S, []
    for line, pause_s in zip(plan.lines, pauses_of(plan), strict=True):
        last_s = at_s + pause_s + max(0.5, estimate_s(line.say))
        spans.append((line.by, at_s + pause_s, last_s))
        at_s = last_s
    shrink = min(1.0, (seconds - 0.2) / max(at_s, 0.1))
    return tuple(
        Saying(
            speaker=by, first=int(first_s * shrink * rate), last=max(1, int(last_s * shrink * rate))
        )
        for by, first_s, last_s in spans
        if by is not None
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


def on_film_clock(parts: Mapping[int, Part], *, frames: int, rate: Fraction) -> Speech | None:
    """Lay what lips are seen to say on the clock of the whole film, for measuring it later.

    Only shots with one face count: an inspection follows one face, and of several it could not know which one a
    sound belongs to.

    Args:
        parts: By the frame of the film with which their shots begin.
        frames: Length of the film.
        rate: Frames a second.
    """
    hz = 48_000
    length = int(Fraction(frames) / rate * hz)
    seen = [
        (Fraction(begin + one.starts) / rate, one.speech)
        for begin, part in sorted(parts.items())
        for one in part.said
        if len(part.plan.who) == 1 and one.line.by in part.lips
    ]
    phones = phones_laid(seen, sample_rate_hz=hz, samples=length)
    if not phones:
        return None
    language, voice = seen[-1][1].language, seen[-1][1].voice
    return Speech(
        sound=Sound(samples=np.zeros(length, np.float32), sample_rate_hz=hz),
        words=(),
        phones=phones,
        text="",
        language=language,
        voice="person" if "@" in voice else voice,
        synthetic=True,
    )
