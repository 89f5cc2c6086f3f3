"""Who may be in a film, and whether everybody is who the storyboard says: asked before anything is made of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import chain

import numpy as np
from jaxtyping import Float32

from vivant.errors import ConsentError
from vivant.intake.engine import FaceEngine
from vivant.intake.likeness import SAME_PERSON_FROM, similarity
from vivant.intake.same_photo import face_print, is_same_photo
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import PRIVATELY, Asked, Showing, permit
from vivant.rig.rig import Rig
from vivant.scene.storyboard import CastMember, Problem, Storyboard, StoryboardError, told
from vivant.studio.casting_rules import asked_of, insist_on_voices, is_nobody

__all__ = [
    "CastConsentError",
    "Recognition",
    "insist_on_consents",
    "is_nobody",
    "people_seen",
]


class CastConsentError(ConsentError):
    """Somebody who is seen has no consent, or one that does not hold for this film."""

    code = "studio.cast-consent"

    def __init__(self, message: str, *, rules: tuple[str, ...]) -> None:
        self.rule = rules[0]
        self.rules = rules
        """Names of the rules that refused, in the order of the message's lines."""
        super().__init__(message)


def insist_on_consents(
    storyboard: Storyboard,
    consents: Mapping[str, Consent],
    *,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    now: datetime,
    places: Places,
) -> tuple[Consent, ...]:
    """Insist that everybody who is seen has a consent of their own that holds; nothing is made before.

    Animals need none. A child needs one by its guardians. Faces that nobody has, the painted ones, may share one.
    Each person is asked about with all that the film makes of them: words, scenes, and to whom it is shown.

    Args:
        storyboard: Checked.
        consents: Who agreed, by the name in the cast.
        use: What the film is for.
        showing: To whom and where it will be shown.
        now: The moment.
        places: Where the ledger is.

    Returns:
        The consents, each once, in the order of the cast.

    Raises:
        CastConsentError: Somebody has none, or one that does not allow it; all of them are named, each with the shots
            and with what would help.
    """
    ledger = Ledger.in_places(places)
    kept: dict[str, Consent] = {}
    problems: list[str] = []
    rules: list[str] = []
    holders: dict[str, str] = {}
    for name, member in people_seen(storyboard).items():
        consent = consents.get(name)
        if consent is None:
            problems.append(_told(storyboard, name, _nobody_agreed(member)))
            rules.append("record.missing")
            continue
        why = _refusal(name, member, consent, holders)
        rule = (
            "minor.guardians-only" if _lacks_guardians(member, consent) else "record.other-person"
        )
        if not why:
            try:
                asked = asked_of(storyboard, name, use=use, showing=showing)
                permit(consent, asked, now=now, ledger=ledger)
            except ConsentError as error:
                why, rule = f"{error} Or take {name} out of these shots.", error.rule
        if why:
            problems.append(_told(storyboard, name, why))
            rules.append(rule)
        kept[consent.record_id] = consent
    if problems:
        raise CastConsentError("\n".join(problems), rules=tuple(rules))
    if not kept:  # a film in which nobody is seen; somebody answers for it all the same
        for consent in consents.values():
            permit(consent, Asked(use=use).to_be_shown(showing), now=now, ledger=ledger)
            kept[consent.record_id] = consent
    if not kept:
        message = "Nobody is seen in this film, and nobody answers for it. Give --consent or --attest. (Rule record.missing.)"
        raise CastConsentError(message, rules=("record.missing",))
    insist_on_voices(storyboard, use=use, showing=showing, now=now, places=places)
    return tuple(kept.values())


def people_seen(storyboard: Storyboard) -> dict[str, CastMember]:
    """Give those of the cast who are seen and are people, in the order of the cast."""
    seen = set(chain.from_iterable(plan.who for plan in storyboard.shots))
    return {
        name: member
        for name, member in storyboard.cast.items()
        if name in seen and member.photos and not member.pet
    }


