"""The policy at the doors that make films and sounds: what is really to be made is asked about, before any work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from vivant.errors import InputError
from vivant.intake.likeness import Likeness
from vivant.places import Places
from vivant.provenance.consent import Consent
from vivant.provenance.labelling import LabelWish
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import Asked, Decision, Showing, permit, refuse
from vivant.provenance.record import Recipe, Source
from vivant.rig.rig import Rig
from vivant.voice.permitting import permit_person, said_in
from vivant.voice.speech import Speech


def shown_where(showing: Showing, label: LabelWish | None) -> Showing:
    """Take the territories from the label's wish, where nobody else has said them."""
    if showing.territories is None and label is not None and label.territories is not None:
        return replace(showing, territories=tuple(label.territories))
    return showing


def label_where(label: LabelWish | None, showing: Showing) -> LabelWish | None:
    """Let the label owe what the territories ask in which it will be shown, where the wish names none."""
    if showing.territories is None or (label is not None and label.territories is not None):
        return label
    countries = tuple(dict.fromkeys(one[:2] for one in showing.territories))
    return replace(label or LabelWish(), territories=countries)


def permit_film(
    consent: Consent,
    asked: Asked,
    *,
    speech: Speech | None,
    source: Likeness | Rig | Callable[[], Rig],
    photos: Sequence[Source],
    now: datetime,
    places: Places,
) -> Decision:
    """Insist that a film of one person may be made, with all that is known of it.

    Args:
        consent: Who allowed it.
        asked: What for, for whom and where.
        speech: What is said in it.
        source: Whom it shows.
        photos: The photos that the source was made from, where the caller knows them.
        now: The moment.
        places: Where the ledger and the records of voices are.

    Raises:
        ConsentError: It may not be made, or not with this voice; ``rule`` names what refused.
    """
    under, hashes = "", tuple(photo.sha256 for photo in photos)
    if isinstance(source, Likeness):
        under = source.consent_id
        pictures = (source.base.picture, *(helper.picture for helper in source.helpers))
        hashes = tuple(picture.sha256 for picture in pictures)
    elif isinstance(source, Rig) and not hashes:
        hashes = (source.photo_id,)
    whole = replace(
        asked,
        words=() if speech is None else said_in(speech),
        photos=hashes,
        taken_under=under,
    )
    decision = permit(consent, whole, now=now, ledger=Ledger.in_places(places))
    if speech is not None:
        permit_voice(speech, asked, now=now, places=places)
    return decision


def permit_voice(
    speech: Speech, asked: Asked, *, now: datetime | None = None, places: Places
) -> None:
    """Insist that a speech may be heard, where its voice is a person's.

    Raises:
        ConsentError: The voice's consent does not hold, or not for these words.
    """
    if speech.person is not None:
        showing = Showing(
            audience=asked.audience, territories=asked.territories, products=asked.products
        )
        permit_person(
            speech.person,
            words=said_in(speech),
            use=asked.use if asked.use in ("commerce", "live") else "voice-likeness",
            showing=showing,
            now=now,
            places=places,
        )


def insist_on_all(
    recipe: Recipe,
    consents: Sequence[Consent],
    *,
    asked: Asked,
    now: datetime,
    places: Places,
) -> None:
    """Insist that everybody whom a recipe names has agreed, by records that still hold.

    Args:
        recipe: What a film is made of; it names records by id and hash.
        consents: The records.
        asked: What the film is for, for whom and where.
        now: The moment.
        places: Where the ledger is.

    Raises:
        ConsentError: A record is missing, is another than the recipe names, or does not hold.
        InputError: A record is given that the recipe does not name.
    """
    named = {recipe.consent_id: recipe.consent_sha256}
    named |= {one.record_id: one.sha256 for one in recipe.consents or ()}
    given = {consent.record_id: consent for consent in consents}
    for record_id, sha256 in named.items():
        consent = given.pop(record_id, None)
        if consent is None:
            refuse("record.missing", consent_id=record_id)
        if consent.sha256 != sha256:
            found = f"its hash is {consent.sha256[:12]}, and the film's recipe says {sha256[:12]}"
            refuse("record.changed", consent_id=record_id, found=found)
        permit(consent, asked, now=now, ledger=Ledger.in_places(places))
    if given:
        message = f"{len(given)} consents are given that the film's recipe does not name. Name everybody in the recipe."
        raise InputError(message)
