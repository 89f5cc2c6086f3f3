from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.media.files import sha256_of
from vivant.provenance.consent import KINDS, Kind
from vivant.provenance.consent_filling import record_from
from vivant.provenance.consent_forms import FormError, form_for, form_of, read_form
from vivant.provenance.notices import LANGUAGES, notice_shown, notice_text

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILES = ("SCAN", "DEATH-CERTIFICATE", "BIRTH-CERTIFICATE", "CONTRACT", "CATALOGUE")


def filled_in(kind: Kind) -> str:
    """The form as somebody fills it in."""
    form = form_for(kind)
    for empty, said in (
        ("of_age: no", "of_age: yes"),
        ("objections_until: 2026-03-31", "objections_until: 2026-12-31"),
        ("FULL NAME", "Ada Example"),
        ("YOUR NAME OR COMPANY", "A Studio"),
        ("YOUR E-MAIL OR TELEPHONE", "a@b.example"),
        ("[PRODUCT]", "[apples]"),
    ):
        form = form.replace(empty, said)
    return form


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / f"{name}.pdf").write_text(name)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_of_each_kind_makes_a_full_record(desk: Path, kind: Kind) -> None:
    (desk / "form.yaml").write_text(filled_in(kind))

    consent = record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)

    assert consent.schema_version == "consent/2"
    assert consent.person == "Ada Example"
    assert consent.expires is not None
    assert consent.expires.hour == 0, "the last day counts whole"
    assert consent.privacy_notice == notice_shown("en")


def test_the_proofs_of_the_kin_are_kept_by_hash(desk: Path) -> None:
    (desk / "form.yaml").write_text(filled_in("kin"))

    consent = record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)

    assert consent.deceased is not None
    assert consent.deceased.proof is not None
    assert consent.deceased.proof.sha256 == sha256_of(desk / "DEATH-CERTIFICATE.pdf")
    assert consent.requester is not None
    assert consent.requester.relation == "daughter"
    assert "DEATH" not in consent.model_dump_json(), "no path stays in a record"


def test_evidence_given_beside_the_form_counts(desk: Path) -> None:
    form = filled_in("kin").replace("  proof: DEATH-CERTIFICATE.pdf\n", "")
    (desk / "form.yaml").write_text(form)
    other = desk / "other.bin"
    other.write_bytes(b"x")

    with pytest.raises(FormError, match="death needs a proof"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)
    consent = record_from(
        read_form(desk / "form.yaml"),
        folder=desk,
        evidence={"death": other, "letter": other},
        now=NOON,
    )

    assert consent.deceased is not None
    assert consent.deceased.proof is not None
    assert [one.what for one in consent.evidence] == ["signed-form", "letter"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_nobody_filled_in_is_refused(desk: Path, kind: Kind) -> None:
    (desk / "form.yaml").write_text(form_for(kind))

    with pytest.raises(FormError, match=r"still says.*asked_by\.name"):
        read_form(desk / "form.yaml")


def test_norway_is_a_country(desk: Path) -> None:
    (desk / "form.yaml").write_text(filled_in("self").replace("countries: any", "countries: [NO]"))

    assert read_form(desk / "form.yaml").countries == ("NO",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: [", "no YAML from line"),
        ("\x00", "no YAML"),
        ("[" * 10_000, "no YAML"),
        ("- a", "faults: form"),
        ("", "faults: form"),
        ("kind: cousin", "kind: Input should be"),
        ("kind: self\nkind: kin", "says something twice"),
        ("a: &a [x]\nb: *a", "refers to another part"),
        ("a: !!python/object/apply:os.system [ls]", "no YAML"),
        ("? [a, b]\n: c", "no YAML"),
        ("x" * 300_000, "larger than"),
        ("until: 2027-02-31", "no YAML"),
    ],
)
def test_a_bad_form_is_answered_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "form.yaml").write_text(text)

    with pytest.raises(FormError, match=said):
        read_form(tmp_path / "form.yaml")


def test_a_form_or_evidence_that_is_not_there_is_refused(tmp_path: Path, desk: Path) -> None:
    with pytest.raises(FormError, match="--form"):
        read_form(tmp_path / "none.yaml")
    (desk / "form.yaml").write_text(filled_in("self").replace("SCAN", "NONE"))
    with pytest.raises(InputError, match="is not there"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)


@pytest.mark.parametrize("use", ["commerce", "live"])
@pytest.mark.parametrize("kind", ["kin", "public-domain"])
def test_nobody_agrees_for_the_dead_to_what_they_are_never_used_for(
    desk: Path, kind: Kind, use: str
) -> None:
    text = filled_in(kind).replace("uses: [portrait-film", f"uses: [portrait-film, {use}")
    (desk / "form.yaml").write_text(text)

    with pytest.raises(FormError, match="never sells"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)


def test_what_shows_nothing_is_no_evidence(desk: Path) -> None:
    (desk / "form.yaml").write_text(filled_in("kin"))
    (desk / "DEATH-CERTIFICATE.pdf").write_bytes(b"")
    with pytest.raises(InputError, match="holds nothing"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)

    (desk / "DEATH-CERTIFICATE.pdf").unlink()
    (desk / "DEATH-CERTIFICATE.pdf").mkdir()
    with pytest.raises(InputError, match="is no file"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes have names here")
def test_a_pipe_named_as_evidence_holds_nobody_up(desk: Path) -> None:
    (desk / "form.yaml").write_text(filled_in("kin").replace("SCAN.pdf", "pipe"))
    os.mkfifo(desk / "pipe")

    with pytest.raises(InputError, match="is no file"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)


def test_no_message_about_a_form_repeats_an_answer(desk: Path) -> None:
    form = filled_in("self").replace("until: 2027-12-31", "until: Ada Example")
    (desk / "form.yaml").write_text(form)

    with pytest.raises(FormError) as refused:
        read_form(desk / "form.yaml")

    assert "until" in str(refused.value)
    assert "Ada" not in str(refused.value)


@given(st.binary(max_size=200))
def test_whatever_a_form_holds_there_is_an_answer(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_bytes(data)

    with pytest.raises(FormError):
        read_form(path)


def test_another_language_needs_its_own_notice(desk: Path) -> None:
    (desk / "notice.txt").write_text("...")
    form = filled_in("self").replace("language: en", "language: ja")
    (desk / "form.yaml").write_text(form)
    with pytest.raises(FormError, match="not in ja"):
        record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)

    (desk / "form.yaml").write_text(form + "\nnotice: notice.txt\n")
    consent = record_from(read_form(desk / "form.yaml"), folder=desk, now=NOON)

    assert consent.privacy_notice is not None
    assert consent.privacy_notice.sha256 == sha256_of(desk / "notice.txt")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_says_nine_things_in_every_language(language: str) -> None:
    text = notice_text(language)

    assert [line[0] for line in text.splitlines() if line[:1].isdigit()] == list("123456789")


def test_answers_need_no_file() -> None:
    with pytest.raises(FormError, match="uses"):
        form_of({"kind": "self"})