def _nobody_agreed(member: CastMember) -> str:
    if member.child:
        return (
            "this is a child, and no guardian has agreed. Write consent: FILE there, with a record of the kind guardians; "
            "nobody else can agree for a child. (Rule record.missing.)"
        )
    if not member.in_memory:
        return (
            "nobody has agreed for this person, who is alive and agrees for themselves. Ask; then write agreed: yes there, or "
            "consent: FILE. (Rule record.missing.)"
        )
    return "nobody has agreed for this person. Write consent: FILE there, or give --attest kin. (Rule record.missing.)"


def _lacks_guardians(member: CastMember, consent: Consent) -> bool:
    return member.child and consent.kind != "guardians"


def _refusal(name: str, member: CastMember, consent: Consent, holders: dict[str, str]) -> str:
    """Tell why a record is not this person's; nothing where it may be."""
    if is_nobody(member):
        return ""
    if _lacks_guardians(member, consent):
        return (
            f"this is a child, and consent {consent.record_id[:12]} is of the kind {consent.kind}. Only guardians agree for a "
            "child: write consent: FILE there, with their record. (Rule minor.guardians-only.)"
        )
    holder = holders.setdefault(consent.pii_principal_id, name)
    if holder != name:
        return (
            f"consent {consent.record_id[:12]} is that of {holder}; one record speaks for one person. "
            "Write consent: FILE there, with a record of this person's own. (Rule record.other-person.)"
        )
    return ""


def _told(storyboard: Storyboard, name: str, what: str) -> str:
    shots = [plan.name for plan in storyboard.shots if name in plan.who]
    listed = f"shot{'s' if len(shots) > 1 else ''} {', '.join(shots)}"
    line = storyboard.cast[name].at_line
    return told(storyboard.name, Problem(line=line, what=f"{name}, seen in {listed}: {what}"))


class Recognition:
    """Sees to it that each photo is of another person, and that one person's photos are of one."""

    def __init__(self, storyboard: Storyboard, engine: FaceEngine) -> None:
        self._storyboard, self._engine = storyboard, engine
        self._prints: dict[str, Float32[np.ndarray, "64 64"]] = {}
        self._vectors: dict[str, Float32[np.ndarray, " 128"]] = {}

    def see(self, key: str, rig: Rig) -> None:
        """Look at a photo that will live.

        Args:
            key: ``NAME`` or ``NAME/2``.
            rig: Made of it.

        Raises:
            StoryboardError: It is the photo of somebody else, or of another person than the one before.
        """
        name = key.partition("/")[0]
        own = face_print(rig.photo, rig.landmarks)
        for other, earlier in self._prints.items():
            if other.partition("/")[0] != name and is_same_photo(own, earlier):
                what = (
                    f"the photos of {other.partition('/')[0]} and {name} are one photo: the same face at the same moment. Give "
                    f"{name} a photo of their own. In a photo of both, say who is who: face: N, counted from the left, at each."
                )
                raise self._error(name, what)
        self._prints[key] = own
        if len(self._storyboard.cast[name].photos) > 1:
            self._compare(name, key, rig)

    def _compare(self, name: str, key: str, rig: Rig) -> None:
        member = self._storyboard.cast[name]
        vector = self._engine.vector(rig.photo, rig.landmarks)
        first = self._vectors.setdefault(name, vector)
        alike = similarity(first, vector)
        if alike >= SAME_PERSON_FROM or member.same_person:
            return
        number = key.partition("/")[2] or "1"
        what = (
            f"photo {number} of {name} seems to show somebody else than the first: the faces are {alike:.3f} alike, and one "
            f"person's are {SAME_PERSON_FROM:.2f} or more. Give another photo; or, where many years lie between them, write "
            f"same_person: yes at {name} in the cast."
        )
        raise self._error(name, what)

    def _error(self, name: str, what: str) -> StoryboardError:
        plans = [plan.name for plan in self._storyboard.shots if name in plan.who]
        listed = f"shot{'s' if len(plans) > 1 else ''} {', '.join(plans)}"
        problem = Problem(
            line=self._storyboard.cast[name].at_line,
            what=f"{listed}: {what}",
            shot=plans[0] if plans else None,
        )
        return StoryboardError(self._storyboard.name, (problem,))
