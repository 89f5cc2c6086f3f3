"""The label at the doors that make films: what is owed, what the papers say of it, and no way around it."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from vivant.errors import PapersError
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.label import LABEL_TEXT
from vivant.provenance.labelling import Labelling, LabelWish
from vivant.provenance.marking import MarkEngine, mark_engine
from vivant.provenance.record import FilmRecord, Recipe, film_id_of, record_film
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.sound_marking import SoundMarkEngine, marks_sound, sound_mark_engine
from vivant.provenance.unlabelled import insist_on_waiver


class NotLabelledError(PapersError):
    """A film's record and its label do not say the same."""

    code = "label.not-as-recorded"


def consents_in(recipe: Recipe) -> tuple[str, ...]:
    """Name the consents of everybody who is seen or heard in a film."""
    voices = recipe.person_voices or (() if recipe.person_voice is None else (recipe.person_voice,))
    ids = [recipe.consent_id, *(one.record_id for one in recipe.consents or ())]
    return tuple(dict.fromkeys([*ids, *(voice.consent_id for voice in voices)]))


def label_for(
    wish: LabelWish | None,
    consents: Sequence[Consent],
    *,
    use: Use,
    places: Places,
    now: datetime,
) -> Labelling:
    """Tell how a film is to be labelled, before any work: a wish to leave the label out is checked here first.

    Raises:
        WaiverError: No agreement covers that.
        InputError: A territory is none.
    """
    labelling = (wish or LabelWish()).labelling(consents)
    if labelling.waiver is not None:
        ids = [consent.record_id for consent in consents]
        insist_on_waiver(labelling.waiver, consent_ids=ids, use=use, places=places, now=now)
    marks_of(labelling, places=places)  # so that weights that lack are told before any work
    return labelling


def label_of_story(
    wish: LabelWish | None,
    consents: Sequence[Consent],
    *,
    places: Places,
    use: Use = "portrait-film",
) -> LabelWish:
    """Settle, before any work, how a story is labelled where all consents allow it to be shown.

    Raises:
        WaiverError: The label is to be left out, and no agreement covers that.
        InputError: A territory is none.
    """
    settled = label_for(wish, consents, use=use, places=places, now=utc_now())
    return replace(wish or LabelWish(), territories=settled.territories)


def with_label(recipe: Recipe, labelling: Labelling) -> Recipe:
    """Write the label into the recipe, where it is not the usual one: another label is another film."""
    told = []
    if labelling.waiver is not None:
        told.append(f"waiver {labelling.waiver.waiver_id}")
    elif labelling.text != LABEL_TEXT:
        told.append(labelling.text)
    if labelling.throughout != "no":
        told.append(labelling.throughout)
    if not told:
        return recipe
    return replace(recipe, versions={**recipe.versions, "label": ", ".join(told)})


def marks_of(labelling: Labelling | None, *, places: Places) -> tuple[MarkEngine, ...]:
    """Load the engines that mark a film beside the built-in one.

    Raises:
        InputError: There is none of that name.
        MissingError: The weights of one are not here; the message says how to get them.
    """
    names = () if labelling is None else labelling.marks
    return tuple(mark_engine(name, places=places) for name in names if not marks_sound(name))


def sound_marks_of(labelling: Labelling | None, *, places: Places) -> tuple[SoundMarkEngine, ...]:
    """Load the engines that mark a film's sound beside the built-in one.

    Raises:
        MissingError: The weights of one are not here; the message says how to get them.
    """
    names = () if labelling is None else labelling.marks
    return tuple(sound_mark_engine(name, places=places) for name in names if marks_sound(name))


def with_marks(recipe: Recipe, marks: Sequence[MarkEngine | SoundMarkEngine]) -> Recipe:
    """Write into the recipe which marks a film carries beside the built-in one.

    Raises:
        MissingError: The weights of one are not here.
    """
    if not marks:
        return recipe
    told = ", ".join(engine.identity() for engine in marks)
    return replace(recipe, versions={**recipe.versions, "mark": told})


def twin_of(record: FilmRecord, labelling: Labelling) -> str:
    """Tell the id of the same film with its label."""
    bare = {key: value for key, value in record.recipe.versions.items() if key != "label"}
    recipe = replace(record.recipe, versions=bare)
    return film_id_of(with_label(recipe, replace(labelling, waiver=None)))


def insist_on_label(
    record: FilmRecord,
    labelling: Labelling,
    *,
    use: Use | None = None,
    places: Places,
    now: datetime | None = None,
) -> None:
    """Insist that a film is labelled as its record says, or that an agreement covers it.

    Raises:
        NotLabelledError: Record and label differ.
        WaiverError: The label is to be left out, and nothing allows it.
    """
    waiver = labelling.waiver
    waiver_id = None if waiver is None else waiver.waiver_id
    if (record.label_text, record.label_waiver) != (labelling.text, waiver_id):
        message = f"The record of film {record.film_id} says another label than the one to be drawn. Record what is drawn."
        raise NotLabelledError(message)
    if waiver is not None:
        insist_on_waiver(
            waiver,
            consent_ids=consents_in(record.recipe),
            use=use,
            twin_id=twin_of(record, labelling),
            film_id=record.film_id,
            places=places,
            now=now,
        )


def record_labelled(
    recipe: Recipe, labelling: Labelling, *, use: Use | None, places: Places, now: datetime
) -> FilmRecord:
    """Make a film's record with the label that it will have, and insist that this label may be.

    Raises:
        WaiverError: The label is to be left out, and no agreement covers that.
    """
    record = record_film(
        with_marks(
            with_label(recipe, labelling),
            (*marks_of(labelling, places=places), *sound_marks_of(labelling, places=places)),
        ),
        label_text=labelling.text,
        made_at=now,
        generator=f"vivant/{importlib.metadata.version('vivant')}",
        label_waiver=None if labelling.waiver is None else labelling.waiver.waiver_id,
    )
    insist_on_label(record, labelling, use=use, places=places, now=now)
    return record
