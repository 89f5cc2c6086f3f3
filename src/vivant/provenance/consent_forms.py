"""Forms: what people fill in, in their own words and with dates; turned into full records.

A form is a YAML file that explains itself (``form_for``). Files of evidence are named in it by path,
relative to the form; only their hashes go into the record. A day "until" is the last one that counts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from vivant.errors import InputError
from vivant.provenance.consent_parts import (
    Kind,
    LanguageTag,
    Part,
    Short,
    Territory,
    Use,
    Wish,
    Words,
)
from vivant.provenance.notices import form_text

LARGEST_BYTES = 256 * 1024
_Path = Annotated[str, Field(min_length=1, max_length=4096)]


_PLACEHOLDERS = frozenset(
    {"FULL NAME", "YOUR NAME OR COMPANY", "YOUR E-MAIL OR TELEPHONE", "PRODUCT", "STREET, TOWN"}
)


class FormError(InputError):
    """A form cannot be read, or lacks something."""

    code = "consent.form"


class _Asker(Part):
    name: Short
    contact: Short
    address: Words | None = None


class _Died(Part):
    on: date
    proof: _Path | None = None
    wish: Wish = "unknown"
    wish_proof: _Path | None = None


class Asking(Part):
    """Somebody who asks or answers for the person."""

    name: Short
    relation: Short
    proof: _Path | None = None


class Relative(Part):
    """Another close relative."""

    name: Short
    relation: Short
    told_on: date | None = None
    agrees: Wish = "unknown"


class _Child(Part):
    born_on: date
    guardians: Annotated[tuple[Asking, ...], Field(min_length=1)]
    sole: bool = False
    wants_it: Wish = "unknown"


class _Terms(Part):
    products: tuple[Short, ...]
    countries: tuple[Territory, ...]
    begins: date
    until: date
    pay: Words
    ends_by: Words


class ConsentForm(Part):
    """A filled-in form; what each field means stands in the form itself."""

    kind: Kind
    person: Short | None = None
    uses: Annotated[tuple[Use, ...], Field(min_length=1)]
    until: date
    languages: Literal["any"] | tuple[LanguageTag, ...] = "any"
    countries: Literal["any"] | tuple[Territory, ...] = "any"
    language: LanguageTag
    law_of: Territory
    asked_by: _Asker
    how: Short
    data: Annotated[
        tuple[
            Literal["photo", "video", "voice-recording", "name", "face-measure", "voice-measure"],
            ...,
        ],
        Field(min_length=1),
    ]
    done_with_it: Words | None = None
    kept_where: Annotated[tuple[Words, ...], Field(min_length=1)]
    kept_how_long: Words
    given_to: tuple[_Asker, ...] = ()
    taken_back_by: Words
    complaints_to: _Asker | None = None
    notice: _Path | None = None
    photos: tuple[_Path, ...] = ()
    public_figure: bool | None = None
    note: Words | None = None
    evidence: Mapping[Short, _Path] = Field(default_factory=dict)
    of_age: bool | None = None
    died: _Died | None = None
    requester: Asking | None = None
    other_kin: tuple[Relative, ...] = ()
    no_other_kin: bool = False
    objections_until: date | None = None
    viewers_know: bool | None = None
    photos_after_death: tuple[_Path, ...] = ()
    second_yes: bool = False
    child: _Child | None = None
    contract: _Terms | None = None


def form_for(kind: Kind) -> str:
    """Give the form for a kind, to be filled in."""
    return form_text("head.yaml").replace("KIND", kind) + form_text(f"{kind}.yaml")


def read_form(path: Path) -> ConsentForm:
    """Read a filled-in form.

    Raises:
        FormError: It is missing, too large, no YAML, or lacks something; the message names the fields.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        message = f"The form cannot be read ({error.strerror}). Write one with: vivant consent new --kind self --form FORM.yaml"
        raise FormError(message) from None
    if len(data) > LARGEST_BYTES:
        message = f"The form is larger than {LARGEST_BYTES} bytes, and a form is smaller."
        raise FormError(message)
    return form_of(_parsed(data))


def form_of(facts: object) -> ConsentForm:
    """Check the answers of a form.

    Raises:
        FormError: Something is missing or cannot be; the message names the fields, and repeats no answer.
    """
    try:
        form = ConsentForm.model_validate(facts)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        told = "; ".join(
            f"{'.'.join(str(step) for step in fault['loc']) or 'form'}: {fault['msg']}"
            for fault in faults[:6]
        )
        message = f"The form has {len(faults)} faults: {told}. Mend these fields; the form's comments say what they mean."
        raise FormError(message) from None
    left = sorted(_left_empty(form.model_dump(exclude_none=True), ""))
    if left:
        message = (
            f"The form still says what the empty one said in {', '.join(left)}. Fill these in."
        )
        raise FormError(message)
    return form


def _left_empty(said: object, where: str) -> Iterator[str]:
    """Find the fields that still hold the words of the empty form."""
    if isinstance(said, Mapping):
        for key, value in said.items():
            yield from _left_empty(value, f"{where}.{key}" if where else str(key))
    elif isinstance(said, tuple | list):
        for number, value in enumerate(said, 1):
            yield from _left_empty(value, f"{where}.{number}")
    elif said in _PLACEHOLDERS:
        yield where


class _Plain(yaml.SafeLoader):
    """YAML as people read it: ``NO`` is Norway, nothing is said twice, and nothing refers to anything."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401
        if self.check_event(yaml.AliasEvent):
            message = "The form refers to another part of itself (*...). Write it out."
            raise FormError(message)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _value in node.value]
        if len(set(map(str, keys))) != len(keys):
            message = f"Line {node.start_mark.line + 1} of the form begins a part that says something twice."
            raise FormError(message)
        return super().construct_mapping(node, deep=deep)


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _parsed(data: bytes) -> object:
    try:
        return yaml.load(data, Loader=_Plain)  # noqa: S506 -- a SafeLoader, and stricter
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"The form is no YAML from line {line} on ({error.problem}). Compare it with a fresh form."
        raise FormError(message) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        message = "The form is no YAML text in UTF-8. Compare it with a fresh form."
        raise FormError(message) from None
