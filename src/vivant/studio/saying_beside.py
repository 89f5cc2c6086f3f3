"""All lines of a storyboard, said here or in a process of its own: what voices take of memory goes back with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vivant.errors import InputError
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.scene.storyboard import Storyboard
from vivant.studio.beside import beside as in_a_process
from vivant.studio.speeches import SPEECH_FORM
from vivant.studio.stage import Form
from vivant.studio.store import Store, key_of
from vivant.voice.engine import VoiceEngine
from vivant.voice.speech import Speech


def _write_keys(keys: tuple[str, ...], path: Path) -> None:
    path.write_text(json.dumps(keys), encoding="utf-8")


def _read_keys(path: Path) -> tuple[str, ...]:
    return tuple(json.loads(path.read_text(encoding="utf-8")))


KEYS_FORM: Form[tuple[str, ...]] = Form(suffix=".json", write=_write_keys, read=_read_keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesStage:
    """A storyboard's lines become speeches in the store; their keys come back, in order."""

    places: Places
    owners: tuple[str, ...] = ()
    """Ids of the consents of the film."""
    name: str = "lines"

    def key(self, given: Storyboard, /) -> str:
        """Hash who says what; each line is also kept by itself."""
        return key_of(("lines", *(repr(line) for plan in given.shots for line in plan.lines)))

    def __call__(self, given: Storyboard, /, *, watch: Watch = unwatched) -> tuple[str, ...]:
        """Say what was not said before."""
        from vivant.studio.saying import say_line  # noqa: PLC0415 - voices are large

        keys: list[str] = []
        for place, plan in enumerate(given.shots):
            watch("lines", place, len(given.shots))
            keys += [
                say_line(given, plan, line, owners=self.owners, places=self.places)[0]
                for line in plan.lines
            ]
        watch("lines", len(given.shots), len(given.shots))
        return tuple(keys)


def speeches_of(
    storyboard: Storyboard,
    *,
    engine: VoiceEngine | None = None,
    beside: bool = False,
    owners: Sequence[str] = (),
    places: Places,
    watch: Watch = unwatched,
) -> tuple[Sequence[Speech], ...]:
    """Give the speeches of each shot's lines; what was said before is taken out of the store."""
    lines = [(plan, line) for plan in storyboard.shots for line in plan.lines]
    said: list[Speech | None] = [None] * len(lines)
    if beside and engine is None and lines:
        store = Store.in_places(places)
        stage = LinesStage(places=places, owners=tuple(owners))
        with in_a_process(stage, storyboard, form=KEYS_FORM, store=None) as wait:
            said = [_found(key, store) for key in wait(watch)]
    if any(one is None for one in said):
        from vivant.studio.saying import say_line  # noqa: PLC0415 - voices are large

        for place, (plan, line) in enumerate(lines):
            watch("lines", place, len(lines))
            if said[place] is None:
                said[place] = say_line(
                    storyboard, plan, line, engine=engine, owners=owners, places=places
                )[1]
        watch("lines", len(lines), len(lines))
    whole = iter([one for one in said if one is not None])
    return tuple([next(whole) for _ in plan.lines] for plan in storyboard.shots)


def _found(key: str, store: Store) -> Speech | None:
    """Read a speech that was kept; None where the store would not take it."""
    path = store.find(key, suffix=SPEECH_FORM.suffix)
    try:
        return None if path is None else SPEECH_FORM.read(path)
    except InputError:
        return None
