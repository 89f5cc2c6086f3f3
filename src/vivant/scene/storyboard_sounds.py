"""Whether the sound files that a storyboard names can be heard: opened, and not of zero length."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vivant.errors import InputError
from vivant.media.hearing import read_sound
from vivant.scene.storyboard import Problem, Storyboard, StoryboardError

SHORTEST_MUSIC_S, SHORTEST_WORDS_S = 3.0, 0.2


def insist_on_sounds(storyboard: Storyboard) -> None:
    """Open every sound file that a storyboard names.

    Raises:
        StoryboardError: Some cannot be used; all are told at once, with their lines.
    """
    problems = tuple(_problems(storyboard))
    if problems:
        raise StoryboardError(storyboard.name, problems)


def _problems(storyboard: Storyboard) -> Iterator[Problem]:
    music = storyboard.music
    if music is not None and music.file is not None:
        for what in _wrong(music.file, at_least_s=SHORTEST_MUSIC_S):
            yield Problem(line=music.at_line, what=f"the music: {what}")
    for plan in storyboard.shots:
        for line in plan.lines:
            if line.audio is None:
                continue
            for what in _wrong(line.audio, at_least_s=SHORTEST_WORDS_S):
                yield Problem(
                    line=line.at_line or plan.at_line,
                    what=f"audio of shot {plan.name}: {what}",
                    shot=plan.name,
                )


def _wrong(path: Path, *, at_least_s: float) -> Iterator[str]:
    try:
        seconds = read_sound(path).seconds
    except InputError as error:
        yield str(error)
        return
    if seconds < at_least_s:
        yield f"it lasts {seconds:.2f} s, and {at_least_s:g} s are needed. Give another file."
