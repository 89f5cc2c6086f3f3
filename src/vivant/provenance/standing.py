"""Whether what is being made may still be made: asked again and again while the work goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from vivant.media.watch import Watch
from vivant.places import Places
from vivant.provenance.consent import ConsentWithdrawnError
from vivant.provenance.ledger import Ledger

ASKED_EVERY_S = 0.5
"""Work that says where it is asks the ledger no more often than this."""


class Standing:
    """Watches the ledger while something is made; a withdrawal by another process stops the work."""

    def __init__(self, consent_ids: Sequence[str], *, places: Places) -> None:
        """Remember under which consents something is made."""
        self._ledger = Ledger.in_places(places)
        self._consent_ids = tuple(dict.fromkeys(consent_ids))
        self._seen: object = None

    def insist(self) -> None:
        """Insist that none of the consents was taken back since the last time; costs next to nothing.

        Raises:
            ConsentWithdrawnError: One was taken back, or an objection stands against it.
            LedgerError: The ledger was changed meanwhile.
        """
        mark = self._ledger.store.mark()
        if mark is None or mark == self._seen:
            return
        self._seen = mark
        for consent_id in self._consent_ids:
            found = self._ledger.state_of(consent_id)
            if found.stops:
                rule = "ledger.held" if found.state == "held" else "ledger.withdrawn"
                message = (
                    f"Consent {consent_id} is {found.state} by now. The work was stopped, and nothing was kept. "
                    f"(Rule {rule}.)"
                )
                error = ConsentWithdrawnError(message)
                error.rule = rule
                raise error


def while_standing(
    watch: Watch, standing: Standing, *, clock: Callable[[], float] = time.monotonic
) -> Watch:
    """Let a watch also stop the work when somebody takes a consent back.

    Args:
        watch: Hears the progress.
        standing: Asked when the work tells where it is: at most twice a second, and always when a step is done, so
            that nothing is kept which was finished after that.
        clock: Seconds that only go forward.

    Returns:
        What to hand to the work as ``watch``; raises ``ConsentWithdrawnError``.
    """
    last_s = clock() - ASKED_EVERY_S

    def heard(what: str, done: int, total: int, /) -> None:
        nonlocal last_s
        now_s = clock()
        if done >= total or now_s - last_s >= ASKED_EVERY_S:
            last_s = now_s
            standing.insist()
        watch(what, done, total)

    return heard
