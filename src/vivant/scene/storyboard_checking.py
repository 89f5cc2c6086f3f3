"""Whether a storyboard makes sense: who is in which shot, what each needs, how long it all lasts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from vivant.media.files import sha256_of
from vivant.scene.storyboard import (
    LONGEST_FILM_S,
    SHORTEST_FILM_S,
    SILENT,
    PhotoSource,
    Problem,
    ShotPlan,
    Storyboard,
)
from vivant.scene.storyboard_parts import near, shown
from vivant.scene.storyboard_pets import of_pets, points_without_pet
from vivant.scene.storyboard_terms import OURS, ActionTerms, Terms

SPACE_AROUND_S = 1.2
"""What a shot leaves before and after its words: 0.4 s and 0.8 s."""
TURN_S, BREATH_S = 0.42, 0.55
"""Pause before somebody else speaks, and before the same person goes on."""
UNEVEN_S = (0.0, -0.07, 0.08, -0.02, 0.05)
"""No two pauses of a shot are quite as long."""
_SECONDS_A_LETTER = 1 / 14.0
_SECONDS_A_SIGN = 1 / 4.2
"""Of scripts that write whole syllables or words as one sign."""
_FASTEST = 0.6
"""No voice says it in less than this share of the estimate."""


def check(storyboard: Storyboard, *, terms: Terms) -> tuple[Problem, ...]:
    """Find what is wrong in a storyboard that could be read.

    Args:
        storyboard: As it was read.
        terms: What there is.

    Returns:
        Its problems; none when it can be filmed.
    """
    return (
        *_of_names(storyboard),
        *(problem for plan in storyboard.shots for problem in _of_shot(plan, storyboard, terms)),
        *_of_photos(storyboard),
        *_of_titles(storyboard, terms),
        *_of_length(storyboard, terms),
    )


def _of_names(storyboard: Storyboard) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for plan in storyboard.shots:
        if plan.name in {"start", "end"}:
            what = (
                f"a shot cannot be called {plan.name}: titles use that word. Choose another name."
            )
            yield Problem(line=plan.at_line, what=what, shot=plan.name)
        if plan.name in seen:
            what = f"two shots are called {plan.name}, this one and that of line {seen[plan.name]}. Rename one."
            yield Problem(line=plan.at_line, what=what, shot=plan.name)
        seen.setdefault(plan.name, plan.at_line)
    for name, member in storyboard.cast.items():
        if what := points_without_pet(name, member):
            yield Problem(line=member.at_line, what=what)


def _of_shot(plan: ShotPlan, storyboard: Storyboard, terms: Terms) -> Iterator[Problem]:
    def problem(what: str) -> Problem:
        return Problem(line=plan.at_line, what=f"shot {plan.name} {what}", shot=plan.name)

    for name in dict.fromkeys(plan.who):
        if name not in storyboard.cast:
            yield problem(_unknown(name, storyboard))
    if len(set(plan.who)) < len(plan.who):
        yield problem("names the same person twice. Name everybody once.")
    yield from _of_lines(plan, storyboard)
    acted = terms.actions.get(plan.action)
    if acted is None:
        return
    for what in (
        *_of_people(plan, storyboard, acted),
        *of_pets(plan, storyboard, acted),
        *_of_action(plan, acted),
    ):
        yield problem(what)


def _unknown(name: str, storyboard: Storyboard) -> str:
    cast = storyboard.cast
    listed = ", ".join(cast) or "nobody"
    return f"names {shown(name)}, who is not in the cast; there is {listed}.{near(name, cast)}"


def _of_lines(plan: ShotPlan, storyboard: Storyboard) -> Iterator[Problem]:
    """See that everything that is said has somebody who can say it."""
    told = set(plan.who)
    for line in plan.lines:

        def problem(what: str, at_line: int = line.at_line) -> Problem:
            return Problem(line=at_line or plan.at_line, what=f"shot {plan.name} {what}", shot=plan.name)  # fmt: skip

        if line.by is None:
            if len(plan.lines) == 1:
                yield problem(
                    "has words and nobody to say them. Write who: or speaker: and a name of the cast."
                )
            continue
        speaker = storyboard.cast.get(line.by)
        if speaker is None and line.by not in told:
            yield problem(_unknown(line.by, storyboard))
        if speaker is not None and speaker.pet:
            yield problem(
                f"has words for {line.by}, which is an animal. Let somebody else say them, or take them out."
            )
        elif speaker is not None and line.audio is None and speaker.voice == SILENT and line.say:
            yield problem(
                f"has words for {line.by}, whose voice is none. Give a voice in the cast, or a recording: audio: FILE."
            )


def _of_people(plan: ShotPlan, storyboard: Storyboard, acted: ActionTerms) -> Iterator[str]:
    fewest, most = acted.people
    if not fewest <= len(plan.who) <= most:
        needed = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        people = "1 person" if needed == "1" else f"{needed} people"
        yield f"shows {len(plan.who)}, and {plan.action} is for {people}. Write who: and the names from the cast."
    for name in plan.who:
        member = storyboard.cast.get(name)
        if member is None:
            continue
        if len(member.photos) < acted.photos:
            have = "no photo" if not member.photos else f"{len(member.photos)} photo"
            why = f" {acted.photos_why}" if acted.photos_why else ""
            yield f"needs {acted.photos} of {name}, who has {have}. Add photos: to {name} in the cast.{why}"
        photo = int(plan.number("photo", 1))
        if photo > max(1, len(member.photos)):
            yield f"shows photo {photo} of {name}, who has {len(member.photos)}. Add it in the cast, or choose another."


def _of_action(plan: ShotPlan, acted: ActionTerms) -> Iterator[str]:
    if plan.choice("engine", OURS) != OURS:
        yield from _of_engine(plan, acted)
    if acted.sets and plan.set not in acted.sets:
        yield f"is set in {plan.set}, and {plan.action} happens only in {', '.join(acted.sets)}. Choose that set, or another action."
    if plan.length_s is None:
        return
    if plan.length_s < acted.shortest_s:
        yield f"lasts {plan.length_s:g} s, and {plan.action} needs {acted.shortest_s:g} s. Give it more, or leave the length out."
    spoken = replace(plan, lines=tuple(line for line in plan.lines if line.audio is None))
    pauses_s = sum(pauses_of(plan)[1:])
    words_s = sum(estimate_s(line.say) for line in spoken.lines)
    if spoken.lines and words_s * _FASTEST + pauses_s + SPACE_AROUND_S / 2 > plan.length_s:
        yield (
            f"lasts {plan.length_s:g} s, and its words take about {words_s + pauses_s:.0f} s. "
            f"Leave the length out (then the shot lasts as long as its words), or shorten {'a' if len(plan.lines) > 1 else 'the'} line."
        )


def _of_engine(plan: ShotPlan, acted: ActionTerms) -> Iterator[str]:
    """Tell what another engine lacks: it invents, so it must be told what, and it knows nothing of words."""
    engine = plan.choice("engine", OURS)
    if not plan.choice("prompt", ""):
        yield f"is to be moved by {engine}, which must be told what happens. Write prompt: and one or two sentences in its options."
    if plan.speaks and acted.speaks:
        yield (
            f"is to be moved by {engine}, which cannot move lips in time with words. Leave engine: out; or let the words be "
            "heard over an action in which nobody speaks."
        )


def _of_photos(storyboard: Storyboard) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    sizes = Counter(_size(photo) for member in storyboard.cast.values() for photo in member.photos)
    for name, member in storyboard.cast.items():
        for photo in member.photos:
            twins = sizes[_size(photo)] > 1 and _size(photo) > 0
            key = sha256_of(photo.path) if twins and photo.path else str(photo.path or photo.asked)
            key += f" face {member.face}" if member.face is not None else ""
            if key in seen:
                of = "" if seen[key] == name else f" to {seen[key]} and"
                what = (
                    f"one photo is given twice:{of} to {name}. Give each photo once, to the person who is in it; of a photo "
                    "that shows both, say who is who: face: N, counted from the left, at each."
                )
                yield Problem(line=photo.at_line, what=what)
            seen.setdefault(key, name)


def _size(photo: PhotoSource) -> int:
    """Tell a photo's size in bytes; 0 where there is no file."""
    return photo.path.stat().st_size if photo.path is not None and photo.path.is_file() else 0


