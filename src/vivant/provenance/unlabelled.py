"""Films without the visible label: the one legal way, with an agreement, a log and an end.

China's Measures for labelling allow a film without the visible label on the user's own request, after an
agreement that states the user's duty to label, with a log kept for six months or more (article 9). Nobody
may take labels off (article 10), and nothing here does: the label is not put on. Everything else stays:
the watermark, the AIGC entry, and the signed credentials, which name the waiver.

An agreement is a sealed document in ``places.data``; the ledger notes its hash, and the one film it was
used for. ``agree`` makes it; the doors that make films check it again, against store, seal and ledger.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.label_duties import checked_codes, territories
from vivant.provenance.ledger import Ledger
from vivant.provenance.safekeeping import canonical, utc_now, write_private
from vivant.provenance.sealing import SEAL, check_seal, seal
from vivant.provenance.waiver import (
    LANGUAGES,
    PURPOSES,
    Audience,
    Language,
    Purpose,
    Waiver,
    WaiverError,
    agreement_sha256,
    agreement_text,
)

__all__ = [
    "LANGUAGES",
    "MOST_DAYS",
    "PURPOSES",
    "USUAL_DAYS",
    "Audience",
    "Language",
    "Purpose",
    "Waiver",
    "WaiverError",
    "agree",
    "agreement_sha256",
    "agreement_text",
    "films_under",
    "insist_on_waiver",
    "kept_waivers",
    "note_use",
    "read_waiver",
    "tidy",
    "waived_claim",
]

USUAL_DAYS: Final = 30
MOST_DAYS: Final = 180
KEPT_FOR: Final = timedelta(days=184)
"""How long the log is kept after an agreement has ended: six months, the longest that six months can be."""
_MEMORIAL = frozenset({"kin", "public-domain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LostWaiver:
    """An agreement that the ledger knows, and whose file cannot be shown to anybody who asks for the log."""

    waiver_id: str
    keep_until: datetime
    is_there: bool
    """Whether there is a file, which was changed; else it is gone."""


def agree(  # noqa: PLR0913 - what an agreement is
    consents: Sequence[Consent],
    *,
    asked_by: str,
    purpose: Purpose,
    codes: Sequence[str],
    language: Language,
    shown_sha256: str,
    audience: Audience = "private",
    use: Use = "portrait-film",
    film_id: str | None = None,
    days: int = USUAL_DAYS,
    note: str | None = None,
    places: Places | None = None,
    now: datetime | None = None,
) -> Waiver:
    """Note that a user asked for a film without the label, and agreed to owe the label themselves.

    Args:
        consents: Of everybody in the film.
        asked_by: Who asks, by id: 32 hex digits.
        purpose: What for.
        codes: Where it will be shown: ISO 3166-1 codes, never "anywhere".
        language: In which the agreement was shown.
        shown_sha256: Hash of the text that was shown; proves that it was this one.
        audience: Who will see it.
        use: What the film is made for.
        film_id: The labelled film of which this is wanted.
        days: How long the agreement can be used, at most 180.
        note: The user's own words.
        places: Where it is kept.
        now: The moment; now when left out.

    Raises:
        WaiverError: The label may not be left out for that; the message says why.
        InputError: A field is not what it must be.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    named = checked_codes(codes)
    _refuse_places(named)
    _refuse_use(use, audience)
    if shown_sha256 != agreement_sha256(language):
        message = (
            "The text that was shown is not the agreement as it is now. Show it again (`vivant label terms`), and "
            "agree to that."
        )
        raise WaiverError(message)
    if not 1 <= days <= MOST_DAYS:
        message = f"An agreement lasts 1 to {MOST_DAYS} days, and {days} were asked for."
        raise InputError(message)
    for consent in consents:
        _refuse_consent(consent, audience, use, named, places=places, now=moment)
    expires = moment + timedelta(days=days)
    try:
        waiver = Waiver(
            waiver_id=secrets.token_hex(16),
            asked_by=asked_by,
            purpose=purpose,
            note=note,
            consent_ids=tuple(dict.fromkeys(consent.record_id for consent in consents)),
            film_id=film_id,
            territories=named,
            audience=audience,
            language=language,
            text_sha256=shown_sha256,
            agreed_at=moment,
            expires=expires,
            keep_until=expires + KEPT_FOR,
        )
    except ValidationError as error:
        faults = ", ".join(str(fault["loc"][0]) for fault in error.errors(include_input=False))
        message = f"The agreement cannot be written: {faults} is not what it must be. Ids are 32 hex digits, a film's 16."
        raise InputError(message) from None
    sealed = seal(waiver.facts(), places=places, now=moment)
    write_private(_path(waiver.waiver_id, places), canonical(sealed) + b"\n")
    _note(waiver, "agreed", None, places=places, now=moment)
    return waiver


