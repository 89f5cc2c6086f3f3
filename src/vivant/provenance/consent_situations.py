"""What a full record must hold, for each situation: oneself, a dead person, a minor, a presenter.

Each fault is one sentence for people: what is missing or cannot be, and what to do. The sentences
hold no name. Mandatory fields of every record: ISO/IEC TS 27560:2023, as listed in the W3C guide
"Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" (2024).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from vivant.provenance.consent_body import ConsentBody
from vivant.provenance.consent_parts import Kind

ADULT_YEARS = 18
ATTESTED = "attested"


def faults_of(body: ConsentBody) -> tuple[str, ...]:
    """Tell what keeps a record from being a full one of its kind.

    Returns:
        Sentences for people; none when it is full.
    """
    return (*_common(body), *_SITUATIONS[body.kind](body))


def not_to_be_asked(body: ConsentBody) -> tuple[str, ...]:
    """Tell what nobody can agree to in such a situation, whatever the rules would refuse later anyway.

    Returns:
        Sentences for people; a record that was collected with such a use can still be read and taken back.
    """
    never = [use for use in ("commerce", "live") if use in body.purposes]
    if body.kind not in ("kin", "public-domain") or not never:
        return ()
    return (
        f"A dead person's face never sells and is never live, so nobody can agree to {' or '.join(never)}: leave it out.",
    )


def comes_of_age(born_on: date) -> date:
    """Tell the day on which somebody born on a day is 18; those of 29 February on 1 March."""
    try:
        return born_on.replace(year=born_on.year + ADULT_YEARS)
    except ValueError:
        return date(born_on.year + ADULT_YEARS, 3, 1)


def _common(body: ConsentBody) -> Iterator[str]:
    needed: dict[str, object] = {
        "language": body.language,
        "jurisdiction": body.jurisdiction,
        "privacy_notice (the text that was shown, by its hash)": body.privacy_notice,
        "evidence (at least one file, by its hash)": body.evidence,
        "collected_by (who asked)": body.collected_by,
        "pii_controllers (who answers for the data)": body.pii_controllers,
        "pii_information (which data)": body.pii_information,
        "storage_locations": body.storage_locations,
        "retention_period": body.retention_period,
        "withdrawal_method": body.withdrawal_method,
        "expires": body.expires,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        yield f"A full record needs {', '.join(missing)}."
    if body.collection_method == ATTESTED:
        yield "A mere statement is no full record: say in collection_method how it was collected."
    if any(not (party.name and party.contact) for party in body.pii_controllers):
        yield "Each of pii_controllers needs a name and a contact, so that people know whom to ask."
    if body.second_yes and not body.post_mortem_photos:
        yield "second_yes is about photos taken after the death: list them in post_mortem_photos."


def _foreign(body: ConsentBody, *fields: str) -> Iterator[str]:
    """Refuse what belongs into a record of another kind."""
    homes = {
        "deceased": "kin",
        "requester": "kin",
        "other_kin": "kin",
        "minor": "guardians",
        "contract": "presenter",
    }
    for field in fields:
        if getattr(body, field):
            yield (
                f"A record of the kind {body.kind} has no {field}: that belongs to the kind "
                f"{homes[field]}. Choose that kind, or leave it out."
            )


def _self(body: ConsentBody) -> Iterator[str]:
    if body.of_age is not True:
        yield (
            "Whoever agrees for oneself must be of age: set of_age, or have the guardians agree "
            "(kind guardians)."
        )
    yield from _foreign(body, "deceased", "requester", "other_kin", "minor", "contract")


def _kin(body: ConsentBody) -> Iterator[str]:
    yield from _the_dead(body)
    if body.requester is None:
        yield "Say who asks (requester), with the relation to the person."
    elif body.requester.proof is None:
        yield "The requester's relation needs a proof by hash, such as a birth or marriage certificate."
    yield from _the_others(body)
    yield from _foreign(body, "minor", "contract")


def _the_dead(body: ConsentBody) -> Iterator[str]:
    dead = body.deceased
    if dead is None:
        yield "Say that and when the person died (deceased.died_on)."
        return
    if dead.died_on > body.events[0].event_time.date():
        yield "The person died after the consent was given: correct deceased.died_on."
    if dead.proof is None:
        yield "The death needs a proof by hash, such as the death certificate (deceased.proof)."
    if dead.wish == "no":
        yield "The person did not want it in life, so nobody can agree to it now."
    if dead.wish == "yes" and dead.wish_evidence is None:
        yield (
            "That the person wanted it needs evidence by hash (deceased.wish_evidence); without any, "
            "say that the wish is unknown."
        )


def _the_others(body: ConsentBody) -> Iterator[str]:
    if not body.other_kin and not body.no_other_kin:
        yield "Name the other close kin (other_kin), or declare that there are none (no_other_kin)."
    if body.other_kin and body.no_other_kin:
        yield "Other kin are named, so no_other_kin cannot be said."
    untold = sum(one.told_at is None for one in body.other_kin)
    if untold:
        yield f"{untold} of the other kin were not told yet (told_at): tell them first."
    against = sum(one.agrees == "no" for one in body.other_kin)
    if against:
        yield f"{against} of the other kin do not agree. Settle that first; then make the record."
    given_at = body.events[0].event_time
    if body.other_kin and (body.objection_until is None or body.objection_until <= given_at):
        yield "Give the other kin time to object: objection_until must be later than the giving."
    if any(one.told_at and one.told_at > given_at for one in body.other_kin):
        yield "Some other kin were told after the giving: correct told_at."


def _guardians(body: ConsentBody) -> Iterator[str]:
    minor = body.minor
    if minor is None:
        yield "Say when the child was born and who the guardians are (minor)."
    else:
        if any(guardian.proof is None for guardian in minor.guardians):
            yield "Each guardian needs a proof by hash, such as a birth certificate or a court's order."
        if len(minor.guardians) == 1 and not minor.sole:
            yield (
                "One guardian agreed: name the other too, or declare that this one has parental "
                "responsibility alone (minor.sole)."
            )
        if minor.assent == "no":
            yield "The child does not want it, so it is not made."
        yield from _childhood(minor.born_on, given_at=body.events[0].event_time, until=body.expires)
    yield from _foreign(body, "deceased", "requester", "other_kin", "contract")


def _childhood(born_on: date, *, given_at: datetime, until: datetime | None) -> Iterator[str]:
    adult_on = comes_of_age(born_on)
    if born_on > given_at.date():
        yield "The child was born after the consent was given: correct minor.born_on."
    elif adult_on <= given_at.date():
        yield f"The person is of age since {adult_on}: nobody else can agree (kind self)."
    elif until is not None and until.date() > adult_on:
        yield (
            f"The child comes of age on {adult_on}; guardians cannot agree beyond that day. Let it "
            f"expire then or earlier."
        )


def _presenter(body: ConsentBody) -> Iterator[str]:
    if body.deceased is not None:
        yield "A dead person's face never sells anything, so there is no presenter who has died."
    if body.of_age is not True:
        yield "A presenter must be of age: set of_age."
    contract = body.contract
    if contract is None:
        yield "Put down what was agreed: products, territories, begins, ends, pay, ends_by (contract)."
    else:
        if body.expires is not None and body.expires > contract.ends:
            yield f"The contract ends on {contract.ends:%Y-%m-%d}, so the consent cannot last longer."
        outside = set(body.territories or ()) - set(contract.territories)
        if body.territories is None or outside:
            yield "The territories must be among those of the contract."
    yield from _foreign(body, "requester", "other_kin", "minor")


def _public_domain(body: ConsentBody) -> Iterator[str]:
    if body.deceased is None:
        yield "Say when the person died (deceased.died_on): only the long dead are in the public domain."
    if not body.note:
        yield "Say in note why the portrait is free to use."
    yield from _foreign(body, "minor", "contract", "requester", "other_kin")


_SITUATIONS: Mapping[Kind, Callable[[ConsentBody], Iterator[str]]] = {
    "self": _self,
    "kin": _kin,
    "guardians": _guardians,
    "presenter": _presenter,
    "public-domain": _public_domain,
}