def _of_titles(storyboard: Storyboard, terms: Terms) -> Iterator[Problem]:
    shots = {plan.name for plan in storyboard.shots}
    for title in storyboard.titles:
        if title.over not in {"start", "end", *shots}:
            known = ("start", "end", *(plan.name for plan in storyboard.shots))
            what = f"a title stands over {shown(title.over)}; it can stand over {', '.join(known)}.{near(title.over, known)}"
            yield Problem(line=title.at_line, what=what)
    written = [(title.text, title.at_line, "a title") for title in storyboard.titles]
    card = storyboard.opening_card
    for text, line, what in (*written, (card.words, card.at_line, "the opening card")):
        missing = terms.undrawable(text)
        if missing:
            name = unicodedata.name(missing[0], "unknown").split()[0].lower()
            yield Problem(
                line=line,
                what=f"{what} has {len(missing)} letters that no font here can draw (the first, {missing[0]!r}, is {name}). "
                "Install a font of that script, or write the title in other letters.",
            )


def _of_length(storyboard: Storyboard, terms: Terms) -> Iterator[Problem]:
    if not storyboard.shots:
        return
    whole_s = sum(expected_s(plan, terms=terms) for plan in storyboard.shots)
    whole_s += storyboard.opening_card.seconds
    whole_s += sum(title.seconds for title in storyboard.titles if title.over in {"start", "end"})
    if not SHORTEST_FILM_S <= whole_s <= LONGEST_FILM_S:
        yield Problem(
            line=0,
            what=f"the film would last about {whole_s:.0f} s with its cards; it may last {SHORTEST_FILM_S:g} to {LONGEST_FILM_S:g} s. "
            "Shorten shots, or make two films.",
        )


