"""Where a sentence ends, and where a long one may be breathed in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal

LONGEST_LINE = 260
"""Letters said in one breath; some eighteen seconds. A Chinese, Japanese or Korean sign counts as three."""
HALF_STOPS = (",", ";", ":", "—", "–", "،", "、", "，", "；", "：", "؛")
"""Marks behind which a voice goes on."""

_ENDLESS_STOPS = ("。", "！", "？", "｡", "؟", "۔", "।", "॥", "։", "።")
"""These end a sentence and nothing else."""
_FULL_STOPS = (".", "!", "?", "…", *_ENDLESS_STOPS)
_OPENERS = "\"'“‘‚„«‹(¿¡「『（《〈"
_CLOSERS = "\"'”’“»›)]」』）》〉"
_STOP_WITHOUT_SPACE = re.compile(
    r"([。！？｡]+[」』”’）》〉]*|[।॥۔؟]+)(?=[^\s。！？｡」』”’）》〉।॥۔؟])"
)
_ASIAN_HALF_STOP = re.compile(r"(?<=[，、；：])(?=\S)")

_BEFORE_A_NAME_WORDS = "Mr Mrs Ms Mx Dr Prof St Mt Ft Rev Fr Sr Gen Col Maj Capt Cmdr Adm Lt Sgt Cpl Pvt Gov Sen Rep Pres Hon Messrs"
_BEFORE_A_NUMBER_WORDS = "No Nos no nos Vol vol Ch ch p pp Fig fig Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec art sec ca approx Apt apt"
_BEFORE_A_NUMBER = frozenset(_BEFORE_A_NUMBER_WORDS.split())
_WITHIN = {
    "en": f"{_BEFORE_A_NAME_WORDS} e.g i.e vs cf viz al Jr",
    "de": "Dr Prof Hr Fr St Nr Str bzw ca evtl geb gest vgl Hl Bd S Abs Mio Mrd Tel inkl Jh sog",
    "fr": "M MM Mme Mlle Dr Me St Ste av apr env p art chap vol no tél cf",
    "es": "Sr Sra Srta Dr Dra D Dña Ud Uds Prof núm pág tel av Av cf aprox",
    "it": "Sig Sigg Dott Prof Ing Avv Geom S n pag tel art ca cfr",
    "pt": "Sr Sra Srta Dr Dra Prof Exmo D n pág tel av Av cf aprox",
    "nl": "dhr mevr dr prof mr ir ds bijv blz nr ca resp tel St",
    "pl": "dr prof mgr inż ks św ul al np nr tel tzn ok str im p pl os",
    "cs": "Dr dr Ing Mgr prof doc ul č str tel např tzn sv tř mj",
    "sv": "dr prof nr tel s bl ca resp",
    "da": "dr prof hr fr nr tlf s ca bl",
    "tr": "Dr Prof Doç Av Sn No Cad Sok Mah vb",
    "ru": "г гг ул пл пр д кв им св тов проф акад см стр рис тыс млн млрд руб коп напр др т",
    "uk": "м вул пл просп буд кв ім св проф акад див стор рис тис млн млрд грн коп напр р",
}
"""Abbreviations behind which the sentence goes on, by language."""
_WITHIN_OF = {language: frozenset(words.split()) for language, words in _WITHIN.items()}
_COUNTS_WITH_POINTS_WORDS = "de da nb nn no fi et cs sk sl hr sr bs hu pl tr lv is fo eu"
_COUNTS_WITH_POINTS = frozenset(_COUNTS_WITH_POINTS_WORDS.split())
"""Languages that write "3. Mai" where English writes "3rd May"."""
_STARTERS_WORDS = (
    "A An And But For He Her Here His How I If In It Its Let Let's My No Now On Our Please She So That The Their Then There "
    "These They This Those We What When Where Who Why Yes You Your"
)
_STARTERS = frozenset(_STARTERS_WORDS.split())
"""Words that, behind an initial or letters with points, begin a new sentence."""
_INITIALS = re.compile(r"[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]")


def cut_sentences(row: str, *, language: str = "en") -> list[str]:
    """Cut a line of text into sentences.

    A point after a title, an initial, a month before its day or an abbreviation ends nothing.

    Args:
        row: One line, white space already single.
        language: BCP 47 tag of its language.

    Returns:
        Sentences that hold at least one letter or digit; nothing readable is lost.
    """
    words = open_up(row).split()
    ends = word_ends(words, language=language)
    cuts = [0, *(i + 1 for i, end in enumerate(ends) if end == "sentence"), len(words)]
    sentences = (" ".join(words[a:b]) for a, b in pairwise(cuts))
    return [sentence for sentence in sentences if any(c.isalnum() for c in sentence)]


def word_ends(
    words: Sequence[str], *, language: str = "en"
) -> list[Literal["", "phrase", "sentence"]]:
    """Tell what ends with each word of a text.

    Args:
        words: The text cut at white space.
        language: BCP 47 tag of its language.

    Returns:
        For each word whether a sentence or a phrase ends with it.
    """
    language = language.split("-", maxsplit=1)[0].lower()
    ends: list[Literal["", "phrase", "sentence"]] = []
    for word, following in zip(words, [*words[1:], ""], strict=False):
        tail = word.rstrip(_CLOSERS)
        if tail.endswith(_FULL_STOPS) and _ends_sentence(tail, following, language=language):
            ends.append("sentence")
        else:
            ends.append("phrase" if tail.endswith(HALF_STOPS) else "")
    return ends


def _ends_sentence(tail: str, following: str, *, language: str) -> bool:
    """Tell whether a word with a full stop ends its sentence, before the word that follows it."""
    following = following.strip(_OPENERS)
    if tail.endswith(_ENDLESS_STOPS) or not following:
        return True
    if following[:1].islower():
        return False
    stem = tail.rstrip(".!?…")
    stops = tail[len(stem) :]
    if not stops.startswith(".") or stops.startswith(".."):
        return True
    return not _is_abbreviation(stem.lstrip(_OPENERS), following, language=language)


def _is_abbreviation(stem: str, following: str, *, language: str) -> bool:
    """Tell whether the point behind a word belongs to it and does not end the sentence."""
    if stem in _WITHIN_OF.get(language, ()):
        return True
    if language == "en" and stem in _BEFORE_A_NUMBER:
        return following[:1].isdigit()
    if language in _COUNTS_WITH_POINTS and stem.isdigit():
        return len(stem) <= 2
    spaced = re.fullmatch(r"[^\W\d_]\.\W*", following) is not None  # "z. B."
    initials = _INITIALS.fullmatch(stem) is not None and (len(stem) > 1 or stem.isupper() or spaced)
    return initials and not (language == "en" and following.rstrip(",;:") in _STARTERS)


def open_up(row: str) -> str:
    """Put spaces where a script without spaces has none: behind its full stops, and into endless words.

    Args:
        row: One line.

    Returns:
        The same letters in order; no word of it is longer than ``LONGEST_LINE``.
    """
    row = row if row.isascii() else _STOP_WITHOUT_SPACE.sub(r"\1 ", row)
    if len(row) * 3 <= LONGEST_LINE:
        return row
    return re.sub(r"\S{80,}", lambda m: " ".join(_bearable(m[0])), row)


def _bearable(word: str) -> list[str]:
    """Cut a word that is too long for one breath, at Asian commas where there are some."""
    if breadth(word) <= LONGEST_LINE:
        return [word]
    pieces: list[str] = []
    for clause in _ASIAN_HALF_STOP.split(word):
        room = LONGEST_LINE // max(3 if _is_wide(c) else 1 for c in clause)
        pieces += [clause[i : i + room] for i in range(0, len(clause), room)]
    return pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in {"W", "F"}


def breadth(text: str) -> int:
    """Count letters, an East Asian sign as three: it takes about as long to say."""
    return len(text) if text.isascii() else sum(3 if _is_wide(c) else 1 for c in text)


def shorten(sentence: str) -> list[str]:
    """Cut a sentence that is too long for one breath, at punctuation or between words.

    Args:
        sentence: Any text without line breaks.

    Returns:
        Parts of at most ``LONGEST_LINE`` letters that hold something readable, in order; a single
        word may be cut when it is longer.
    """
    words = open_up(sentence).split()
    edges = [0, *accumulate(breaths(words))]
    parts = (" ".join(words[a:b]) for a, b in pairwise(edges))
    return [part for part in parts if any(c.isalnum() for c in part)]


def breaths(words: Sequence[str]) -> list[int]:
    """Tell how many words to say in each breath.

    Args:
        words: Those of a sentence, none longer than ``LONGEST_LINE``.

    Returns:
        Counts above zero that add up to the number of words; each breath is at most ``LONGEST_LINE`` letters.
    """
    edges = [0, *accumulate(breadth(word) + 1 for word in words)]
    counts: list[int] = []
    waiting = [(0, len(words))] if words else []
    while waiting:
        first, last = waiting.pop()
        if edges[last] - edges[first] - 1 <= LONGEST_LINE or last - first == 1:
            counts.append(last - first)
            continue
        cut = _best_cut(words, edges, first, last)
        waiting += [(cut, last), (first, cut)]
    return counts


def _best_cut(words: Sequence[str], edges: Sequence[int], first: int, last: int) -> int:
    """Cut near the middle: behind punctuation if that leaves no part very short, else between any words."""
    middle = (edges[first] + edges[last]) / 2
    least = LONGEST_LINE // 6
    inner = [
        cut
        for cut in range(first + 1, last)
        if edges[first] + least < edges[cut] < edges[last] - least
    ]
    behind_a_mark = [cut for cut in inner if words[cut - 1].rstrip(_CLOSERS).endswith(HALF_STOPS)]
    chosen = behind_a_mark or inner or range(first + 1, last)
    return min(chosen, key=lambda cut: abs(edges[cut] - middle))
