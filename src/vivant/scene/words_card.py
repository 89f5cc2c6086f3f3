"""What the card at the start of a film says: that it was made with AI, from photographs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, str] = MappingProxyType({
    "en": "This film was made with AI from photographs.",
    "de": "Dieser Film wurde mit KI aus Fotografien gemacht.",
    "fr": "Ce film a été réalisé avec l’IA à partir de photographies.",
    "es": "Esta película se hizo con IA a partir de fotografías.",
    "it": "Questo film è stato realizzato con l’IA a partire da fotografie.",
    "pt": "Este filme foi feito com IA a partir de fotografias.",
    "nl": "Deze film is met AI gemaakt uit foto’s.",
    "pl": "Ten film powstał z fotografii przy użyciu AI.",
    "tr": "Bu film, fotoğraflardan yapay zekâ (AI) ile yapıldı.",
    "ru": "Этот фильм создан с помощью ИИ из фотографий.",
    "uk": "Цей фільм створено за допомогою ШІ з фотографій.",
    "ar": "صُنع هذا الفيلم بالذكاء الاصطناعي من صور فوتوغرافية.",
    "zh": "本片由 AI 根据照片生成。",
    "ja": "この映像は写真をもとに AI で作られました。",
})  # fmt: skip
"""By the language's own tag, without country."""


def made_with_ai(language: str) -> str:
    """Say that a film was made with AI from photographs.

    Args:
        language: BCP 47 tag; English where it has no sentence of its own.
    """
    tag = language.lower()
    if tag in {"zh-tw", "zh-hk", "zh-mo"} or tag.startswith("zh-hant"):
        return "本片由 AI 根據照片生成。"
    return SENTENCES.get(tag.split("-", maxsplit=1)[0], SENTENCES["en"])
