"""What holds of a question: facts by the names that rules use, and for people what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from vivant.provenance.asked import Asked, Said
from vivant.provenance.consent import Consent
from vivant.provenance.label_duties import territories
from vivant.provenance.policy_ledger import Heard
from vivant.provenance.policy_rules import Rule
from vivant.provenance.words import read_words

OF_AGE = 18
_NAMED_FOR = {
    "private": frozenset[str](),
    "family": frozenset({"family-link", "public-showing"}),
    "public": frozenset({"public-showing", "commerce", "live", "training"}),
}
"""Which purposes let it be seen by so many."""
_ASKED_ABOUT = {
    "words": "words", "recorded-words": "words", "claims": "words", "unread": "words",
    "territories": "territories", "products": "products", "photos": "photos", "scenes": "scenes",
    "languages": "languages",
}  # fmt: skip
"""Of which part of a question a fact speaks."""


@dataclass(slots=True)
class Findings:
    """Facts, and what was found, in words and numbers that name nobody."""

    facts: dict[str, frozenset[str]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def say(self, fact: str, words: str | Iterable[str], told: str = "") -> None:
        """Put down what holds."""
        self.facts[fact] = frozenset({words} if isinstance(words, str) else words)
        if told:
            self.told[fact] = told

    def found_for(self, rule: Rule) -> str:
        """Tell what was found, as far as the rule asked for it."""
        parts = [self.told[fact] for fact in rule.when if fact in self.told]
        return f"Found: {'; '.join(dict.fromkeys(parts))}." if parts else ""


def find(consent: Consent, asked: Asked, *, now: datetime, heard: Heard) -> Findings:
    """Find out all that rules may ask about."""
    found = Findings()
    found.say("use", asked.use, f"the use is {asked.use}")
    found.say("kind", consent.kind, f"the record is of the kind {consent.kind}")
    found.say("audience", asked.reach, f"it would be seen by: {asked.reach}")
    attested = consent.collection_method == "attested"
    found.say("statement", _yes(attested), "a mere statement" if attested else "")
    _person(found, consent, asked, now)
    _record(found, consent, asked, now)
    _ledger(found, consent, now, heard)
    _kin(found, consent, now)
    _contract(found, consent, asked, now)
    _where(found, consent, asked)
    _photos(found, consent, asked, heard)
    found.say("scenes", asked.scenes or ("none",), f"the scenes are {', '.join(asked.scenes)}")
    _words(found, asked)
    return found


def is_dead(consent: Consent, asked: Asked) -> bool:
    """Tell whether the person has died, by the record or by whoever asks."""
    return (
        consent.kind in ("kin", "public-domain")
        or consent.deceased is not None
        or asked.in_memory is True
    )


def _person(found: Findings, consent: Consent, asked: Asked, now: datetime) -> None:
    words = {"dead" if is_dead(consent, asked) else "living"}
    told = "the person has died" if "dead" in words else "the person lives"
    if consent.minor is not None:
        grown = _of_age_on(consent.minor.born_on) <= now.astimezone(UTC).date()
        words.add("grown-up" if grown else "child")
        told += ", and has come of age" if grown else ", a child"
    found.say("person", words, told)
    figure = {None: "unknown", True: "public", False: "private"}[consent.public_figure]
    found.say("figure", figure, f"a {figure} figure" if consent.public_figure else "")


def _of_age_on(born_on: date) -> date:
    try:
        return born_on.replace(year=born_on.year + OF_AGE)
    except ValueError:  # the 29th of February
        return date(born_on.year + OF_AGE, 3, 1)


def _record(found: Findings, consent: Consent, asked: Asked, now: datetime) -> None:
    state: str = consent.state_at(now)
    told = f"it is {state}"
    if state == "not-yet":
        told = f"it begins at {_when(consent.given_at)}, and it is {_when(now)}"
    elif state == "given" and consent.expires is not None and now >= consent.expires:
        state, told = "expired", f"it expired at {_when(consent.expires)}, and it is {_when(now)}"
    found.say("record", state, told)
    named = asked.use in consent.uses
    found.say(
        "record-names-use",
        _yes(named),
        f"it allows {', '.join(consent.purposes)}, and this needs {asked.use}",
    )
    enough = _NAMED_FOR[asked.reach]
    wide = not enough or bool(enough & consent.uses)
    found.say("record-names-audience", _yes(wide), f"it allows {', '.join(consent.purposes)}")
    other = bool(asked.taken_under) and asked.taken_under != consent.record_id
    likeness = "other" if other else "same" if asked.taken_under else "unknown"
    found.say("likeness", likeness, f"taken in under {asked.taken_under[:12]}" if other else "")


def _ledger(found: Findings, consent: Consent, now: datetime, heard: Heard) -> None:
    found.say(
        "ledger-whole", "no" if heard.fault else heard.doubt or "yes", heard.fault.rstrip(".")
    )
    found.say("ledger", heard.state, f"by the ledger it is {heard.state}")
    differs = bool(heard.hashes) and consent.sha256 not in heard.hashes
    known = ", ".join(sorted(one[:12] for one in heard.hashes))
    found.say(
        "record-hash",
        "differs" if differs else "same" if heard.hashes else "unknown",
        f"its hash is {consent.sha256[:12]}, and the ledger knows {known}" if differs else "",
    )
    told = ""
    if heard.is_clock_back and heard.latest is not None:
        told = f"the clock says {_when(now)}, and the ledger's last line {_when(heard.latest)}"
    found.say("clock", "behind" if heard.is_clock_back else "right", told)
    worth = heard.authenticity
    found.say(
        "vouched-for",
        "not-asked" if worth is None else worth.standing,
        "" if worth is None else worth.why.rstrip("."),
    )


def _kin(found: Findings, consent: Consent, now: datetime) -> None:
    deceased = consent.deceased
    wish = "unknown" if deceased is None else deceased.wish
    found.say("wish", wish, f"the wish in life is {wish}")
    until = consent.objection_until
    is_open = until is not None and now < until
    told = f"the window is open until {_when(until)}" if is_open and until is not None else ""
    found.say("objections", "window-open" if is_open else "window-closed", told)
    kin = consent.other_kin
    words: set[str] = set()
    if not kin:
        words.add("none" if consent.no_other_kin else "unnamed")
    else:
        untold = sum(one.told_at is None or one.told_at > now for one in kin)
        against = sum(one.agrees == "no" for one in kin)
        words.add("untold" if untold else "told")
        if against:
            words.add("disagree")
        elif all(one.agrees == "yes" for one in kin):
            words.add("all-agree")
        found.told["other-kin"] = (
            f"of {len(kin)} other kin {untold} were not told, and {against} do not agree"
        )
    found.say("other-kin", words)
    viewers = {None: "undeclared", True: "know", False: "do-not-know"}[consent.viewers_know]
    found.say("viewers", viewers)


def _contract(found: Findings, consent: Consent, asked: Asked, now: datetime) -> None:
    contract = consent.contract
    if contract is None:
        found.say("contract", "none")
        found.say("products", "within" if consent.kind != "presenter" else "undeclared")
        return
    state = "before" if now < contract.begins else "over" if now >= contract.ends else "running"
    found.say(
        "contract",
        state,
        f"it runs from {_when(contract.begins)} to {_when(contract.ends)}, and it is {_when(now)}",
    )
    allowed = {_plain(product) for product in contract.products}
    outside = [one for one in asked.products if _plain(one) not in allowed]
    words = "outside" if outside else "within" if asked.products else "undeclared"
    count = f"{len(outside)} of {len(asked.products)} products are not in the contract"
    found.say("products", words, count if asked.products else "no product was named")


def _where(found: Findings, consent: Consent, asked: Asked) -> None:
    allowed = consent.territories
    if consent.contract is not None:
        own = consent.contract.territories
        allowed = own if allowed is None else tuple(one for one in allowed if _covers(own, one))
    if allowed is None:
        found.say("territories", "anywhere")
    elif asked.territories is None:
        found.say("territories", "undeclared", f"it allows {', '.join(allowed)}")
    else:
        outside = [one for one in asked.territories if not _covers(allowed, one)]
        told = f"asked for {', '.join(asked.territories)}, and it allows {', '.join(allowed)}"
        found.say("territories", "outside" if outside else "within", told)
    if consent.languages is None:
        found.say("languages", "any")
        return
    foreign = [one for one in asked.spoken_in if not _speaks(consent.languages, one)]
    told = f"asked for {', '.join(foreign)}, and it allows {', '.join(consent.languages)}"
    found.say("languages", "outside" if foreign else "within", told)


def _covers(allowed: Iterable[str], wanted: str) -> bool:
    """Tell whether a territory is one of some, or lies in one: ``US`` covers ``US-CA``, ``EU`` covers ``DE``."""
    allowed = tuple(allowed)
    if "EU" in allowed and wanted[:2] in _european():
        return True
    return any(wanted == one or wanted.startswith(f"{one}-") for one in allowed)


def _european() -> frozenset[str]:
    return frozenset(
        code for duty in territories().duties if duty.name == "EU" for code in duty.countries
    )


def _speaks(allowed: Iterable[str], wanted: str) -> bool:
    """Tell whether a language is one of some: ``de`` covers ``de-AT``; a bare ``de`` asks for any German."""
    plain = wanted.lower()
    tags = [one.lower() for one in allowed]
    return any(
        plain == tag or plain.startswith(f"{tag}-") or tag.startswith(f"{plain}-") for tag in tags
    )


def _photos(found: Findings, consent: Consent, asked: Asked, heard: Heard) -> None:
    after_death = [one for one in asked.photos if _among(one, consent.post_mortem_photos)]
    listed = (*consent.photos, *consent.post_mortem_photos)
    unlisted = [one for one in asked.photos if consent.photos and not _among(one, listed)]
    words = {"listed"}
    told = []
    if after_death:
        words.add("after-death")
        told.append(f"photo {after_death[0][:12]} was taken after death")
    if unlisted:
        words.add("unlisted")
        told.append(f"photo {unlisted[0][:12]} is not among the {len(consent.photos)} listed")
    if heard.objected:
        words.add("objected")
        told.append(f"another record lists photo {heard.objected[0][:12]}, and was stopped")
    found.say("photos", words, ", ".join(told))
    found.say("second-yes", _yes(consent.second_yes))


def _among(sha256: str, listed: Iterable[str]) -> bool:
    """Tell whether a photo is one of some; a rig knows the first digits of its hash only."""
    return any(one.startswith(sha256) for one in listed)


def _words(found: Findings, asked: Asked) -> None:
    dead = "dead" in found.facts["person"]
    new: dict[str, int] = {}
    old: dict[str, int] = {}
    claims: dict[str, int] = {}
    unread: set[str] = set()
    for said in asked.words:
        unread |= _unread(said, dead=dead)
        own = dead and said.by != "other"
        kinds = _kinds(said, in_memory=own or asked.use in ("commerce", "live"))
        into = (old if said.recorded else new) if own else claims
        for kind in kinds:
            into[kind] = into.get(kind, 0) + 1
        if dead and not own:
            for kind in _kinds(said, in_memory=False):
                claims[kind] = claims.get(kind, 0) + 1
    for fact, kinds_found in (("words", new), ("recorded-words", old), ("claims", claims)):
        told = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds_found.items()))
        found.say(fact, kinds_found, f"words of these kinds: {told}" if told else "")
    found.say("unread", unread)


def _unread(said: Said, *, dead: bool) -> set[str]:
    if not dead or said.by == "other":
        return set()
    if said.recorded and not said.text.strip():
        return {"recording"}
    reading = read_words(said.text, language=said.language, in_memory=True)
    return {"no-rules"} if reading.needs_eyes else set()


def _kinds(said: Said, *, in_memory: bool) -> list[str]:
    reading = read_words(
        said.text,
        language=said.language,
        in_memory=in_memory,
        memorial=True,
        title=said.by == "title",
    )
    return [one.kind for one in reading.findings]


def parts_of(rule: Rule) -> tuple[str, ...]:
    """Name the parts of a question that a rule looks at, beyond use and audience."""
    asked_about = (_ASKED_ABOUT[fact] for fact in rule.when if fact in _ASKED_ABOUT)
    return tuple(sorted(dict.fromkeys(asked_about)))


def _plain(product: str) -> str:
    return " ".join(product.casefold().split())


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
