"""Whether what is being made may still be made: asked again and again while the work goes on."""

from __future__ import annotations

from collections.abc import Sequence

from vivant.places import Places
from vivant.provenance.consent import ConsentWithdrawnError
from vivant.provenance.ledger import Ledger


class Standing:
    """Watches the ledger while a film is made; a withdrawal by another process stops the work."""

    def __init__(self, consent_ids: Sequence[str], *, places: Places) -> None:
        """Remember under which consents something is made."""
        self._ledger = Ledger.in_places(places)
        self._consent_ids = tuple(dict.fromkeys(consent_ids))
        self._seen_bytes = -1

    def insist(self) -> None:
        """Insist that none of the consents was taken back since the last time; costs next to nothing.

        Raises:
            ConsentWithdrawnError: One was.
        """
        try:
            size = self._ledger.path.stat().st_size
        except OSError:
            return
        if size == self._seen_bytes:
            return
        self._seen_bytes = size
        for consent_id in self._consent_ids:
            state = self._ledger.consent_state(consent_id)
            if state in ("withdrawn", "held"):
                message = f"Consent {consent_id} is {state} by now. The work was stopped, and nothing was kept."
                raise ConsentWithdrawnError(message)
