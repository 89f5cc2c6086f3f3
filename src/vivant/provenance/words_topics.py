"""Whether a person in memory tells others what to do about money, medicine, politics or an estate.

Nobody can list all sentences that do. So topics are named by their words, and a sentence counts when it asks for
something (a command, a duty, a warning) and tells nothing that was: "I took my pills with honey" is a memory, "throw
away your pills" is advice. Rules of one language are data, in the letters that ``words_rules`` are written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from vivant.provenance.words_rules import Kind

_SENTENCE = re.compile(r"[^.!?。!?…;؟\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """What is spoken of, and how it is told from what was."""

    words: Mapping[Kind, str]
    asks: str
    """A sentence that wants something of somebody."""
    tells: str
    """A sentence that tells what was."""
    spaced: bool = True


TOPICS: Mapping[str, Topics] = {
    "en": Topics(
        words={
            "money": r"bank|(?<!on my )(?<!on your )accounts?|savings|taxes|tax|euros|pounds|dollars|loans?|mortgages?|shares|stocks|insurance|cash|debts?|invoices?|(?:code|key|combination) (?:of|to|for) (?:my|the) (?:safe|bank|vault)",
            "medical": r"vaccin\w*|\w*pills?|tablets?|medicines?|medication|chemo\w*|insulin|antibiotics|surgery|operat\w+|tumou?rs?|dialysis|overdose|diagnos\w+|cures?",
            "political": r"governments?|president|prime minister|parliament|conservatives|liberals|socialists|communists|republicans|democrats|labour party|green party|immigrants|refugees|regime|(?<!without )borders|brexit|elections?|candidates?",
            "testament": r"(?:my|the|this|that|old|new|last) will(?! (?:be|to|of|always|never|come|not|go|live|stay|have|do|power|and))|inheritance|estate|heirs?|lawyers?|notary|deeds?",
            "selling": r"toothpaste|brands?|subscription|coupons?|offers?|prices?|products?",
        },
        asks=r"^ ?(?:(?:please|so|and|just|only|now|then|listen|dear|my dears?),? )*(?:don't|do not|never|only|throw|take|give|put|sell|sign|pay|keep|cut|refuse|trust|try|use|buy|ask|demand|fight|support|join|stop|start|get|tell|send|call|let|make|change|move|bring|open|close|burn|hide|divide|share|rise|march|spend|follow|choose|leave|cancel|contest|block|deport|stay away|do)\b|\byou (?:should|must|need to|have to|had better|ought to)\b|\b(?:must|ought to|should) (?:be|not|never|pay|go|leave|get|have|take|stop|give)\b|, (?:try|buy|use|take|get) (?:it|them|one)\b",
        tells=r"\b(?:i|we|he|she|they|you|father|mother|grand\w+) (?:\w+ )?(?:was|were|had|did|took|went|worked|paid|bought|loved|gave|got|made|used to|\w+ed)\b",
    ),
    "de": Topics(
        words={
            "money": r"konto|konten|sparbuch|ersparnisse|steuern|euro|franken|kredite?|hypothek\w*|aktien|versicherung\w*|schulden|rechnungen|(?:code|schlussel|zahl|kombination)(?: [\w']+){0,2} (?:tresors?|safes?|schliessfach\w*)",
            "medical": r"impf\w*|\w*tabletten?|\w*pillen?|medikamente?n?|medizin|chemo\w*|insulin|antibiotik\w*|operation\w*|operier\w*|tumor\w*|krebs|dialyse|diagnose\w*|heilmittel",
            "political": r"regierung\w*|kanzler\w*|prasident\w*|parlament|cdu|csu|spd|fdp|afd|grunen(?! (?:bohnen|wiesen?|wald|walder|baume?|blatter|augen|pflanzen|hugel|tal|tee|apfel))|linken|konservativen|auslander|fluchtlinge|(?<!ohne )grenzen|wahlen|kandidat\w*",
            "testament": r"erbe|erbschaft|nachlass|anwalt\w*|notar\w*|testament",
            "selling": r"zahnpasta|marke|abo|gutschein\w*|angebote?|preise?|produkte?",
        },
        asks=r"^ ?(?:(?:bitte|so|und|nur|jetzt|nun|hort|ihr lieben),? )*(?:\w+(?:t|e)? (?:eu(?:er|re|ren|ch)|dein\w*|dich|dir|mein\w*|die|das|den|diese\w*|keine\w*|bloss|nicht|nie|alles)|wirf|werft|nimm|nehmt|gib|gebt|verkauft|unterschreibt|zahlt|lasst|lass|probiert|nutzt|kauft|nur die|nur der)\b|\b(?:du|ihr) (?:sollt\w*|musst|musst|durft|darfst)\b|\b(?:muss|mussen|sollen|sollten) (?:weg|raus|gehen|zuruck\w*)\b",
        tells=r"\b(?:war|waren|hatte|hatten|habe|haben|nahm|nahmen|ging|gingen|arbeitete|zahlte|kaufte|kauften|liebte|gab|gaben|schenkte|lernte\w*|hat mir|hat uns)\b",
    ),
    "fr": Topics(
        words={
            "money": r"compte|comptes|epargne|economies|impots?|euros|credit|hypotheque|actions|assurance|dettes?|factures?|(?:code|cle|combinaison)(?: [\w']+){0,2} (?:coffre\w*|banque)",
            "medical": r"vaccin\w*|comprimes?|cachets|medicaments?|chimio\w*|insuline|antibiotiques?|operation|opere[rz]|tumeurs?|cancer|dialyse|diagnostics?|remede",
            "political": r"gouvernement|president|parlement|la (?:gauche|droite)(?! d[eu'])|socialistes|republicains|communistes|etrangers|immigres|refugies|(?<!sans )frontieres|elections?|candidats?",
            "testament": r"heritage|succession|avocats?|notaire|testament",
            "selling": r"dentifrice|marque|abonnement|offres?|prix|produits?",
        },
        asks=r"^ ?(?:(?:s'il (?:te|vous) plait|alors|et|maintenant|ecoutez),? )*(?:ne \w+|n'\w+|seule?s? (?:la|le|les)|\w+(?:ez|ons)|jette|prends|donne|mets|vends|signe|paie|garde|laisse|refuse|essaie|achete|arrete)\b|\b(?:tu dois|vous devez|il faut|doit|doivent|devrait)\b",
        tells=r"\b(?:j'ai|j'avais|j'etais|nous avons|nous avions|vous avez|\w+ais|\w+ait|\w+ions|\w+aient|m'a|nous a|a donne|a danse)\b",
    ),
    "es": Topics(
        words={
            "money": r"cuentas? (?:del banco|corriente)|cuenta|ahorros|impuestos?|euros|credito|hipoteca|acciones|seguro|deudas?|facturas?|(?:codigo|clave|llave|combinacion)(?: [\w']+){0,3} (?:caja fuerte|banco)",
            "medical": r"vacun\w*|pastillas?|pildoras?|medicamentos?|medicinas?|quimio\w*|insulina|antibioticos?|operacion|operar\w*|tumor\w*|cancer|dialisis|diagnostico|remedio",
            "political": r"gobierno|presidente|parlamento|la izquierda|la derecha|socialistas|conservadores|comunistas|inmigrantes|extranjeros|refugiados|(?<!sin )fronteras|elecciones|candidat\w+",
            "testament": r"herencia|abogados?|notario|testamento",
            "selling": r"pasta de dientes|marca|suscripcion|ofertas?|precios?|productos?",
        },
        asks=r"^ ?(?:(?:por favor|entonces|y|ahora|escuchad),? )*(?:no (?:os |te |se |les )?\w+(?:eis|ais|es|as|en|an)|sol[oa] |tira|toma|da|pon|vende|firma|paga|guarda|deja|rechaza|prueba|compra|\w+ad|\w+ed|\w+id)\b|\b(?:debes|debeis|tienes que|teneis que|hay que|debe|deben|tiene que|tienen que)\b",
        tells=r"\b(?:fui|fue|era|eran|tuve|tenia\w*|habia|tome|tomaba|trabaje|compramos|compre|quise|di|dio|dieron|bailo|comiamos|\w+aba|\w+abamos|\w+ia|\w+iamos)\b",
    ),
    "zh": Topics(
        words={
            "money": r"账户|帳戶|存折|存摺|存款|税|稅|贷款|貸款|股票|保险箱|保險箱|保险柜|欠款|债",
            "medical": r"药|藥|疫苗|化疗|化療|手术|手術|肿瘤|腫瘤|癌|胰岛素|抗生素|偏方",
            "political": r"政府|总统|總統|主席|这个党|這個黨|政党|政黨|移民|难民|難民|选举|選舉|选票|選票|投票|候选|候選|(?:选|選)(?:他|她|谁|誰|那|这|這|出)",
            "testament": r"遗产|遺產|律师|律師|公证|公證",
            "selling": r"牌子|品牌|产品|產品|优惠|優惠|价格|價格",
        },
        asks=r"(?:^|[,、])(?:请|請|快|把|将|將|别|別|不要|千万|千萬|必须|必須|一定要|只有|去)|(?:你们?|你們)(?:要|得|必须|必須|应该|應該|不要|别|別)|(?:扔|交|投)(?:了|给|給|他们)?$",
        tells=r"我(?:每天|那时|那時|年轻|年輕|以前|当年|當年|曾)|我们(?:那时|当年|以前)|(?:让|讓)我多",
        spaced=False,
    ),
}  # fmt: skip
"""By the language's own tag."""


@cache
def _compiled(
    code: str,
) -> tuple[tuple[tuple[Kind, re.Pattern[str]], ...], re.Pattern[str], re.Pattern[str]]:
    topics = TOPICS[code]
    first, last = (r"(?<!\w)", r"(?!\w)") if topics.spaced else ("", "")
    words = tuple(
        (kind, re.compile(f"{first}(?:{pattern}){last}")) for kind, pattern in topics.words.items()
    )
    return words, re.compile(topics.asks), re.compile(topics.tells)


def advice_in(text: str, code: str) -> Iterator[tuple[Kind, int, int]]:
    """Find sentences that ask somebody for something about such a topic.

    Args:
        text: In the letters that rules are written in.
        code: The language's own tag.

    Yields:
        What it is about, and where in the text its word begins and ends.
    """
    if code not in TOPICS:
        return
    words, asks, tells = _compiled(code)
    for sentence in _SENTENCE.finditer(text):
        said = sentence[0]
        if asks.search(said) is None or tells.search(said) is not None:
            continue
        for kind, pattern in words:
            for match in pattern.finditer(said):
                yield kind, sentence.start() + match.start(), sentence.start() + match.end()