def _refuse_places(named: Sequence[str]) -> None:
    for duty in territories().duties:
        if not duty.can_be_left_out and {duty.name, *duty.countries} & set(named):
            message = f"The label cannot be left out in {duty.title}. {duty.left_out_reason}"
            raise WaiverError(message)


def _refuse_use(use: Use, audience: Audience) -> None:
    if use == "live":
        message = "A live picture is labelled in every frame; no agreement lifts that."
        raise WaiverError(message)
    if use == "public-showing" and audience != "public":
        message = "A public showing has a public audience. Say so, or name another use."
        raise InputError(message)


def _refuse_consent(
    consent: Consent,
    audience: Audience,
    use: Use,
    named: Sequence[str],
    *,
    places: Places,
    now: datetime,
) -> None:
    why = None
    if consent.kind == "guardians" or consent.minor is not None:
        why = "A film of a minor always carries its label."
    elif (consent.kind in _MEMORIAL or consent.deceased is not None) and (
        audience == "public" or use == "public-showing"
    ):
        why = "A film that remembers a dead person carries its label wherever the public sees it."
    elif consent.territories is not None and not set(named) <= set(consent.territories):
        why = "The consent does not allow the film to be shown in all those territories."
    elif Ledger.in_places(places).consent_state(consent.record_id) in ("withdrawn", "held"):
        why = "The consent was taken back, or is held."
    if why is not None:
        message = f"{why} (Consent {consent.record_id}.)"
        raise WaiverError(message)
    consent.require(use, now=now)


