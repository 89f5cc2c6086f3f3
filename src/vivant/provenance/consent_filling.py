"""From a filled-in form to a full record."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vivant.provenance.consent import FULL, Consent
from vivant.provenance.consent_evidence import evidence_hash
from vivant.provenance.consent_forms import Asking, ConsentForm, FormError, Relative
from vivant.provenance.consent_parts import Evidence, Kind, Notice, PersonalData
from vivant.provenance.consent_situations import not_to_be_asked
from vivant.provenance.notices import LANGUAGES, notice_shown
from vivant.provenance.safekeeping import utc_now

_BIOMETRIC = frozenset({"face-measure", "voice-measure", "voice-recording"})
_BASES: dict[Kind, str] = {
    "self": "dpv:ExplicitlyExpressedConsent",
    "kin": "dpv:LegitimateInterest",
    "public-domain": "dpv:PublicInterest",
    "guardians": "dpv:ExplicitlyExpressedConsent",
    "presenter": "dpv:Contract",
}


def record_from(
    form: ConsentForm,
    *,
    folder: Path,
    evidence: Mapping[str, Path] | None = None,
    now: datetime | None = None,
) -> Consent:
    """Turn a form into a full record. Nothing is written.

    Args:
        form: As it was filled in.
        folder: What its paths are relative to.
        evidence: More evidence by what it is; ``death``, ``wish``, ``relation`` and ``guardian-1`` and so on
            are the proofs that the form may name itself.
        now: The moment of giving.

    Raises:
        FormError: The record lacks what its situation needs; the message is for people.
        InputError: A file of evidence cannot be read.
    """
    moment = (utc_now() if now is None else now).replace(microsecond=0)
    try:
        found = Consent.model_validate(_Record(form, folder, dict(evidence or {})).facts(moment))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        told = " ".join(str(fault["msg"]).removeprefix("Value error, ") for fault in faults[:6])
        message = f"The form makes no full record. {told}"
        raise FormError(message) from None
    if never := not_to_be_asked(found):
        message = f"The form makes no full record. {' '.join(never)}"
        raise FormError(message)
    return found


def last_day(day: date) -> datetime:
    """Tell the first moment after a day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


class _Record:
    """A form on its way to a record."""

    def __init__(self, form: ConsentForm, folder: Path, evidence: dict[str, Path]) -> None:
        self._form = form
        self._folder = folder
        self._more = evidence

    def facts(self, now: datetime) -> dict[str, Any]:
        form = self._form
        asker = secrets.token_hex(16)
        situation = {
            "of_age": form.of_age,
            "deceased": self._deceased(),
            "requester": self._guardian(form.requester, "relation") if form.requester else None,
            "other_kin": tuple(_kin(one) for one in form.other_kin),
            "no_other_kin": form.no_other_kin,
            "objection_until": last_day(form.objections_until) if form.objections_until else None,
            "viewers_know": form.viewers_know,
            "post_mortem_photos": tuple(self._hash(one) for one in form.photos_after_death),
            "second_yes": form.second_yes,
            "minor": self._minor(),
            "contract": self._contract(),
        }
        return {
            "schema_version": FULL,
            "record_id": secrets.token_hex(16),
            "pii_principal_id": secrets.token_hex(16),
            "nonce": secrets.token_hex(16),
            "kind": form.kind,
            "person": form.person,
            "note": form.note,
            "purposes": tuple(dict.fromkeys(form.uses)),
            "languages": None if form.languages == "any" else form.languages,
            "territories": None if form.countries == "any" else form.countries,
            "lawful_basis": _BASES[form.kind],
            "collection_method": form.how,
            "expires": last_day(form.until),
            "language": form.language,
            "jurisdiction": form.law_of,
            "privacy_notice": self._notice(),
            "collected_by": asker,
            "pii_controllers": ({"entity_id": asker, **form.asked_by.model_dump()},),
            "pii_information": tuple(
                PersonalData(pii_type=one, special_category=one in _BIOMETRIC) for one in form.data
            ),
            "processing_method": form.done_with_it,
            "storage_locations": form.kept_where,
            "retention_period": form.kept_how_long,
            "recipients": tuple(
                {"entity_id": secrets.token_hex(16), "role": "recipient", **one.model_dump()}
                for one in form.given_to
            ),
            "withdrawal_method": form.taken_back_by,
            "authority": {
                "entity_id": secrets.token_hex(16),
                "role": "authority",
                **form.complaints_to.model_dump(),
            }
            if form.complaints_to
            else None,
            "photos": tuple(self._hash(one) for one in form.photos),
            "public_figure": form.public_figure,
            **situation,
            "evidence": self._evidence(),  # last: what is left after the proofs took theirs
            "events": ({"event_time": now, "event_type": "consent_given", "event_state": "given"},),
        }

    def _hash(self, path: str) -> str:
        return evidence_hash(self._folder / path)

    def _proof(self, path: str | None, what: str) -> Evidence | None:
        given = self._more.pop(what, None)
        found = given or (self._folder / path if path else None)
        return Evidence(what=what, sha256=evidence_hash(found)) if found else None

    def _evidence(self) -> tuple[Evidence, ...]:
        named = {what: self._folder / path for what, path in self._form.evidence.items()}
        return tuple(
            Evidence(what=what, sha256=evidence_hash(path))
            for what, path in {**named, **self._more}.items()
        )

    def _notice(self) -> Notice | None:
        form = self._form
        if form.notice is not None:
            sha256 = self._hash(form.notice)
            return Notice(uri=f"urn:sha256:{sha256}", version="own", sha256=sha256)
        primary = form.language.partition("-")[0].lower()
        if primary not in LANGUAGES:
            message = (
                f"Our notice is written in {', '.join(LANGUAGES)}, not in {form.language}. Write the text that was "
                f"shown into a file, and name it in the form (notice)."
            )
            raise FormError(message)
        return notice_shown(primary)

    def _deceased(self) -> dict[str, Any] | None:
        died = self._form.died
        if died is None:
            return None
        return {
            "died_on": died.on,
            "proof": self._proof(died.proof, "death"),
            "wish": died.wish,
            "wish_evidence": self._proof(died.wish_proof, "wish"),
        }

    def _guardian(self, one: Asking, what: str) -> dict[str, Any]:
        return {
            "entity_id": secrets.token_hex(16),
            "relation": one.relation,
            "proof": self._proof(one.proof, what),
            "name": one.name,
        }

    def _minor(self) -> dict[str, Any] | None:
        child = self._form.child
        if child is None:
            return None
        return {
            "born_on": child.born_on,
            "guardians": tuple(
                self._guardian(one, f"guardian-{i}") for i, one in enumerate(child.guardians, 1)
            ),
            "sole": child.sole,
            "assent": child.wants_it,
        }

    def _contract(self) -> dict[str, Any] | None:
        terms = self._form.contract
        if terms is None:
            return None
        return {
            "products": terms.products,
            "territories": terms.countries,
            "begins": datetime.combine(terms.begins, time(), UTC),
            "ends": last_day(terms.until),
            "pay": terms.pay,
            "ends_by": terms.ends_by,
        }


def _kin(one: Relative) -> dict[str, Any]:
    return {
        "entity_id": secrets.token_hex(16),
        "relation": one.relation,
        "told_at": datetime.combine(one.told_on, time(), UTC) if one.told_on else None,
        "agrees": one.agrees,
        "name": one.name,
    }
