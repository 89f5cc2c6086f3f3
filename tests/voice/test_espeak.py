"""How words of many languages sound: what espeak-ng wrote, read; and the doors through which it is asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from elsewhere import environment, packages_of
from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.performance.visemes import ARTICULATORS, viseme_of
from vivant.places import Places
from vivant.voice.engines import espeak
from vivant.voice.engines.espeak import Espeak, SpokenWord
from vivant.voice.engines.ipa import cut_into_phones, share_out
from vivant.voice.phones import plain

RECORDED = {
    ("de", "Guten Morgen, meine Liebe — es ist 1999!"): "ɡ_ˈuː_t_ə_n m_ˈɔ_ɾ_ɡ_ə_n\nm_ˌaɪ_n_ə l_ˈiː_b_ə\n"
    "_ɛ_s_ɪ_s_t _ˈaɪ_n t_ˈaʊ_z_ə_n_t n_ˈɔø_n_h_ˈʊ_n_d_ɜ_t n_ˈɔø_n _ʊ_n_t_n_ˈɔø_n_ts_ɪ_ç\n",
    ("de", "Guten"): "ɡ_ˈuː_t_ə_n\n",
    ("de", "Morgen"): "m_ˈɔ_ɾ_ɡ_ə_n\n",
    ("de", "meine"): "m_ˈaɪ_n_ə\n",
    ("de", "Liebe"): "l_ˈiː_b_ə\n",
    ("de", "es"): "_ˈɛ_s\n",
    ("de", "ist"): "_ˈɪ_s_t\n",
    ("de", "1999"): "_ˈaɪ_n t_ˈaʊ_z_ə_n_t n_ˈɔø_n_h_ˈʊ_n_d_ɜ_t n_ˈɔø_n _ʊ_n_t_n_ˈɔø_n_ts_ɪ_ç\n",
    ("en-us", "of the garden at 3.5 miles"): "ʌ_v_ð_ə ɡ_ˈɑːɹ_d_ə_n æ_t θ_ɹ_ˈiː p_ɔɪ_n_t f_ˈaɪ_v m_ˈaɪ_l_z\n",
    ("en-us", "of"): "ˈʌ_v\n",
    ("en-us", "the"): "ð_ˈə\n",
    ("en-us", "garden"): "ɡ_ˈɑːɹ_d_ə_n\n",
    ("en-us", "at"): "ˈæ_t\n",
    ("en-us", "3.5"): "θ_ɹ_ˈiː p_ɔɪ_n_t f_ˈaɪ_v\n",
    ("en-us", "miles"): "m_ˈaɪ_l_z\n",
    ("fr-fr", "Bonjour, les amis."): "b_ɔ̃_ʒ_ˈu_ʁ\nl_e-_z a_m_ˈi\n",
    ("ru", "Привет, как дела?"): "p__rʲ_i_vʲ_ˈe_t\nk_ˈɑ_k dʲ_ˈe_ɭ_a\n",
    ("cmn-latn-pinyin", "你好，世界。"): "n_ˈiɜ_ χ_ˈɑu2_\ns._ˈi.5_ tɕ_ˈiɛ5_\n",
    ("cmn-latn-pinyin", "你好，世界"): "n_ˈiɜ_ χ_ˈɑu2_\ns._ˈi.5_ tɕ_ˈiɛ5_\n",
    ("ja", "こんにちは"): "k_ˌo̞_n_n_i_tɕ_ˈi_h_ä\n",
    ("ar", "السلام عليكم"): "ʔ_a_s_s_a_l_ˈaː_m ʕ_l_ˈiː_k_m\n",
    ("vi", "chào các bạn"): "tʃ_ˈaː2_w_ k_ˌaːɜ_c_ _b_ˈaː6_n_\n",
}  # fmt: skip
"""What espeak-ng 1.51 writes with ``--ipa --sep=_``."""
VOICES = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  ar              --/M      Arabic             sem/ar
 5  cmn             --/M      Chinese_(Mandarin) sit/cmn              (zh-cmn 5)(zh 5)
 5  cmn-latn-pinyin --/M      Chinese_(Pinyin)   sit/cmn-Latn-pinyin  (zh-cmn 5)(zh 5)
 5  de              --/M      German             gmw/de
 2  en-gb           --/M      English_(GB)       gmw/en               (en 2)
 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  fr-fr           --/M      French_(France)    roa/fr               (fr 5)
 5  ja              --/M      Japanese           jpx/ja
 5  ru              --/M      Russian            zle/ru
 5  vi              --/M      Vietnamese         aav/vi
"""
PROGRAM = """#!{python}
import json, sys
asked = sys.argv[1:]
if "--voices" in asked:
    sys.stdout.buffer.write({voices!r}.encode())
else:
    voice = asked[asked.index("-v") + 1]
    assert {{"-q", "--ipa", "--sep=_", "-b"}} <= set(asked)
    known = {{tuple(key): value for key, value in json.loads({recorded!r})}}
    text = sys.stdin.buffer.read().decode()
    if "sick" in text:
        print("private words", file=sys.stderr)
        sys.exit(4)
    for row in [text] if "--stdin" in asked else text.splitlines():
        sys.stdout.buffer.write(known[voice, row].encode())
"""
LOADER = '''
"""A library that knows what was recorded; as the real one it gives a clause at a time."""
import ctypes, json
KNOWN = {{tuple(key): value for key, value in json.loads({recorded!r})}}
VOICES = [("sem/ar", [b"ar"]), ("gmw/de", [b"de"]), ("gmw/en-US", [b"en-us", b"en"]), ("roa/fr", [b"fr-fr", b"fr"])]

class Voice:
    def __init__(self, file, names):
        self.held = ctypes.create_string_buffer(b"".join(b"\\x05" + name + b"\\0" for name in names) + b"\\0")
        self.languages, self.identifier, self.contents = ctypes.addressof(self.held), file.encode(), self

LISTED = [*(Voice(*one) for one in VOICES), None]

class Library:
    def __init__(self):
        def text_to_phonemes(at, encoding, mode):
            rest = at._obj
            text = ctypes.string_at(rest.value).decode()
            clauses = KNOWN[self.voice, text].split("\\n")
            self.left = clauses[:-1] if not getattr(self, "left", None) else self.left
            clause = self.left.pop(0)
            if not self.left: rest.value = None
            return clause.encode()
        def set_voice(name):
            files = {{file.encode(): names[0].decode() for file, names in VOICES}}
            self.voice = files.get(name)
            return 0 if self.voice else -1
        def initialize(*given): return 22050
        def list_voices(nothing): return LISTED
        self.espeak_TextToPhonemes, self.espeak_SetVoiceByName = text_to_phonemes, set_voice
        self.espeak_Initialize, self.espeak_ListVoices = initialize, list_voices

def load_library():
    print("loading")
    return Library()
def get_data_path(): return "data"
'''


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that speaks the protocol of ``espeak-ng``, and knows what was recorded."""
    path = tmp_path_factory.mktemp("bin") / "espeak-ng"
    recorded = json.dumps([[key, value] for key, value in RECORDED.items()])
    path.write_text(PROGRAM.format(python=sys.executable, voices=VOICES, recorded=recorded))
    path.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def by_program(program: Path) -> Espeak:
    return Espeak(program=program)


@pytest.fixture(scope="module")
def by_library(tmp_path_factory: pytest.TempPathFactory) -> Espeak:
    home = tmp_path_factory.mktemp("library") / "venv"
    python = environment(home, lend=False)
    recorded = json.dumps([[key, value] for key, value in RECORDED.items()])
    (packages_of(home) / "espeakng_loader.py").write_text(LOADER.format(recorded=recorded))
    return Espeak(python=python)


def sounds(words: tuple[SpokenWord, ...]) -> list[str]:
    return [" ".join(phone.symbol for phone in word.phones) for word in words]


def test_a_german_sentence_with_a_dash_and_a_year(by_program: Espeak) -> None:
    words = by_program.phonemes("Guten Morgen, meine Liebe — es ist 1999!", language="de-DE")

    assert [word.text for word in words] == [
        "Guten", "Morgen,", "meine", "Liebe", "—", "es", "ist", "1999!",
    ]  # fmt: skip
    assert sounds(words)[:7] == [
        "ɡ u t ə n", "m ɔ ɾ ɡ ə n", "m aɪ n ə", "l i b ə", "", "ɛ s", "ɪ s t",
    ]  # fmt: skip
    assert sounds(words)[7].startswith("aɪ n t aʊ")
    assert words[0].ipa == "ɡˈuːtən"
    assert [phone.stress for phone in words[0].phones] == [0, 1, 0, 0, 0]
    assert [phone.stress for phone in words[2].phones] == [0, 2, 0, 0]


def test_english_words_that_run_together_are_told_apart(by_program: Espeak) -> None:
    words = by_program.phonemes("of the garden at 3.5 miles", language="en")

    assert sounds(words) == [
        "ʌ v", "ð ə", "ɡ ɑ ɹ d ə n", "æ t", "θ ɹ i p ɔɪ n t f aɪ v", "m aɪ l z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Bonjour, les amis.", ["b ɔ ʒ u ʁ", "l e z", "a m i"]),
        ("fr-BE", "Bonjour, les amis.", ["b ɔ ʒ u ʁ", "l e z", "a m i"]),
        ("ru", "Привет, как дела?", ["p r i v e t", "k ɑ k", "d e ɭ a"]),
        ("zh-CN", "你好，世界。", ["n i χ ɑu s i tɕ iɛ"]),
        ("ja", "こんにちは", ["k o n n i tɕ i h a"]),
        ("ar", "السلام عليكم", ["ʔ a s s a l a m", "ʕ l i k m"]),
        ("vi", "chào các bạn", ["tʃ a w", "k a c", "b a n"]),
    ],
)
def test_other_scripts_tones_and_ties_are_read(
    by_program: Espeak, language: str, text: str, expected: list[str]
) -> None:
    assert sounds(by_program.phonemes(text, language=language)) == expected


def test_the_library_says_what_the_program_says(by_library: Espeak, by_program: Espeak) -> None:
    for language, text in (
        ("de", "Guten Morgen, meine Liebe — es ist 1999!"),
        ("en-US", "of the garden at 3.5 miles"),
        ("fr", "Bonjour, les amis."),
    ):
        assert by_library.phonemes(text, language=language) == by_program.phonemes(
            text, language=language
        )
    assert {"ar", "de", "en", "en-US", "fr", "fr-FR"} <= by_library.languages


def test_its_languages_are_tags(by_program: Espeak) -> None:
    assert {"ar", "de", "en", "en-GB", "en-US", "fr", "fr-FR", "zh", "zh-CN", "ru"} <= set(
        by_program.languages
    )


@pytest.mark.parametrize("text", ["", "  ", "— … !"])
def test_a_text_without_words_has_no_sounds(by_program: Espeak, text: str) -> None:
    assert sounds(by_program.phonemes(text, language="de")) == [""] * len(text.split())


def test_a_language_that_it_does_not_know_is_told(by_program: Espeak) -> None:
    with pytest.raises(InputError, match="does not know the language 'xx'"):
        by_program.phonemes("hello", language="xx")


def test_kanji_are_told_rather_than_misread(by_program: Espeak) -> None:
    with pytest.raises(InputError, match="2 characters of the text are kanji"):
        by_program.phonemes("東京へ", language="ja-JP")


def test_a_program_that_fails_is_told_without_its_words(by_program: Espeak) -> None:
    with pytest.raises(EngineBrokeError, match="status 4 and 1 lines") as caught:
        by_program.phonemes("sick", language="de")

    assert "private" not in str(caught.value)


def test_a_program_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot be started"):
        Espeak(program=tmp_path / "espeak-ng").phonemes("hello", language="de")


def test_a_text_without_end_is_refused(by_program: Espeak) -> None:
    with pytest.raises(InputError, match="200,001 characters"):
        by_program.phonemes("a" * 200_001, language="de")


def test_where_it_is_not_here_it_says_how_to_add_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    places = Places(data=tmp_path, cache=tmp_path)
    here = espeak.is_here(places=places)

    assert espeak.languages(places=places) == frozenset() or here
    assert "pip install 'vivant[languages]'" in espeak.how_to_add(places)


def test_the_program_of_the_system_is_found(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(program.parent))

    assert espeak.is_here(places=Places(data=tmp_path, cache=tmp_path))


_TABLES = (
    "a4 ai ai4 aiɜ au aɜ aɨ aɪ aɪɜ aʊ aː aː1 aːɪ aːʊ7 b bʰ bʲ bː c d dZ d[ dz dʑ dʒ dʒʰ dʰ dʲ d̪ d̻͡z̪ʲ e ee ei eo eu4 ey "
    "eɪ eʊ eː f g h i i6 ia4 iau4 ie io iou5 iu iy iə iː i̯ j k k- k` kh kʰ kʰχ kʲ kː l l- ll l̩ m m̩ n n^ nʲ n̩ o oe oi "
    "onɡ ou oɪ oʊ oː õ p ph pʰ pʲ pː q r r# rʲ r̝ r̝̊ r̩ s sx sʲ s̺ s̻ t tS t[ t` th tl# ts ts. tsh tsʰ tsʲ ts̻ tɕ tʃ tʃ` "
    'tʃʲ tʃː tʰ tʲ tː t̪ t͡s t͡ʃ u u" u- u: uai ui uiː uo uː ũ v vʲ w x y yi yɛ yː z ä æ æːɪ ð ø øː ħ ŋ œ œ̃ ɐ ɐ̯ ɑ ɑə ɑɪ '
    "ɑʊ ɑː ɑːɹ ɒ ɒɒ ɔ ɔ2 ɔa ɔø ɔɪ ɔː ɕ ɖ ɖʰ ə əl ər2 əu əɪ əɹ əʊ əː2 ɚ ɛ ɛə ɛɛ ɛɪ ɛʊ ɛː ɜ ɜː ɟ ɟʰ ɡ ɡʰ ɣ ɨ ɨː ɪ ɪː ɪ̃ ɫ "
    "ɭ ɯ ɲ ɳ ɵ ɹ ɽ ɾ ɾʲ ʀ ʁ ʂ ʃ ʈ ʉ ʉʉ ʉː ʊ ʊə ʋ ʌ ʌʊ ʐ ʑ ʒ ʔ ʝ ʦ Φ β θ χ S "
    "aai aanɡ aau aɡ d͡zʲ eoi eu ẽ4 iʲ ĩ ĩ4 mʲ õ4 uk ũ4 yu ɐ̃ɐ̃ ɒ̃4 ɘ ɱ ʏ"
)
INVENTORY = _TABLES.split()
"""Every kind of phone that the tables of espeak-ng 1.51 and 1.52 hold for their 131 voices, as they write them."""


@pytest.mark.parametrize("token", INVENTORY)
def test_the_mouth_knows_every_sound_that_espeak_ng_can_write(token: str) -> None:
    """Each letter of each phone moves something of its own; none falls back to a mouth at rest."""
    phones = cut_into_phones(token, joined=True)

    assert phones
    for phone in phones:
        assert plain(phone.symbol) == phone.symbol
        assert len(viseme_of(phone.symbol).postures) == len(phone.symbol)
        for posture in viseme_of(phone.symbol).postures:
            assert len(posture.values) == len(ARTICULATORS)


def test_a_long_text_is_read_sentence_by_sentence(by_program: Espeak) -> None:
    """What is recorded is one sentence; asked at once, the program would not know the two."""
    sentence = "Guten Morgen, meine Liebe — es ist 1999!"
    once = by_program.phonemes(sentence, language="de")

    assert by_program.phonemes(f"{sentence} {sentence}\n{sentence}", language="de") == once * 3


def test_words_that_differ_from_what_they_are_alone_keep_their_places() -> None:
    """French binds, English weakens: what matches holds, the rest is shared out between."""
    assert share_out("lezami", ["le", "ami"]) == (0, 0, 0, 1, 1, 1)
    assert share_out("əvðə", ["ʌv", "ðə"]) == (0, 0, 1, 1)
    assert share_out("abc", ["", ""]) == (0, 0, 0)
    assert share_out("", ["ab"]) == ()
