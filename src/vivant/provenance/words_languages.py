"""In which language a text seems to be, whatever language was named: by its commonest small words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

COMMON: Mapping[str, str] = {
    "en": "i am you the and is are was were to of my your it that for with have has had not will be me we this in on but so all do",
    "de": "ich bin du ihr euch und ist sind war nicht der die das den dem ein eine zu mit habe hat wird mein meine dein immer noch auch für am im es wir sie mir dich",
    "fr": "je suis tu vous nous et est sont le la les un une des de du que qui ne pas mon ma mes ton votre avec pour dans sur toujours encore il elle ai a",
    "es": "yo estoy soy tu vosotros y es son el la los las un una de del que no mi mis con para en siempre todavía os te me he ha muy",
    "it": "io sono tu voi e è il lo la i gli le un una di del che non mio mia miei con per in sempre ancora vi ti mi ho ha sto",
    "pt": "eu estou sou tu vocês e é o a os as um uma de do da que não meu minha com para em sempre ainda vos te me no na",
    "tr": "ben sen siz ve bir bu şu için değil çok ama ile beni seni sizi benim her zaman hâlâ hep daha ne da de mi",
    "nl": "ik ben jij je jullie en is zijn was niet de het een mijn jouw met voor van in op altijd nog ook heb heeft wij u me",
    "pl": "ja jestem ty wy i jest są nie się mój moja moje was ciebie z w na do że to zawsze jeszcze mnie wam tu o",
}  # fmt: skip
"""By the language's own tag; of those that are written in Latin letters and have rules."""
_AHEAD = 2
"""How many more of a sentence's words must be another language's than the named one's."""
_SENTENCE = re.compile(r"[^.!?…;\n]+")


def seems_to_be(text: str, *, named: str) -> tuple[str, ...]:
    """Tell in which other languages sentences of a text seem to be than in the one that was named.

    Args:
        text: As it is written.
        named: The language's own tag.

    Returns:
        Tags; none where the whole text is in the language that was named, or nobody can tell.
    """
    found: dict[str, None] = {}
    for sentence in _SENTENCE.findall(text.casefold()):
        words = re.findall(r"[^\W\d_]+", sentence)
        counts = {code: sum(one in common for one in words) for code, common in _common().items()}
        most = max(counts.values())
        if most >= counts.get(named, 0) + _AHEAD:
            found |= dict.fromkeys(code for code, count in counts.items() if count == most)
    return tuple(found)


@cache
def _common() -> Mapping[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in COMMON.items()}
