"""Words that hide a death from somebody, or pretend that all is well: rules by language, as data.

They are written as those in ``words_rules``. A long journey is a figure of speech for death, and is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping

_WHOM = r"(?: [\w']+){1,4}?"
_EN_AWAY = r"(?:in (?:the |a )?hospital|abroad|away on business|on a business trip|working abroad|fine|well|busy|alive|on holiday|travelling|traveling|at work|in (?:a |the )?clinic)"

PRETENCE: Mapping[str, tuple[str, ...]] = {
    "en": (
        rf"(?:tell|say to|write to|let|make){_WHOM} (?:that |think |believe |know )*(?:i'?m|i am|i was)(?: \w+)? {_EN_AWAY}",
        r"(?:i'?m|i am)(?: \w+)? (?:in (?:the |a )?hospital|abroad|away on business|on a business trip|working abroad|too busy to (?:call|come|visit|write))",
        rf"(?:do not|don't|never) (?:tell|let){_WHOM} (?:know |find out )?(?:that )?(?:i(?:'ve| have)? died|i am dead|i'm dead|i am gone|i passed away|about my death|of my death|what happened to me|the truth)",
        r"must (?:never|not) (?:know|find out|learn)(?: (?:that|about|of)\b.{0,30}(?:died|dead|death|gone))", r"must (?:never|not) find out",
        r"keep (?:it|this|that|my death) (?:a |from )?(?:secret|her|him|them|grand\w+|mother|father)", r"pretend (?:that )?(?:i|i'm|everything|nothing)",
    ),
    "de": (
        r"(?:sagt?|schreibt?|erzahlt?)(?: [\w']+){1,4}?,? (?:dass )?ich (?:bin |sei |ware )?(?:[\w']+ )?(?:im krankenhaus|im ausland|auf (?:geschafts|dienst)reise|auf montage|gesund|verreist|beschaftigt|am leben)",
        r"ich (?:bin|liege)(?: \w+)? (?:im krankenhaus|im ausland|auf geschaftsreise|auf dienstreise|auf montage|in der klinik)",
        r"(?:sagt?|erzahlt?|verratet?|verrat)(?: [\w']+){1,4}?,? (?:nicht|nie|niemals|nichts)(?: davon)?,?(?: dass ich)? ?(?:gestorben|tot|gegangen|von meinem tod)", r"(?:sagt?|erzahlt?)(?: [\w']+){1,4} nichts (?:davon|von meinem tod)",
        r"(?:darf|durfen|soll|sollen)(?: [\w']+){0,2} (?:nie|nicht|niemals|nichts)(?: davon)? (?:erfahren|wissen)", r"tut so,? als", r"verschweig\w*(?: [\w']+){0,4}(?: tod)?", r"haltet (?:es|meinen tod) geheim",
    ),
    "fr": (
        r"(?:dis|dites|ecris|ecrivez|faites croire|fais croire)(?:[- ][\w']+){1,4}? (?:que )?je suis(?: \w+)? (?:a l'hopital|a l'etranger|en voyage d'affaires|en deplacement|en bonne sante|occupee?|en vacances|en vie)",
        r"je suis(?: \w+)? (?:a l'hopital|a l'etranger|en voyage d'affaires|en deplacement)",
        r"ne (?:dis|dites|lui dis|lui dites|leur dites)(?: [\w']+){0,4}? (?:pas|jamais|rien)(?: [\w']+){0,4}? (?:que je suis (?:morte?|partie?)|de ma mort|la verite)",
        r"ne (?:doit|doivent) (?:jamais|pas) (?:savoir|apprendre)", r"fais(?:ons)? semblant|faites semblant", r"cach(?:e|ez)(?:[- ][\w']+){0,3} ma mort", r"gardez le secret",
    ),
    "es": (
        r"(?:di|dile|diles|decid|decidle|digan|diganle|digale|escribe|escribele)(?: [\w']+){0,4}? que (?:yo )?(?:estoy|sigo)(?: \w+)? (?:en el hospital|en el extranjero|de viaje de negocios|fuera por trabajo|bien|ocupad[oa]|de vacaciones|trabajando)",
        r"(?:estoy|sigo) (?:en el hospital|en el extranjero|de viaje de negocios|fuera por trabajo)",
        r"(?:no|nunca) (?:le |les )?(?:digas|digais|digan|diga|cuentes|conteis|cuenten)(?: [\w']+){0,4}? (?:que (?:he muerto|mori|estoy muert[oa])|mi muerte|la verdad)",
        r"(?:no|nunca) debe(?:n)? (?:saber|enterarse|saberlo)", r"que (?:no|nunca) se entere\w?", r"(?:finge|fingid|finjan|haced como) que", r"(?:oculta|ocultad|oculten)(?:le|les)? mi muerte",
    ),
    "it": (
        r"(?:di'?|dille|digli|dite|ditele|ditegli|scrivi|scrivile|scrivete)(?: [\w']+){0,4}? che (?:io )?(?:sono|sto)(?: \w+)? (?:in ospedale|all'estero|in viaggio d'affari|in trasferta|bene|occupat[oa]|in vacanza|al lavoro)",
        r"(?:sono|sto) (?:in ospedale|all'estero|in viaggio d'affari|in trasferta)",
        r"non (?:le |gli )?(?:dire|dirle|dirgli|dite|ditele|ditegli)(?: [\w']+){0,4}? (?:che sono mort[oa]|della mia morte|la verita)",
        r"non (?:deve|devono)(?: mai)? (?:saperlo|sapere|scoprirlo)", r"(?:fai|fate) finta", r"(?:nascondi|nascondete)(?:le|gli)? la mia morte",
    ),
    "pt": (
        r"(?:diz|diga|digam|dizei|escreve|escrevam)(?:[- ][\w']+){0,4}? que (?:eu )?estou(?: \w+)? (?:no hospital|no estrangeiro|no exterior|em viagem de negocios|bem|ocupad[oa]|de ferias|a trabalhar|trabalhando)",
        r"estou (?:no hospital|no estrangeiro|no exterior|em viagem de negocios)",
        r"(?:nao|nunca) (?:lhe |lhes )?(?:digas|digam|diga|contes|contem|conte)(?: [\w']+){0,4}? (?:que (?:eu )?(?:morri|estou mort[oa])|da minha morte|sobre a minha morte|a verdade)",
        r"(?:nao|nunca) (?:pode|podem|deve|devem) (?:saber|descobrir)", r"(?:finge|finjam|finja|facam de conta) que", r"(?:esconde|escondam)(?: [\w']+){0,3} a minha morte",
    ),
    "nl": (
        r"(?:zeg|vertel|schrijf)(?: [\w']+){1,4}? dat ik(?: \w+)? (?:in het ziekenhuis|in het buitenland|op zakenreis|op reis voor mijn werk|gezond|druk|op vakantie|aan het werk)",
        r"ik (?:ben|lig)(?: \w+)? (?:in het ziekenhuis|in het buitenland|op zakenreis)",
        r"(?:zeg|vertel)(?: [\w']+){1,4}? (?:niet|nooit|niets|niks)(?: [\w']+){0,3} (?:dat ik (?:dood ben|gestorven ben|overleden ben|ben gestorven|ben overleden)|over mijn dood|van mijn dood)",
        r"mag(?: [\w']+){0,2} (?:nooit|niet|niets)(?: ervan)? (?:weten|horen)", r"doe(?:n)? alsof", r"houd mijn dood geheim",
    ),
    "pl": (
        r"(?:powiedz|powiedzcie|napisz|napiszcie)(?: [\w']+){1,4}?,? ze (?:jestem|leze|pracuje)(?: \w+)? (?:w szpitalu|za granica|w delegacji|zdrow\w+|zajet\w+|na wakacjach|w pracy)",
        r"(?:jestem|leze|pracuje) (?:w szpitalu|za granica|w delegacji)",
        r"nie (?:mow|mowcie)(?: [\w']+){0,4}?,? (?:ze (?:umarl\w+|nie zyje|zmarl\w+)|o mojej smierci|prawdy)",
        r"nie (?:moze|moga) sie (?:o tym )?dowiedziec", r"(?:udawaj|udawajcie)", r"(?:ukryj|ukryjcie)(?: [\w']+){0,3} moja smierc",
    ),
    "tr": (
        r"(?:hastanede|yurt ?disinda|is gezisinde|is seyahatinde)(?:yim|yiz| oldugumu (?:soyle\w*|de\w*))", r"(?:iyi|mesgul|tatilde) oldugumu (?:soyle\w*|yaz\w*)",
        r"(?:oldugumu|oldugumu|vefat ettigimi|olumumu)(?: [\w']+){0,2} (?:soyleme\w*|anlatma\w*|gizle\w*|sakla\w*)", r"(?:bilmemeli|ogrenmemeli|duymamali)\w*", r"(?:gibi|mis gibi) yap(?:in|iniz)?",
    ),
    "ru": (
        r"(?:скажи|скажите|передай|передайте|напиши|напишите)(?: [\w']+){1,4}?,? что я(?: \w+)? (?:в больнице|за границей|в командировке|в отъезде|в порядке|здоров\w*|занят\w*|в отпуске|на работе)",
        r"я(?: \w+)? (?:в больнице|за границей|в командировке)", r"не (?:говори|говорите|рассказывай|рассказывайте)(?: [\w']+){0,4}?,? (?:что я умер\w*|что меня (?:больше )?нет|о моей смерти|правду)",
        r"(?:не должн\w+|не надо)(?: [\w']+){0,2} (?:знать|узнать)", r"сделай(?:те)? вид|притворись|притворитесь", r"скрой(?:те)?(?: [\w']+){0,3} мою смерть",
    ),
    "uk": (
        r"(?:скажи|скажіть|передай|передайте|напиши|напишіть)(?: [\w']+){1,4}?,? що я(?: \w+)? (?:в лікарні|у лікарні|за кордоном|у відрядженні|у від'їзді|здоров\w*|зайнят\w*|у відпустці|на роботі)",
        r"я(?: \w+)? (?:в лікарні|у лікарні|за кордоном|у відрядженні)", r"не (?:кажи|кажіть|розповідай|розповідайте)(?: [\w']+){0,4}?,? (?:що я помер\w*|що мене (?:більше )?немає|про мою смерть|правду)",
        r"не (?:повинн\w+|має|мають) (?:знати|дізнатися)", r"удавай(?:те)?|зроби(?:ть)? вигляд", r"прихова\w+(?: [\w']+){0,3} мою смерть",
    ),
    "ar": (
        r"(?:قل|قولوا|قولي|اخبر|اخبروا|اخبري|اكتبوا)(?: [\w']+){1,4}? (?:انني|اني|باني|بانني) (?:في المستشفى|في المستشفي|خارج البلاد|في الخارج|في رحلة عمل|بخير|مشغول\w*|في اجازة|في العمل)",
        r"(?:انا|اني|انني) (?:في المستشفى|في المستشفي|خارج البلاد|في الخارج|في رحلة عمل)",
        r"لا (?:تخبر\w*|تقل|تقولوا|تقولي)(?: [\w']+){0,4}? (?:انني مت|اني مت|باني مت|بموتي|بوفاتي|عن موتي|عن وفاتي|الحقيقة)", r"(?:يجب|لازم) (?:الا|ان لا) (?:يعرف|تعرف|يعرفوا|يعلم|تعلم)\w*", r"تظاهر\w*", r"(?:اخفوا|اخف|اخفي)(?: [\w']+){0,3} (?:موتي|وفاتي)",
    ),
    "zh": (
        r"(?:告诉|告訴|跟|和|对|對)(?:奶奶|外婆|姥姥|爷爷|爺爺|外公|姥爷|妈妈|媽媽|爸爸|孩子|他|她|他们|她们|老人|家里)(?:们)?(?:说|說|讲|講)?(?:我|,我)(?:还|還|正|现在|現在)?(?:在|去)?(?:住院|医院|醫院|外地|国外|國外|出差|旅行|工作|忙|很好|没事|沒事|活着)",
        r"我(?:现在|現在|正|还|還)?(?:在|去)(?:住院|医院|醫院里?|国外|國外|外地(?:工作|上班|打工)|出差)", r"我(?:在)?(?:出差|住院)",
        r"(?:别|不要|千万别|千萬別|不能|不许|不許)(?:让|讓|告诉|告訴|跟|对)(?:奶奶|外婆|姥姥|爷爷|爺爺|外公|妈妈|媽媽|爸爸|孩子|他|她|他们|她们|老人|家里人?)[^。!?]{0,8}(?:知道|死|去世|走了|不在|过世|真相)", r"(?:瞒着|瞞著|隐瞒|隱瞞)", r"假装|假裝|装作|裝作",
    ),
    "ja": (
        r"(?:入院|出張|海外赴任)(?:して(?:い)?(?:る|ます)|中)(?:と|って)?", r"(?:病院|海外|外国|出張先)に(?:い(?:る|ます)|います)(?:と(?:言って|伝えて|話して))?", r"(?:元気|忙しい|旅行中|仕事中)(?:だ|にしている)?と(?:言って|伝えて|話して)(?:おいて|ください|ね|ほしい)",
        r"(?:死んだ|亡くなった|死)(?:こと|の)?(?:を|は)[^。]{0,10}(?:言わない|話さない|教えない|伝えない|内緒|秘密|隠)", r"(?:知られ(?:ては|ちゃ)|ばれ(?:ては|ちゃ))", r"(?:ふり|振り)を(?:し|続)",
    ),
}  # fmt: skip
"""By the language's own tag."""
