"""Runs a stage, or takes its result out of the store."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TypeVar

from vivant.errors import InputError
from vivant.media.watch import Watch, unwatched
from vivant.studio.stage import Form, Stage
from vivant.studio.store import Store

logger = logging.getLogger(__name__)

Given = TypeVar("Given")
Made = TypeVar("Made")


def run_stage(
    stage: Stage[Given, Made],
    given: Given,
    *,
    form: Form[Made],
    store: Store | None,
    owners: Iterable[str] = (),
    watch: Watch = unwatched,
) -> Made:
    """Do the work of a stage, unless it was done before.

    Args:
        stage: What to do.
        given: What to do it with.
        form: How the result is kept.
        store: Where results are kept; nothing is kept when None.
        owners: Ids of the consents of those who are seen or heard in the result.
        watch: Hears the progress of the work.

    Returns:
        What the stage makes; a kept result that cannot be read any more is made again.
    """
    if store is None:
        return stage(given, watch=watch)
    owners = tuple(owners)
    kept = find_kept(stage, given, form=form, store=store, owners=owners)
    if kept is not None:
        return kept
    made = stage(given, watch=watch)
    keep(made, stage.key(given), form=form, store=store, owners=owners)
    return made


def find_kept(
    stage: Stage[Given, Made],
    given: Given,
    *,
    form: Form[Made],
    store: Store,
    owners: Iterable[str] = (),
) -> Made | None:
    """Take a stage's result out of the store; one that cannot be read any more is forgotten."""
    key = stage.key(given)
    kept = store.find(key, suffix=form.suffix, owners=owners)
    if kept is None:
        return None
    try:
        return form.read(kept)
    except InputError:
        logger.warning("a kept result is damaged and is made again", extra={"stage": stage.name})
        store.forget(key, suffix=form.suffix)
        return None


def keep(
    made: Made, key: str, *, form: Form[Made], store: Store, owners: Iterable[str] = ()
) -> None:
    """Put a stage's result into the store, and remember to whom it belongs."""
    store.keep(key, lambda path: form.write(made, path), suffix=form.suffix, owners=owners)
