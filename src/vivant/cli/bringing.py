"""Bring the models that a command needs, before it needs them."""

from __future__ import annotations

from collections.abc import Iterable

from vivant.media.watch import Watch
from vivant.models.fetching import ModelMissingError, fetch, list_models
from vivant.provenance.sound_mark import MODEL as MARK_MODEL
from vivant.settings import Settings, keep_off_hubs

EMBEDDED = "hibari"
"""The voice that is always here, and tells its own timings."""


def bring_models(
    settings: Settings,
    *,
    offline: bool,
    watch: Watch,
    also: Iterable[str] = (),
    core: bool = True,
) -> None:
    """Fetch the models that are not here yet.

    Args:
        settings: Where they are kept, and whether the network may be used.
        offline: Whether this command must not use it.
        watch: Hears of the downloads.
        also: Models that are needed now, optional ones too.
        core: Whether all that are not optional are brought as well.

    Raises:
        ModelMissingError: Some are missing and the network must not be used.
    """
    if offline or settings.offline:
        keep_off_hubs()
    wanted = frozenset(also)
    missing = [
        one
        for one in list_models(settings.places)
        if one.state != "ready" and (one.model.name in wanted or (core and not one.ok))
    ]
    if not missing:
        return
    if offline or settings.offline:
        names = [one.model.name for one in missing]
        command = " ".join(["vivant models fetch", *(n for n in names if n in wanted)])
        message = (
            f"These models are not here: {', '.join(names)}. Run `{command}` once with a network, or copy "
            f"the folder {missing[0].path.parent} from a machine that has them."
        )
        raise ModelMissingError(message)
    fetch([one.model.name for one in missing], places=settings.places, watch=watch)


def models_for(voice: str, settings: Settings) -> tuple[str, ...]:
    """Tell which models a voice needs: its own, the one that marks a person's voice, the ear where it gives no timings."""
    if voice.partition(":")[0] == EMBEDDED:
        return ()
    from vivant.voice.choosing import choose_voice
    from vivant.voice.ear import MODEL as EAR_MODEL

    chosen = choose_voice(voice, places=settings.places)
    traits = chosen.engine.traits
    marked = chosen.person is not None
    return (
        *traits.models,
        *((MARK_MODEL,) if marked else ()),
        *(() if traits.gives_timings else (EAR_MODEL,)),
    )
