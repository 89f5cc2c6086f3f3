"""``vivant voices``: which voices are here, which can be added and how."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from vivant.cli.options import Json
from vivant.cli.screen import result, results_as_json
from vivant.engines import DeclaredEngine, declared
from vivant.errors import InputError, VivantError
from vivant.places import Places
from vivant.settings import settings_from

_MOST_TAGS = 8
"""Languages that a line of the list names; the rest are counted."""
_LIKENESS = {
    "own": "its own",
    "matched": "can resemble a person",
    "cloned": "can clone a person",
}

Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="TAG",
        help="Only those that speak it: fr, pt-BR.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVoice:
    """A voice as the list shows it."""

    name: str
    """What ``--voice`` takes."""
    engine: str
    package: str
    """The package that brings it; empty for a learned person."""
    sounds: str = ""
    languages: tuple[str, ...] = ()
    licence: str = ""
    likeness: str = "own"
    """``"own"``, ``"matched"`` or ``"cloned"``: how near its engine comes to a person."""
    clones_from_s: float | None = None
    """Seconds of a recording that its engine needs to speak like a person."""
    gives_timings: bool = False
    watermarks: bool = False
    ready: bool = False
    how: str = ""
    """What to do when it is not ready."""


def voices(language: Language = None, as_json: Json = False) -> None:
    """List the voices: what is here, what can be added and how, with languages and licences.

    A name goes behind `--voice`. A learned person is listed by name; `NAME@ENGINE` chooses who speaks for them.

    Example: vivant voices --language fr
    """
    places = settings_from().places
    found = [voice for voice in list_voices(places=places) if _speaks(voice, language)]
    if language is not None and not found:
        known = sorted({tag for one in list_voices(places=places) for tag in one.languages})
        message = (
            f"No voice speaks {language!r}. The voices that are here or can be added speak "
            f"{_named(known, most=len(known))}. A recording (--audio) may be in any language."
        )
        raise InputError(message)
    if as_json:
        results_as_json({"voices": found, "phones": _phones_of_languages(places)})
        return
    for title, group in (
        ("Here", [one for one in found if one.ready]),
        ("Can be added", [one for one in found if not one.ready]),
    ):
        if group:
            result(title)
        for row in _rows(group):
            result(row)
    espeak = _phones_of_languages(places)
    result("Sounds of languages, for lips in time with recordings")
    result(f"    {'espeak-ng':<22} {espeak['sounds']} · {espeak['licence']}")
    if espeak["how"]:
        result(f"    {'':<22} {espeak['how']}")


def list_voices(
    *, places: Places, engines: Iterable[DeclaredEngine] | None = None
) -> tuple[ListedVoice, ...]:
    """List the voices of all engines and the learned persons, without loading a network.

    Args:
        places: Where models and profiles are kept.
        engines: Those to ask; all that are installed when None.

    Returns:
        Learned persons first, then voices by engine, those that are ready before the others.
    """
    listed = []
    for engine in declared("voice") if engines is None else engines:
        listed += _offered(engine, places)
    listed += _learned(places, listed)
    return tuple(sorted(listed, key=lambda one: (bool(one.package), not one.ready)))


def _offered(engine: DeclaredEngine, places: Places) -> list[ListedVoice]:
    """Ask the class of an engine what it offers; one that cannot be imported is told as such."""
    blank = ListedVoice(
        name=engine.name,
        engine=engine.name,
        package=f"{engine.package} {engine.package_version}",
    )
    try:
        factory = engine.entry.load()
        traits, offers = factory.traits, factory.offers(places=places)
        told = replace(
            blank,
            likeness=traits.likeness,
            clones_from_s=traits.clones_from_s,
            gives_timings=traits.gives_timings,
            watermarks=traits.watermarks,
        )
        return [
            replace(
                told,
                name=f"{engine.name}:{offer.name}" if offer.name else engine.name,
                sounds=offer.sounds,
                languages=tuple(sorted(offer.languages)),
                licence=offer.licence,
                ready=offer.ready,
                how=offer.how,
            )
            for offer in offers
        ]
    except VivantError as error:
        return [replace(blank, how=str(error))]
    except Exception as error:  # noqa: BLE001 - another package's code; the list goes on without it
        why = f"Cannot be loaded ({type(error).__name__}). Mend or remove the package {engine.package}."
        return [replace(blank, how=why)]


def _learned(places: Places, speakers: Iterable[ListedVoice]) -> list[ListedVoice]:
    """List the learned persons, each with the engine that is most like them."""
    folder = places.data / "voices"
    if not folder.is_dir() or not any(path.is_file() for path in folder.iterdir()):
        return []
    from vivant.voice.profiles import list_profiles, load_profile

    languages: dict[str, set[str]] = {}
    for one in speakers:
        languages.setdefault(one.engine, set()).update(one.languages)
    listed = []
    for name in list_profiles(places=places):
        blank = ListedVoice(
            name=name,
            engine="",
            package="",
            sounds="a learned person",
            licence="by consent",
            likeness="matched",
        )
        try:
            profile = load_profile(name, places=places)
        except VivantError as error:
            listed.append(replace(blank, how=str(error)))
            continue
        engines = sorted(
            profile.resemblances, key=lambda one: profile.resemblances[one].share, reverse=True
        )
        spoken = {tag for engine in engines for tag in languages.get(engine, ())}
        listed.append(
            replace(
                blank,
                engine=engines[0] if engines else "",
                sounds="; ".join(f"{engine}: {profile.promise(engine)}" for engine in engines),
                languages=tuple(sorted(spoken)),
                ready=bool(engines),
                how="" if engines else "No engine learned it; learn it again.",
            )
        )
    return listed


def _speaks(voice: ListedVoice, language: str | None) -> bool:
    if language is None:
        return True
    wanted = language.lower()
    return any(
        tag.lower() == wanted or tag.lower().startswith(wanted + "-") for tag in voice.languages
    )


def _rows(group: Sequence[ListedVoice]) -> Iterator[str]:
    """Write voices under their engines; what an engine's voices share is said once."""
    for _, same in itertools.groupby(group, key=lambda one: (one.package, one.engine, one.ready)):
        ours = [*same]
        first = ours[0]
        licences = {one.licence for one in ours}
        if first.package:
            shared = licences.pop() if len(licences) == 1 else ""
            near = "" if first.likeness == "own" else _LIKENESS[first.likeness]
            from_s = f" from {first.clones_from_s:g} s" if near and first.clones_from_s else ""
            marks = "marks its sound" if first.watermarks else ""
            yield "  " + _joined(first.engine, shared, near + from_s, marks)
        told = ""
        for one in ours:
            own = one.licence if licences else ""
            facts = _joined(one.sounds, _named(one.languages, most=_MOST_TAGS), own)
            yield f"    {one.name:<22} {facts}"
            if one.how and one.how != told:
                told = one.how
                yield f"    {'':<22} {one.how}"


def _joined(*facts: str) -> str:
    return " · ".join(fact for fact in facts if fact)


def _named(tags: Iterable[str], *, most: int) -> str:
    """Name languages, and count what goes beyond ``most``; regions of one are named together."""
    known = [*tags]
    regions: dict[str, list[str]] = {}
    for tag in known:
        regions.setdefault(tag.partition("-")[0], []).append(tag)
    names = [found[0] if len(found) == 1 else base for base, found in regions.items()]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _phones_of_languages(places: Places) -> Mapping[str, object]:
    from vivant.voice.engines import espeak

    here = espeak.is_here(places=places)
    return {
        "name": "espeak-ng",
        "sounds": "how words sound in some 100 languages",
        "licence": espeak.LICENCE,
        "ready": here,
        "how": "" if here else espeak.how_to_add(places),
    }