def insist_on_waiver(
    waiver: Waiver,
    *,
    consent_ids: Sequence[str],
    use: Use | None = None,
    twin_id: str | None = None,
    film_id: str | None = None,
    places: Places | None = None,
    now: datetime | None = None,
) -> None:
    """Insist that an agreement covers a film: it is the one that was sealed here, it holds, and no other film used it.

    Args:
        waiver: What was given at the door.
        consent_ids: Under which consents the film is made.
        use: What for, where that is known.
        twin_id: Id of the same film with its label, once that is known.
        film_id: Id of the film without it, once that is known.
        places: Where agreements and ledger are.
        now: The moment; now when left out.

    Raises:
        WaiverError: It does not.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    kept = read_waiver(waiver.waiver_id, places=places)
    why = None
    if kept != waiver:
        why = "is not the one that was agreed to"
    elif not waiver.agreed_at <= moment < waiver.expires:
        why = f"holds from {waiver.agreed_at:%Y-%m-%d} until {waiver.expires:%Y-%m-%d}, and not now"
    elif not set(consent_ids) <= set(waiver.consent_ids):
        why = "was made for other consents"
    elif use == "live":
        why = "does not cover live use, which is always labelled"
    elif use == "public-showing" and waiver.audience != "public":
        why = "does not cover a showing to the public"
    elif waiver.film_id is not None and twin_id not in (None, waiver.film_id):
        why = f"is for film {waiver.film_id}, and this is another"
    else:
        steps = list(_steps(waiver.waiver_id, places))
        others = {facts.get("film_id") for step, facts in steps if step == "used"} - {film_id}
        if not any(
            step == "agreed" and facts.get("sha256") == waiver.sha256 for step, facts in steps
        ):
            why = "is not in the ledger"
        elif film_id is not None and others:
            why = "was used for a film already, and is for one"
    if why is not None:
        message = (
            f"The agreement {waiver.waiver_id} {why}. Make the film with its label, or agree anew."
        )
        raise WaiverError(message)


def note_use(
    waiver: Waiver, film_id: str, *, places: Places | None = None, now: datetime | None = None
) -> None:
    """Note in the ledger for which film an agreement was used."""
    _note(waiver, "used", film_id, places=places or Places(), now=now)


def _note(
    waiver: Waiver, step: str, film_id: str | None, *, places: Places, now: datetime | None
) -> None:
    facts = {
        "step": step,
        "waiver_id": waiver.waiver_id,
        "sha256": waiver.sha256,
        "asked_by": waiver.asked_by,
        "consent_ids": list(waiver.consent_ids),
        "keep_until": waiver.facts()["keep_until"],
    }
    if film_id is not None:
        facts["film_id"] = film_id
    Ledger.in_places(places).append("label.waived", facts, now=now)


def _steps(waiver_id: str, places: Places) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in Ledger.in_places(places).of_kinds("label.waived"):
        if entry.facts.get("waiver_id") == waiver_id:
            yield str(entry.facts.get("step")), dict(entry.facts)


def _folder(places: Places) -> Path:
    return places.data / "waivers"


def _path(waiver_id: str, places: Places) -> Path:
    return _folder(places) / f"{waiver_id}.json"


def read_waiver(waiver_id: str, *, places: Places | None = None) -> Waiver:
    """Read an agreement of this machine, and check its seal.

    Raises:
        WaiverError: It is not here, or was changed.
    """
    places = places or Places()
    try:
        path = _path(uuid.UUID(hex=waiver_id).hex, places)  # so that an id is no path
        document = json.loads(path.read_bytes())
        reading = check_seal(document, places=places)
        waiver = Waiver.model_validate({k: v for k, v in document.items() if k != SEAL})
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        message = "There is no such agreement here, or its file is damaged. Agree anew: `vivant label agree`."
        raise WaiverError(message) from None
    if not reading.ok or waiver.waiver_id != waiver_id:
        message = f"The agreement {waiver_id} does not hold: {reading.why} Agree anew."
        raise WaiverError(message)
    return waiver


def kept_waivers(places: Places | None = None) -> tuple[Waiver, ...]:
    """List the agreements of this machine, the oldest first; files that do not hold are left out."""
    places = places or Places()
    found = []
    for path in sorted(_folder(places).glob("*.json")):
        try:
            found.append(read_waiver(path.stem, places=places))
        except WaiverError:
            continue
    return tuple(sorted(found, key=lambda one: (one.agreed_at, one.waiver_id)))


def lost_waivers(
    places: Places | None = None, *, now: datetime | None = None
) -> tuple[LostWaiver, ...]:
    """List the agreements that must still be kept, by the ledger's word, and whose file is gone or was changed.

    Raises:
        LedgerError: The ledger does not hold.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    held = {one.waiver_id: one.sha256 for one in kept_waivers(places)}
    lost: dict[str, LostWaiver] = {}
    for entry in Ledger.in_places(places).of_kinds("label.waived"):
        waiver_id = str(entry.facts.get("waiver_id"))
        until = datetime.fromisoformat(str(entry.facts["keep_until"]))
        if until > moment and held.get(waiver_id) != entry.facts.get("sha256"):
            lost[waiver_id] = LostWaiver(
                waiver_id=waiver_id, keep_until=until, is_there=_path(waiver_id, places).exists()
            )
    return tuple(lost.values())


def films_under(waiver_id: str, *, places: Places | None = None) -> tuple[str, ...]:
    """Tell which films were made under an agreement: none, or one."""
    steps = _steps(waiver_id, places or Places())
    return tuple(dict.fromkeys(str(facts["film_id"]) for step, facts in steps if step == "used"))


def tidy(places: Places | None = None, *, now: datetime | None = None) -> tuple[str, ...]:
    """Remove agreements whose log need not be kept any more; the ledger's lines stay.

    Returns:
        Ids of those removed.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    over = [waiver for waiver in kept_waivers(places) if waiver.keep_until <= moment]
    for waiver in over:
        _path(waiver.waiver_id, places).unlink(missing_ok=True)
    return tuple(waiver.waiver_id for waiver in over)


def waived_claim(
    waiver_id: str, film_id: str | None, *, places: Places | None = None
) -> tuple[bool, str]:
    """Tell what a film's trusted credentials mean when they say that its label was left out.

    Args:
        waiver_id: As the credentials name it.
        film_id: Whose credentials they are.
        places: Where agreements are.

    Returns:
        Whether that is in order, and a sentence.
    """
    places = places or Places()
    said = (
        f"The signed credentials say that the visible label was left out, under waiver {waiver_id}"
    )
    steps = list(_steps(waiver_id, places))
    used = {facts.get("film_id") for step, facts in steps if step == "used"}
    if used and film_id not in used:
        return False, f"{said}; the ledger knows that waiver for another film."
    known = "the agreement is known here" if steps else "the agreement is not known to this machine"
    return True, f"{said}; {known}. Whoever shows the film owes the label."
