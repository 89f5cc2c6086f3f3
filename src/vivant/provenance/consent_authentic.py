"""Whether a record is the one that was collected: what the ledger knows of it, and whose seal it carries.

A record that was collected on a machine is in that machine's ledger with its hash, and carries its
seal. Another record under the same id is a forgery. A full record that neither this ledger nor a
trusted seal vouches for was not collected here: it is imported first, by a person who looks at it.
A mere statement vouches for nothing but itself, and may be made anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from vivant.errors import ConsentError
from vivant.places import Places
from vivant.provenance.consent import Consent
from vivant.provenance.consent_parts import Seal
from vivant.provenance.consent_situations import ATTESTED
from vivant.provenance.ledger import Ledger
from vivant.provenance.safekeeping import canonical, sha256_hex
from vivant.provenance.sealing import SEAL, SealState, check_seal, seal

Standing = Literal["known", "sealed", "statement", "unknown", "forged"]


class ConsentForgedError(ConsentError):
    """A record is not the one that was collected."""

    code = "consent.forged"


class ConsentUnknownError(ConsentError):
    """A full record was collected elsewhere, by nobody whom this machine trusts."""

    code = "consent.unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticity:
    """What a record is worth here."""

    standing: Standing
    """``"known"``: in this machine's ledger with this hash; ``"sealed"``: by a trusted signer;
    ``"statement"``: a mere statement that needs no more; ``"unknown"``: nobody here vouches for it;
    ``"forged"``: another record was collected under this id, or its seal does not fit."""
    why: str
    seal: SealState

    @property
    def ok(self) -> bool:
        """Whether it may be used."""
        return self.standing in ("known", "sealed", "statement")


def seal_consent(consent: Consent, *, places: Places, now: datetime | None = None) -> Consent:
    """Seal a record with this machine's key, over what was agreed and all that happened since.

    Raises:
        KeyBrokenError: The key cannot be used.
    """
    sealed = seal(_statement(consent), places=places, now=now)
    return consent.model_copy(update={"seal": Seal.model_validate(sealed[SEAL])})


def _statement(consent: Consent) -> dict[str, Any]:
    events = [event.model_dump(mode="json", exclude_none=True) for event in consent.events]
    return {
        "what": "consent-record",
        "record_id": consent.record_id,
        "sha256": consent.sha256,
        "events_sha256": sha256_hex(canonical({"events": events})),
    }


def check_consent(
    consent: Consent, ledger: Ledger | None, *, places: Places | None = None
) -> Authenticity:
    """Tell whether a record is the one that was collected; never raises for what the record holds.

    Args:
        consent: The record, as it was read.
        ledger: The ledger of this machine; ``None`` where there is none.
        places: Whose trusted certificates; without them no seal is trusted.

    Raises:
        LedgerError: The ledger does not hold.
    """
    state: SealState = "absent"
    if consent.seal is not None:
        document = {**_statement(consent), SEAL: consent.seal.model_dump()}
        state = check_seal(document, places=places).state if places else "valid"
    known = ledger.given_hashes(consent.record_id) if ledger else ()
    if known and consent.sha256 not in known:
        why = f"Another record was collected as {consent.record_id}: its hash begins {known[-1][:12]}, this one's {consent.sha256[:12]}."
        return Authenticity(standing="forged", why=why, seal=state)
    if state == "broken":
        why = "It was changed after it was sealed: its seal fits neither what was agreed nor what happened since."
        return Authenticity(standing="forged", why=why, seal=state)
    if known:
        why = "It was collected on this machine: the ledger has it with this hash."
        return Authenticity(standing="known", why=why, seal=state)
    if state == "trusted":
        why = (
            "It was collected elsewhere, and carries the seal of a signer whom this machine trusts."
        )
        return Authenticity(standing="sealed", why=why, seal=state)
    if consent.collection_method == ATTESTED:
        why = "It is a mere statement: it vouches for itself alone, and grants a private film."
        return Authenticity(standing="statement", why=why, seal=state)
    why = "It was not collected on this machine, and no signer whom it trusts has sealed it."
    return Authenticity(standing="unknown", why=why, seal=state)


def insist_on_authentic(
    consent: Consent, ledger: Ledger | None, *, places: Places | None = None
) -> Authenticity:
    """Insist that a record is the one that was collected.

    Args:
        consent: The record, as it was read.
        ledger: The ledger of this machine.
        places: Whose trusted certificates; without them no seal is trusted.

    Raises:
        ConsentForgedError: Another record was collected under this id, or it was changed.
        ConsentUnknownError: It is a full record for which nobody here vouches.
    """
    found = check_consent(consent, ledger, places=places)
    if found.standing == "forged":
        message = f"Consent {consent.record_id} is not genuine. {found.why} Nothing is made with it; ask for the original."
        raise ConsentForgedError(message)
    if found.standing == "unknown":
        message = (
            f"Consent {consent.record_id} is not known here. {found.why} Look at it, and take it in: "
            f"vivant consent check FILE --import"
        )
        raise ConsentUnknownError(message)
    return found
