"""What is heard in a film: lines at their places, music under them, the quiet of each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vivant.film.mixing import Mix, Voice, mix
from vivant.film.mixing_ambience import ambience_of
from vivant.film.mixing_music import Score, file_for, piece_for
from vivant.film.person_voice import mark_is_heard, marked_sound
from vivant.film.telling import Cut
from vivant.media.mastering import MASTER_RATE_HZ
from vivant.media.sound import Sound
from vivant.media.time import first_sample_of
from vivant.media.watch import Watch
from vivant.places import Places
from vivant.scene.storyboard import Storyboard
from vivant.studio.casting_lines import Part, Said

LISTENED_S = 30.0
"""Seconds of the film in which the mark of a made voice is read back."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """What is heard in a film."""

    mix: Mix
    score: Score | None
    mark: str
    """Kind of the watermark that can be read in the film's sound; empty where there is none."""


def heard_in(
    storyboard: Storyboard, parts: Sequence[Part], cut: Cut, *, places: Places, watch: Watch
) -> Heard:
    """Mix voices, music and the quiet of places on the film's clock."""
    watch("sound", 0, 1)
    samples = first_sample_of(cut.frames, rate=cut.rate, sample_rate_hz=MASTER_RATE_HZ)
    seconds = samples / MASTER_RATE_HZ
    mark = ""
    voices: list[Voice] = []
    spoken = [(part, one) for part in parts for one in part.said]
    for part, one in spoken:
        sound = one.speech.sound
        if one.speech.person is not None:
            sound, kind = marked_sound(sound, places=places)
            mark = mark or kind
        voices.append(_voice(part, one, sound, cut))
    score: Score | None = None
    level = 0.5
    music = storyboard.music
    if music is not None:
        level = music.level
        if music.file is not None:
            score = file_for(music.file, seconds=seconds)
        elif music.piece is not None:
            score = piece_for(music.piece, seconds=seconds, seed=storyboard.seed)
    quiet = ambience_of(_places_heard(storyboard, cut), samples=samples, seed=storyboard.seed)
    mixed = mix(
        voices,
        samples=samples,
        music=None if score is None else score.sound,
        level=level,
        ambience=quiet,
    )
    if mark and mixed.sound is not None:
        first = round(LISTENED_S * MASTER_RATE_HZ)
        beginning = Sound(samples=mixed.sound.samples[:first].copy(), sample_rate_hz=MASTER_RATE_HZ)
        if not mark_is_heard([beginning], places=places):
            mark = ""  # papers promise nothing that cannot be shown
    watch("sound", 1, 1)
    return Heard(mix=mixed, score=score, mark=mark)


def _voice(part: Part, said: Said, sound: Sound, cut: Cut) -> Voice:
    begins = cut.begin_of(part.plan.name) + said.starts
    heard = [(phone.first, phone.last) for phone in said.speech.phones if phone.symbol]
    edges = ((heard[0][0], heard[-1][1]),) if heard else ((0, len(sound.samples)),)
    gaps = tuple(heard) or edges
    return Voice(
        sound=sound,
        first=first_sample_of(begins, rate=cut.rate, sample_rate_hz=MASTER_RATE_HZ),
        speaker=f"{'recording of ' if said.line.audio is not None else ''}{said.line.by}",
        heard=gaps,
    )


def _places_heard(storyboard: Storyboard, cut: Cut) -> list[tuple[str, int, int]]:
    """Tell which set is heard from which sample on."""
    names = {plan.name: plan.set for plan in storyboard.shots}
    found = []
    for piece, begin in zip(cut.pieces, cut.begins, strict=True):
        if piece.name in names:
            first, last = (
                first_sample_of(frame, rate=cut.rate, sample_rate_hz=MASTER_RATE_HZ)
                for frame in (begin, begin + piece.frames)
            )
            found.append((names[piece.name], first, last))
    return found
