"""What may be made of whom: each rule, the record and the ledger behind it, and what people answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents_for_policy import NOON, OTHERS, REQUESTER, SISTER, now, recorded
from vivant.errors import ConsentError, InputError
from vivant.places import Places
from vivant.provenance.consent import (
    KINDS,
    USES,
    Consent,
    ConsentBrokenError,
    ConsentExpiredError,
    ConsentScopeError,
    ConsentWithdrawnError,
    Kind,
    Use,
    attest,
)
from vivant.provenance.consent_authentic import ConsentUnknownError, seal_consent
from vivant.provenance.consent_parts import Event, OtherKin
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import (
    Asked,
    PolicyError,
    Question,
    Said,
    Showing,
    answer,
    decide,
    permit,
)
from vivant.provenance.policy_rules import FACTS, chapters, parse, rules

PUBLIC = Asked(use="public-showing", audience="public")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", cache=tmp_path / "cache")


def a_statement() -> Consent:
    return attest("public-domain", now=NOON)


def refused(
    consent: Consent, asked: Asked, *, ledger: Ledger | None = None, after: timedelta = timedelta()
) -> str:
    """Name the rule that refuses, as the error does."""
    with pytest.raises(ConsentError) as caught:
        permit(consent, asked, now=now() + after, ledger=ledger)
    assert caught.value.rule in str(caught.value)
    assert consent.record_id in str(caught.value)
    assert decide(consent, asked, now=now() + after, ledger=ledger).rule == caught.value.rule
    return caught.value.rule


def said(text: str, language: str = "en", **more: object) -> Asked:
    return Asked(use="portrait-film", words=(Said(text=text, language=language, **more),))  # type: ignore[arg-type]


def test_a_statement_permits_a_private_film() -> None:
    assert permit(a_statement(), use="portrait-film", now=NOON).answer == "yes"


def test_what_is_asked_must_be_said_once() -> None:
    for asked, use in ((None, None), (Asked(use="live"), "commerce")):
        with pytest.raises(InputError, match="once"):
            decide(a_statement(), asked, use=use, now=NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["kin", "public-domain"])
@pytest.mark.parametrize("use", ["commerce", "live", "training"])
def test_the_dead_never_sell_whatever_a_record_says(kind: Kind, use: Use) -> None:
    assert refused(recorded(kind, *USES), Asked(use=use)).startswith("memorial.never")


@given(kind=st.sampled_from(["self", "kin", "public-domain"]), use=st.sampled_from(USES))
def test_a_statement_never_permits_more_than_it_grants(kind: Kind, use: Use) -> None:
    decision = decide(attest(kind, now=NOON), use=use, now=NOON)

    assert (decision.answer == "yes") == (use == "portrait-film")
    assert decision.why


@given(kind=st.sampled_from(KINDS), use=st.sampled_from(USES))
def test_nothing_is_permitted_that_the_record_does_not_name(kind: Kind, use: Use) -> None:
    others = tuple(other for other in USES if other != use)

    with pytest.raises(ConsentError):
        permit(recorded(kind, *others), use=use, now=now())


def test_refusals_of_the_record_are_raised_as_such() -> None:
    given_at = now()
    base = recorded("self")
    withdrawn = Event(event_time=given_at, event_type="consent_withdrawn", event_state="withdrawn")
    held = Event(event_time=given_at, event_type="objection_raised", event_state="held")
    for changes, error, rule in (
        ({"expires": given_at}, ConsentExpiredError, "record.expired"),
        ({"events": (*base.events, withdrawn)}, ConsentWithdrawnError, "record.withdrawn"),
        ({"events": (*base.events, held)}, ConsentWithdrawnError, "record.held"),
        ({"purposes": ("live",)}, ConsentScopeError, "record.scope"),
    ):
        with pytest.raises(error) as caught:
            permit(base.model_copy(update=changes), use="portrait-film", now=given_at)
        assert caught.value.rule == rule
    assert refused(recorded("self", days_ago=-3), Asked(use="portrait-film")) == "record.not-yet"


def test_a_withdrawal_in_the_ledger_is_enough(places: Places) -> None:
    consent, ledger = recorded("self"), Ledger.in_places(places)
    ledger.note_consent(consent)
    permit(consent, use="portrait-film", now=now(), ledger=ledger)

    ledger.append("consent.hold", {"record_id": consent.record_id})
    assert refused(consent, Asked(use="portrait-film"), ledger=ledger) == "ledger.held"
    ledger.append("consent.withdrawn", {"record_id": consent.record_id})
    assert refused(consent, Asked(use="portrait-film"), ledger=ledger) == "ledger.withdrawn"


def test_a_record_that_was_changed_is_not_the_one_that_was_agreed(places: Places) -> None:
    consent, ledger = recorded("self"), Ledger.in_places(places)
    ledger.note_consent(consent)
    forged = consent.model_copy(update={"purposes": ("portrait-film", "commerce")})

    with pytest.raises(ConsentBrokenError) as caught:
        permit(forged, use="portrait-film", now=now(), ledger=ledger)
    assert caught.value.rule == "record.changed"


def test_a_full_record_that_nobody_here_vouches_for_is_refused(places: Places) -> None:
    consent, ledger = recorded("self"), Ledger.in_places(places)

    with pytest.raises(ConsentUnknownError) as caught:
        permit(consent, use="portrait-film", now=now(), ledger=ledger)
    assert caught.value.rule == "record.unknown"

    sealed = seal_consent(consent, places=places)
    assert permit(sealed, use="portrait-film", now=now(), ledger=ledger).answer == "yes"
    wider = sealed.model_copy(update={"purposes": ("portrait-film", "live")})
    assert refused(wider, Asked(use="live"), ledger=ledger) == "record.forged"


def test_a_clock_set_back_and_a_cut_ledger_stop_everything(places: Places) -> None:
    consent, ledger = recorded("self"), Ledger.in_places(places)
    asked = Asked(use="portrait-film")
    ledger.note_consent(consent)
    ledger.append("consent.hold", {"record_id": "f" * 32})
    assert refused(consent, asked, ledger=ledger, after=-timedelta(hours=1)) == "clock.set-back"

    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(lines[0])
    assert refused(consent, asked, ledger=ledger) == "ledger.broken"


def test_a_recorded_no_of_the_dead_blocks_everything() -> None:
    consent = recorded("kin", *USES)
    no = consent.deceased.model_copy(update={"wish": "no"})  # type: ignore[union-attr]
    for use in USES:
        rule = refused(consent.model_copy(update={"deceased": no}), Asked(use=use))
        assert rule.startswith("memorial.")


def test_an_unknown_wish_keeps_it_private() -> None:
    consent = recorded("kin", "portrait-film", "family-link")
    unknown = consent.deceased.model_copy(update={"wish": "unknown"})  # type: ignore[union-attr]
    unsure = consent.model_copy(update={"deceased": unknown})

    assert permit(consent, use="family-link", now=now()).answer == "yes"
    assert permit(unsure, use="portrait-film", now=now()).answer == "yes"
    assert refused(unsure, Asked(use="family-link")) == "memorial.wish-unknown"


def test_viewers_must_know_of_the_death() -> None:
    consent = recorded("kin", "portrait-film", "family-link")
    for viewers, use, rule in (
        (None, "family-link", "memorial.viewers-must-know"),
        (False, "family-link", "memorial.hides-a-death"),
        (False, "portrait-film", "memorial.hides-a-death"),
    ):
        deceiving = consent.model_copy(update={"viewers_know": viewers})
        assert refused(deceiving, Asked(use=use)) == rule  # type: ignore[arg-type]


def test_other_kin_are_told_and_may_object() -> None:
    consent = recorded("kin", "portrait-film", "family-link", days_ago=1)
    asked = Asked(use="family-link")
    sister = OtherKin(entity_id=SISTER, relation="sister")
    told = sister.model_copy(update={"told_at": now() - timedelta(days=3)})
    for kin, rule in (
        ((), "kin.not-told"),
        ((sister,), "kin.not-told"),
        ((told,), "kin.window-open"),
        ((told.model_copy(update={"agrees": "no"}),), "kin.disagree"),
    ):
        changed = consent.model_copy(update={"other_kin": kin, "objection_until": None if rule == "kin.not-told" else consent.objection_until})  # fmt: skip
        assert refused(changed, asked) == rule
    assert permit(consent, asked, now=now()).answer == "yes"


def test_minors_are_for_guardians_and_the_family_and_grow_up() -> None:
    consent = recorded("guardians", *USES)
    for use in ("commerce", "live", "training"):
        assert refused(consent, Asked(use=use)) == "minor.never-sells"
    assert refused(consent, Asked(use="family-link")) == "minor.beyond-the-family"
    assert refused(consent.model_copy(update={"kind": "self"}), Asked(use="portrait-film")) == "minor.guardians-only"  # fmt: skip
    grown = consent.minor.model_copy(update={"born_on": (now() - timedelta(days=7000)).date()})  # type: ignore[union-attr]
    assert refused(consent.model_copy(update={"minor": grown}), Asked(use="portrait-film")) == "minor.grown-up"  # fmt: skip

    decision = permit(consent, use="portrait-film", now=now())
    assert any("child" in note for note in decision.notes)


def test_a_presenter_sells_what_where_and_when_the_contract_says() -> None:
    consent = recorded("presenter", "commerce")
    asked = Asked(use="commerce", products=("green  Tea",), territories=("DE",))
    assert permit(consent, asked, now=now()).answer == "yes"

    for shown, rule in (
        (Showing(territories=("DE",)), "presenter.other-product"),
        (Showing(territories=("DE",), products=("Wine",)), "presenter.other-product"),
        (Showing(products=("Green tea",)), "territory.undeclared"),
        (Showing(products=("Green tea",), territories=("DE", "US")), "territory.outside"),
    ):
        assert refused(consent, asked.to_be_shown(shown)) == rule
    later = timedelta(days=200)
    assert refused(consent, asked, after=later) == "presenter.out-of-term"
    assert refused(consent.model_copy(update={"contract": None}), asked) == "presenter.no-contract"
    remembered = Asked(use="commerce", in_memory=True)
    assert refused(consent, remembered) == "memorial.never-sells"
    assert refused(recorded("presenter"), Asked(use="portrait-film", in_memory=True)) == "minor.in-a-presenters-place"  # fmt: skip


def test_languages_and_territories_of_the_record_hold() -> None:
    consent = recorded("self", "portrait-film", "public-showing", languages=("de", "fr-CA"), territories=("US-CA", "DE"))  # fmt: skip
    for language, right in (("de", True), ("de-AT", True), ("fr", True), ("fr-FR", False), ("en-US", False)):  # fmt: skip
        if right:
            assert permit(consent, said("Hello.", language), now=now()).answer == "yes"
        else:
            assert refused(consent, said("Hello.", language)) == "language.outside"
    for places, right in ((("US-CA",), True), (("DE-BY", "DE"), True), (("US",), False), (("CN",), False)):  # fmt: skip
        asked = PUBLIC.to_be_shown(Showing(audience="public", territories=places))
        if right:
            assert permit(consent, asked, now=now()).answer == "yes"
        else:
            assert refused(consent, asked) == "territory.outside"
    assert refused(consent, PUBLIC) == "territory.undeclared"
    wide = consent.model_copy(update={"territories": ("EU",)})
    for country, covered in (("FR", True), ("DE-BY", True), ("CH", False)):
        asked = PUBLIC.to_be_shown(Showing(audience="public", territories=(country,)))
        assert (decide(wide, asked, now=now()).answer == "yes") == covered


def test_a_wider_showing_needs_its_own_purpose() -> None:
    asked = Asked(use="portrait-film", audience="public")

    assert refused(recorded("self"), asked) == "showing.wider-than-agreed"
    assert permit(recorded("self", "portrait-film", "public-showing"), asked, now=now()).notes == ()


def test_photos_are_those_agreed_and_from_life() -> None:
    old, dead, other = "a" * 64, "b" * 64, "c" * 64
    consent = recorded("kin", photos=(old,), post_mortem_photos=(dead,))
    for photo, rule in ((other, "record.photo-not-listed"), (dead, "photo.after-death")):
        assert refused(consent, Asked(use="portrait-film", photos=(old, photo))) == rule
    twice = consent.model_copy(update={"second_yes": True})
    assert permit(twice, Asked(use="portrait-film", photos=(dead,)), now=now()).answer == "yes"


def test_the_likeness_of_another_record_is_refused() -> None:
    asked = Asked(use="portrait-film", taken_under="d" * 32)

    assert refused(recorded("self"), asked) == "record.other-person"


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        ("I am still here.", "en", "words.here"),
        ("Ich vermache dir das Haus.", "de", "words.testament"),
        ("Votez pour lui.", "fr", "words.political"),
        ("投资这个项目。", "zh", "words.money"),
        ("Tell grandmother that I am in hospital.", "en", "words.deception"),
    ],
)
def test_the_dead_say_nothing_that_they_cannot_answer_for(
    text: str, language: str, rule: str
) -> None:
    assert refused(recorded("kin"), said(text, language)) == rule
    assert permit(recorded("self"), said(text, language), now=now()).answer == "yes"
    assert text not in str(decide(recorded("kin"), said(text, language), now=now()))


def test_recordings_are_listened_to() -> None:
    kin = recorded("kin")
    unheard = permit(kin, said("", recorded=True), now=now())

    assert any("listen" in note for note in unheard.notes)
    assert any("read" in note for note in permit(kin, said("Hej då.", "sv"), now=now()).notes)
    assert refused(kin, said("See you tomorrow!", recorded=True)) == "words.recorded-presence"
    assert refused(kin, said("The house goes to Tom.", recorded=True)) == "words.recorded-business"


def test_nobody_sells_in_a_memorial_and_a_presenters_claims_are_checked() -> None:
    kin = Asked(use="portrait-film", words=(Said(text="Order now!", language="en", by="other"),))
    assert refused(recorded("kin"), kin) == "words.memorial-sells"
    cure = Said(text="It is a miracle cure.", language="en")
    asked = Asked(use="commerce", products=("Green tea",), territories=("DE",), words=(cure,))
    assert refused(recorded("presenter", "commerce"), asked) == "presenter.claims"


def test_scenes_of_farewell_never_sell() -> None:
    asked = Asked(use="commerce", products=("Green tea",), territories=("DE",), scenes=("gates",))
    assert refused(recorded("presenter", "commerce"), asked) == "scene.farewell-never-sells"
    assert refused(recorded("guardians"), Asked(use="portrait-film", scenes=("wings",))) == "scene.living-child-leaves"  # fmt: skip


def test_a_person_may_say_yes_and_take_it_back(places: Places) -> None:
    consent, ledger = recorded("kin", "public-showing"), Ledger.in_places(places)
    ledger.note_consent(consent)
    decision = decide(consent, PUBLIC, now=now(), ledger=ledger)
    assert decision.answer == "ask"
    assert decision.question is not None
    assert "--rule memorial.public-needs-a-person" in decision.question.options

    answer(consent, decision.question, yes=True, by=OTHERS[0], places=places)
    assert permit(consent, PUBLIC, now=now(), ledger=ledger).answer == "yes"
    wider = consent.model_copy(update={"purposes": ("public-showing", "family-link")})
    assert refused(wider, PUBLIC, ledger=ledger) == "record.changed"
    a_year = timedelta(days=366)
    fresh = consent.model_copy(update={"expires": None})
    assert decide(fresh, PUBLIC, now=now() + a_year, ledger=ledger).answer != "yes"

    answer(consent, decision.question, yes=False, by=OTHERS[1], places=places)
    assert decide(consent, PUBLIC, now=now(), ledger=ledger).answer == "no"


def test_where_two_must_agree_one_person_is_not_two(places: Places) -> None:
    consent = recorded("kin", public_figure=True)
    ledger, asked = Ledger.in_places(places), Asked(use="portrait-film")
    ledger.note_consent(consent)
    question = decide(consent, asked, now=now(), ledger=ledger).question
    assert question is not None

    for by, right in ((OTHERS[0], False), (OTHERS[0], False), (OTHERS[1], True)):
        answer(consent, question, yes=True, by=by, places=places)
        assert (decide(consent, asked, now=now(), ledger=ledger).answer == "yes") == right


def test_an_answer_holds_for_what_was_asked_alone(places: Places) -> None:
    consent = recorded("kin")
    ledger = Ledger.in_places(places)
    ledger.note_consent(consent)
    first = said("See you tomorrow!", recorded=True)
    question = decide(consent, first, now=now(), ledger=ledger).question
    assert question is not None
    assert question.about

    answer(consent, question, yes=True, by=OTHERS[0], places=places)

    assert permit(consent, first, now=now(), ledger=ledger).rule == "consent"
    other = said("I promise I will be back tomorrow.", recorded=True)
    assert refused(consent, other, ledger=ledger) == "words.recorded-presence"


def test_answers_come_from_people_and_not_from_whoever_asked(places: Places) -> None:
    consent = recorded("kin")
    question = Question(rule="memorial.public-needs-a-person", use="public-showing")
    with pytest.raises(PolicyError):
        answer(consent, question, yes=True, by=REQUESTER, places=places)
    for rule, by in (("memorial.never-sells", OTHERS[0]), ("no.such", OTHERS[0]), (question.rule, "Anna")):  # fmt: skip
        with pytest.raises(InputError):
            answer(consent, Question(rule=rule, use="live"), yes=True, by=by, places=places)
    assert not list(Ledger.in_places(places).entries())


def test_every_rule_says_why_and_where_from_and_is_met() -> None:
    assert len(rules()) >= 45
    assert all(chapter for chapter in chapters().values())
    for rule in rules():
        assert rule.why.endswith((".", "?"))
        assert rule.help.endswith(".")
        assert rule.source


@pytest.mark.parametrize(
    "change",
    [
        ("answer: \"no\"", "answer: no"),
        ("answer: \"no\"", "answer: maybe"),
        ("person: [dead]", "persons: [dead]"),
        ("person: [dead]", "person: [undead]"),
        ("    why:", "    because: x\n    why:"),
        ("memorial.never-sells", "Never sells"),
        ("when: {person: [dead], use: [commerce]}", "when: {}"),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_understood_is_no_rule(change: tuple[str, str]) -> None:
    from importlib import resources

    path = resources.files("vivant.provenance").joinpath("rules", "people.yaml")
    text = path.read_text(encoding="utf-8")
    assert parse(text).rules
    with pytest.raises(ValueError, match=r"validation error|rule"):
        parse(text.replace(*change, 1))


def test_rules_ask_for_facts_that_are_found() -> None:
    from vivant.provenance.policy_facts import find
    from vivant.provenance.policy_ledger import Heard

    for kind in KINDS:
        found = find(recorded(kind), Asked(use="portrait-film"), now=now(), heard=Heard())
        assert set(found.facts) == set(FACTS)
        for fact, words in found.facts.items():
            known = FACTS[fact]
            assert known is None or known.issuperset(words), fact


def test_a_new_statement_does_not_undo_an_objection(places: Places) -> None:
    photo, ledger = "a" * 64, Ledger.in_places(places)
    first = attest("kin", photos=[photo])
    ledger.note_consent(first)
    asked = Asked(use="portrait-film", photos=(photo,))
    assert permit(first, asked, now=now(), ledger=ledger).answer == "yes"

    ledger.append("consent.objection", {"record_id": first.record_id})

    again = attest("kin", note="another", photos=[photo])
    ledger.note_consent(again)
    assert refused(again, asked, ledger=ledger) == "photo.stopped-before"
    ledger.append("consent.release", {"record_id": first.record_id})
    assert permit(again, asked, now=now(), ledger=ledger).answer == "yes"