def expected_s(plan: ShotPlan, *, terms: Terms) -> float:
    """Tell how long a shot lasts, or about how long where its words decide."""
    if plan.length_s is not None:
        return plan.length_s
    acted = terms.actions.get(plan.action, ActionTerms())
    words_s = sum(estimate_s(line.say) for line in plan.lines)
    return max(
        acted.usual_s if not plan.speaks else acted.shortest_s,
        sum(pauses_of(plan)) + words_s + SPACE_AROUND_S,
    )


def pauses_of(plan: ShotPlan) -> tuple[float, ...]:
    """Tell the pause before each line of a shot, in seconds; 0 before the first where nothing is written.

    Source:
        Stivers and others 2009, "Universals and cultural variation in turn-taking in conversation": people answer
        after 0.2 s in the mean, half a second already weighs. What is said in these films may weigh.
    """
    before: str | None = None
    pauses = []
    for place, line in enumerate(plan.lines):
        usual = TURN_S if line.by != before else BREATH_S
        usual = usual + UNEVEN_S[place % len(UNEVEN_S)] if place else 0.0
        pauses.append(usual if line.after_s is None else line.after_s)
        before = line.by
    return tuple(pauses)


def estimate_s(line: str) -> float:
    """Guess how long a line takes to say, before any voice has said it; nothing takes none."""
    spoken = [sign for sign in line if sign.isalnum() or sign.isspace()]
    wide = sum(unicodedata.east_asian_width(sign) == "W" for sign in spoken)
    return wide * _SECONDS_A_SIGN + (len(spoken) - wide) * _SECONDS_A_LETTER
