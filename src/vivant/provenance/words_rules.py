"""What a person in memory is not made to say: rules by language, as data.

Patterns meet texts in small letters, without accents on Latin letters, with straight apostrophes and single
spaces. ``…`` stands for up to two words. A pattern that begins with ``!`` holds although it denies something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "alive", "watching", "here", "returning", "meeting", "promise",
    "selling", "testament", "money", "medical", "political", "deception",
]  # fmt: skip
PRESENCE: frozenset[Kind] = frozenset({"alive", "watching", "here", "returning", "meeting", "promise"})  # fmt: skip
"""What may stand in quotation marks, as something that was said in life."""
INWARD: frozenset[Kind] = frozenset({"alive", "here"})
"""What is true of a heart or a memory: "I am with you in your hearts"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one language; patterns are alternatives."""

    kinds: Mapping[Kind, tuple[str, ...]]
    of_others: tuple[str, ...]
    """Claims in the third person, as titles make them."""
    denies: str
    """Words that turn a claim into its contrary."""
    hearts: str
    """What may follow a claim and makes it a figure of speech."""
    said: str
    """What introduces a quotation."""
    before: int = 1
    """How many words before a claim may deny it."""
    spaced: bool = True
    """Whether words stand apart."""


_STILL = "(?: (?:still|always|forever|right|just|now|here|ever|really|very|truly|all|never|no longer|not|no more))*"
_AM = "(?:i'?m|i am)"
_SHALL = "i(?:'?ll| will| shall| am going to|'m going to)"

ENGLISH = Rules(
    kinds={
        "alive": (
            rf"{_AM}{_STILL} (?:alive|living|not dead)", r"i (?:still )?live on", r"i still (?:live|breathe|exist)",
            r"!i never (?:really )?died", r"!i (?:did not|didn't|have not|haven't) die[d]?", rf"!{_AM} not (?:really )?(?:dead|gone)",
        ),
        "watching": (
            rf"(?:{_AM}|{_SHALL}(?: be)?|i (?:keep|still|always)){_STILL} (?:watch|watching|look|looking|guard|guarding|smile|smiling) (?:over|down|after|on|at)? ?(?:you|us|on|upon|everyone|all of|(?:the|your|my|our) (?:children|little ones|family|kids|grandchildren|house))",
            r"i (?:look at|watch|guard|guide|follow) you", r"i (?:can |still |always |do )*see (?:how|that|what) you", r"right (?:beside|next to|behind|here with|here beside) you", r"i (?:can |still |always |do )*(?:see|hear) (?:you|everything|everyone|all of you|what you)",
        ),
        "here": (
            rf"{_AM}{_STILL} (?:here|with you|by your side|at your side|beside you|near you|next to you|around you|among you|not far)",
            rf"{_AM} (?:still|always|forever)(?=[.!]|$)", rf"{_SHALL}{_STILL} (?:be|stay|remain){_STILL} (?:here|with you|by your side|beside you|near you|around|close to you)",
            r"!i (?:have |'ve )never (?:really )?left", r"!i never (?:really )?went (?:away|anywhere)", rf"{_AM}{_STILL} (?:standing|sitting|lying|walking) (?:behind|beside|before|next to|near|with|among) you", r"!i'?ve never (?:really )?left", r"!i never (?:really )?left you",
        ),
        "returning": (
            rf"{_SHALL}{_STILL} (?:come (?:back|home|again)|be (?:back|home)|return)",
            rf"{_AM}{_STILL} (?:coming (?:back|home)|back|returning|on my way)", r"i(?:'?ve| have)(?: now| finally)? (?:come back|returned)",
        ),
        "meeting": (
            r"see (?:you|ya)(?: all)?(?: (?:tomorrow|soon|later|tonight|next|on \w+day|around|then|again (?:soon|tomorrow)))",
            r"see (?:you|ya)(?: all)?(?=[.!?]|$)", r"(?:talk|speak) to you (?:soon|later|tomorrow|tonight)", r"(?:un)?till? tomorrow", r"(?:we|let us|let's)(?:'ll| will| shall)? (?:meet|talk|speak) (?:again )?(?:tomorrow|tonight|later|soon|next \w+|on \w+day)",
            rf"{_SHALL} (?:call|phone|ring|visit)(?=[.!?,]|$)", r"(?<!not )(?<!n't )wait for me (?:on|tomorrow|tonight|at)", rf"{_SHALL}{_STILL} (?:call|phone|text|ring|visit|meet|write to) (?:you|by)", r"(?:call|phone|text|ring|email) me(?=[.!]|$| (?:tomorrow|soon|later|when|if|any\w*|tonight|back))",
            rf"{_SHALL}{_STILL} see you (?:tomorrow|soon|later|tonight|next|on)",
        ),
        "promise": (
            r"i (?:now |hereby |solemnly |do )?(?:promise|swear|vow|guarantee)",
            rf"{_SHALL}{_STILL} (?:protect|guard|guide|help|save|look after|take care of|wait for|send|give|bring|buy|pay|make sure|support|be there|keep (?:an eye|you safe))",
            rf"!{_SHALL} (?:never|not) (?:leave|abandon|let you)", r"!i won'?t (?:leave|abandon|let you)",
        ),
        "selling": (
            r"(?:buy|order) (?:now|yours|our|this product|one today|it now|it today)", r"get yours", r"(?:(?<=[.!?:;,] )|(?<![\s\S]))buy (?:this|these|the new|our)", r"order (?:today|online)", r"discounts?",
            r"\d+ ?% off", r"special offer", r"(?:limited|best) (?:offer|price|deal)", r"subscribe", r"(?:visit|come to|see|from|follow) our (?:shop|store|website)", r"our (?:products?|brand)", r"promo(?:tion)? code",
            r"(?:click|tap) (?:on )?(?:the|this) link", r"follow (?:us|our)", r"free shipping", r"for only [$£€]?\d+", r"sponsored by", r"on sale",
        ),
        "testament": (
            r"(?:my|last|the|new) will(?: and testament|(?= is| says| leaves|[.,]))", r"testaments?", r"inheritances?", r"(?:will|shall|should|to) inherit", r"heirs?", r"bequeath\w*", r"executors?", r"disinherit\w*",
            r"i (?:leave|give|hand)(?: over)?… (?:the|my) (?:house|flat|apartment|car|money|savings|farm|company|business|land|jewel\w*|property|shares)",
            r"(?:house|flat|apartment|car|farm|company|business|land|money|savings) (?:goes|go|belongs?|shall go|will go|should go) to",
        ),
        "money": (
            r"bank (?:account|details|card)", r"account number", r"pin(?: code| number)?", r"passwords?", r"(?:send|transfer|lend|wire|borrow|pay|give)… (?:the )?(?:money|cash|dollars|euros|pounds)",
            r"transfer", r"invest(?:ments?|ing)?", r"loans?", r"(?:pay|settle)(?: back)? (?:the|my|your|his|her) (?:debts?|bills?)", r"insurance (?:policy|money|payout)", r"bitcoins?", r"crypto\w*", r"donate", r"donations?",
        ),
        "medical": (
            r"vaccin\w*", r"(?:take|stop|start|skip|refuse|stop taking|change)… (?:pills?|tablets?|medicines?|medication|drugs?|treatment|therapy|dose)", r"cures? (?:for|you|cancer)", r"miracle cure",
            r"(?:do not|don't|never) (?:trust|listen to|see|go to|believe) (?:the |your |a |any )?doctors?", r"dosage",
        ),
        "political": (
            r"vote(?: for| against)?", r"voting", r"elections?", r"referendum", r"politic\w*", r"(?:support|oppose|trust|overthrow) (?:the|our|this) (?:government|president|party|regime)",
            r"(?:republicans?|democrats?|labour party|tories|communist party|conservative party)", r"down with", r"propaganda",
        ),
    },
    of_others=(
        rf"(?:he|she|they|\w+)(?: is| are|'s|'re){_STILL} (?:here|with us|with you|alive|among us|watching|looking down|by our side|not dead|not gone)",
        r"(?:he|she|they) (?:still )?(?:watch(?:es)?|looks? down|lives)", r"(?:still|always|forever) (?:with us|here|alive|watching|by our side)",
        r"!never (?:left|died)", r"watching over us", r"(?:he|she|they)(?:'ll| will)(?: \w+)? (?:return|come back|be back)",
    ),
    denies=r"not|no longer|never|n't|cannot|no more",
    hearts=r"(?:only )?(?:in|through|inside) (?:your|our|the|every|all)?…? ?(?:hearts?|memor\w+|thoughts?|love|stories|dreams?|songs?|pictures?|photographs?|children|words)",
    said=r"said|used to say|would say|wrote|told|sang|whispered|asked|called|always says?",
    before=0,
)  # fmt: skip

GERMAN = Rules(
    kinds={
        "alive": (r"ich (?:bin|leb|lebe)(?: (?:noch|immer|immer noch|ja|doch|weiter|wirklich|nicht mehr|nicht))* (?:am leben|lebendig|lebend)", r"ich lebe (?:noch|immer noch|weiter|doch)",
                  r"!ich bin (?:gar |doch |ja )?nicht (?:tot|gestorben|weg|fort)", r"!ich bin nie gestorben"),
        "watching": (r"ich (?:sehe|schaue|blicke|wache|hore|beobachte)(?: (?:immer|noch|stets|jeden tag|von oben|nicht|nicht mehr))* (?:euch|dich|dir|ihnen|sie|auf (?:euch|dich)|uber (?:euch|dich)|alles|auf euch herab)",
                     r"ich werde(?: \w+){0,4} (?:wachen|zusehen|zuschauen|beobachten)", r"ich (?:schaue|blicke|sehe|wache)(?: \w+){0,4} (?:auf|uber|nach) (?:euch|dich|dir)", r"ich passe(?: \w+)? auf (?:euch|dich) auf", r"ich werde(?: \w+){0,3} (?:auf (?:euch|dich|alle|die kinder))(?: \w+)? (?:aufpassen|achten|achtgeben)"),
        "here": (r"ich bin(?: (?:noch|immer|immer noch|stets|weiter|weiterhin|ganz|so|nah|nahe|ja|doch|nicht|nicht mehr|heute))* (?:hier|da|bei (?:euch|dir|ihnen|uns)|an (?:eurer|deiner|ihrer) seite|in (?:eurer|deiner) nahe|unter euch)",
                 r"ich (?:werde|bleibe)(?: (?:immer|fur immer|stets|auch|noch|ewig|nicht))* (?:hier|da|bei (?:euch|dir|ihnen)|an (?:eurer|deiner|ihrer) seite)", r"ich (?:stehe|sitze|liege|gehe)(?: \w+){0,2} (?:hinter|neben|vor|bei) (?:dir|euch|ihnen)", r"!ich (?:habe|hab) (?:euch|dich) nie verlassen", r"!ich bin nie (?:fort)?gegangen"),
        "returning": (r"ich komme(?: \w+){0,3} (?:zuruck|wieder|heim|nach hause)", r"ich kehre(?: \w+){0,3} (?:zuruck|heim)", r"ich (?:werde|bin)(?: \w+){0,3} (?:zuruckkommen|wiederkommen|zuruckkehren|heimkommen|zuruck|wieder da)"),
        "meeting": (r"bis (?:morgen|bald|spater|gleich|nachher|dann|heute abend|nachste[nrms]? \w+|zum nachsten mal|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)", r"wir (?:sehen|horen|treffen) uns(?: \w+)? (?:morgen|bald|spater|gleich|nachher|nachste \w+)",
                    r"ruft? mich(?: \w+)? an", r"schreibt? mir", r"ich (?:rufe|besuche|treffe|schreibe) (?:euch|dich|dir)"),
        "promise": (r"(?:das )?(?:ich )?(?:verspreche|schwore|gelobe|garantiere)(?: ich)?", r"ich werde(?: \w+){0,4} (?:beschutzen|helfen|sorgen|kummern|warten|behuten|begleiten|schicken|kaufen|bezahlen|unterstutzen|verlassen)",
                    r"ich (?:beschutze|behute|warte auf|begleite|helfe|kummere mich um|sorge fur) (?:euch|dich|dir)", r"!ich (?:verlasse|werde) (?:euch|dich)… (?:nie|nicht|niemals)(?: verlassen)?"),
        "selling": (r"(?:jetzt|gleich|online) (?:kaufen|bestellen|buchen)", r"(?:kauft|kaufen sie|bestellt|bestellen sie|bestell)… (?:jetzt|unser\w*|dies\w*|heute)", r"rabatt\w*", r"sonderangebot\w*", r"\d+ ?(?:%|prozent) (?:rabatt|gunstiger|billiger)",
                    r"(?:besucht|besuchen sie|kommt in|kommen sie in) unser\w* (?:shop|laden|onlineshop|webseite|website)", r"unsere?n? produkte?n?", r"gutschein\w*", r"abonnier\w*", r"nur \d+ euro", r"zum sonderpreis"),
        "testament": (r"testament\w*", r"erb(?:t|en|st) (?:die|das|den|alles|mein\w*|nichts)", r"erbe[ns]?", r"erbschaft\w*", r"vererbe\w*", r"enterb\w*", r"erbteil\w*", r"vermache\w*", r"nachlass\w*", r"(?:haus|wohnung|auto|geld|firma|hof) (?:gehort|geht an|bekommt|erhalt)"),
        "money": (r"kontonummer\w*", r"mein konto", r"bank(?:konto|daten|karte)", r"iban", r"pin", r"passwort\w*", r"(?:uberweis\w*|investier\w*|kredit\w*|lebensversicherung\w*|bitcoin\w*|krypto\w*|spende[nt]?)", r"schulden (?:be)?zahl\w*", r"geld (?:geben|schicken|leihen|senden)", r"(?:gebt|schickt|leiht|gib|schick)… geld"),
        "medical": (r"impf\w*", r"(?:nehmt|nimm|nehmen sie|setzt)… (?:tabletten|medikamente|medizin|pillen|arznei)", r"(?:brecht|setzt|brich) die (?:therapie|behandlung) ab", r"wundermittel", r"heilt (?:krebs|euch|dich)", r"(?:glaubt|traut|glaub|trau)… (?:arzten|arzt) nicht"),
        "political": (r"(?:zur|der|nachsten?) wahl(?:en)?", r"(?:bundestags|landtags|kommunal|europa)wahl\w*", r"wahlkampf\w*", r"(?:afd|cdu|csu|spd|fdp)", r"politi\w*", r"regierung\w*", r"partei(?:en)?", r"volksabstimmung\w*", r"stimmt (?:fur|gegen)"),
    },
    of_others=(r"(?:er|sie|\w+) (?:ist|sind|lebt|leben|wacht|wachen)(?: (?:noch|immer|immer noch|stets|weiter))* (?:hier|da|bei (?:uns|euch)|am leben|uber uns|unter uns|weiter|noch)", r"(?:immer|noch) (?:bei uns|unter uns|da)",
               r"(?:er|sie) (?:sieht|schaut|blickt)(?: \w+){0,2} (?:zu|uns|herab)", r"!nie (?:gegangen|gestorben)", r"(?:er|sie) kommt(?: \w+)? (?:zuruck|wieder)"),
    denies=r"nicht|nie|niemals|kein\w*|nimmer", hearts=r"in (?:euren|deinem|euer\w*|unser\w*|den|eurer|deiner|ihren|jedem|allen)?…? ?(?:herz\w*|erinnerung\w*|gedanken|liebe|traum\w*|geschichten|liedern|bildern)",
    said=r"sagte\w*|gesagt|sagt immer|schrieb\w*|geschrieben|rief\w*|sang\w*|fragte\w*|pflegte", before=0,
)  # fmt: skip

FRENCH = Rules(
    kinds={
        "alive": (r"je suis(?: (?:toujours|encore|bien|vraiment|plus))* (?:vivante?|en vie)", r"je vis (?:encore|toujours)", r"!je ne suis pas (?:morte?|partie?)", r"!je ne suis jamais (?:morte?|partie?)"),
        "watching": (r"je (?:vous|te) (?:vois|regarde|surveille|entends|observe|protege)(?: (?:plus|pas))?", r"je veille(?:rai)?(?: (?:toujours|encore|plus|pas))? sur (?:vous|toi)", r"je t'(?:entends|observe|ecoute)", r"je (?:vois|regarde) tout"),
        "here": (r"je suis(?: (?:toujours|encore|bien|tout|plus|pas|pres|aujourd'hui))* (?:la|ici|avec (?:vous|toi)|a (?:vos|tes) cotes|pres de (?:vous|toi)|parmi vous)",
                 r"je (?:serai|resterai|reste)(?: (?:toujours|encore|plus|pas|a jamais))* (?:la|ici|avec (?:vous|toi)|a (?:vos|tes) cotes|pres de (?:vous|toi))", r"!je ne (?:vous|t'|te)(?: )?(?:ai|as) jamais quittee?s?"),
        "returning": (r"je (?:reviens|reviendrai|rentre|rentrerai)", r"je vais (?:revenir|rentrer)", r"je suis (?:revenue?|de retour)"),
        "meeting": (r"a (?:demain|bientot(?! \d)|tout a l'heure|plus tard|ce soir|tres vite|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)", r"on se (?:voit|retrouve|revoit|parle)… (?:demain|bientot|plus tard|ce soir)", r"(?:appelez|appelle|ecrivez|ecris)[- ]moi", r"je (?:vous|t'|te) ?(?:appellerai|appelle|verrai demain|ecrirai)"),
        "promise": (r"je (?:vous |te |le |vous le |te le )?(?:promets|jure|garantis)", r"je (?:vous|te|t') ?(?:protegerai|aiderai|attendrai|guiderai|enverrai|donnerai|accompagnerai|soutiendrai)", r"je prendrai soin", r"!je ne (?:vous|te) (?:quitterai|laisserai|abandonnerai) (?:jamais|pas)", r"je m'occuperai de"),
        "selling": (r"(?:achetez|commandez|achete|commande)(?: (?:maintenant|vite|notre|nos|ce|cet|cette|aujourd'hui|des|en ligne))", r"(?:en promotion|promo|soldes|reductions?)", r"remise de \d+", r"\d+ ?% (?:de )?(?:remise|reduction|moins)", r"(?:visitez|venez dans|sur) (?:notre|nos) (?:boutique|magasin|site)s?", r"nos produits", r"abonnez[- ]vous", r"offre speciale", r"pour seulement \d+", r"code promo"),
        "testament": (r"testament\w*", r"heritages?", r"heritier\w*", r"heriter(?:a|as|ez|ont)", r"desherit\w*", r"legue\w*", r"succession", r"notaire", r"(?:maison|appartement|voiture|argent|ferme|entreprise) (?:revient|appartient|ira|va|est) (?:a|au|aux|pour)"),
        "money": (r"compte (?:bancaire|en banque)", r"virement\w*", r"mots? de passe", r"code secret", r"investi\w*", r"(?:prets?|credits?) (?:bancaires?)?", r"dettes?", r"assurance[- ]vie", r"(?:envoyez|donnez|pretez|envoie|donne|prete)[- ](?:lui|leur|moi|nous) (?:l'|de l'|cet )?argent", r"bitcoins?", r"crypto\w*", r"faites un don", r"(?:envoyez|donnez|pretez|envoie|donne|prete)… argent", r"(?:envoyez|donnez|pretez|envoie|donne|prete)… l'argent"),
        "medical": (r"vaccin\w*", r"(?:prenez|prends|arretez|arrete)… (?:medicaments?|cachets?|pilules?|traitements?|remedes?)", r"remede miracle", r"guerit (?:le|du|de)", r"posologie", r"n'ecoute[zs]? pas les medecins"),
        "political": (r"votez|votes? pour|voter", r"elections?", r"referendum", r"politiques?", r"gouvernement", r"(?:le|notre|ce|un) parti (?:politique|socialiste|communiste|republicain)", r"president de la republique", r"a bas"),
    },
    of_others=(r"(?:il|elle|ils|elles|\w+) (?:est|sont)(?: (?:toujours|encore))* (?:la|ici|avec nous|avec vous|vivante?s?|en vie|parmi nous|a nos cotes)", r"toujours (?:avec nous|parmi nous|la|vivante?)", r"(?:il|elle) (?:veille|nous (?:voit|regarde|protege))", r"(?:il|elle) (?:reviendra|revient)"),
    denies=r"ne|n'|pas|plus|jamais", hearts=r"dans (?:vos|ton|tes|nos|votre|notre|le|les|leurs?|chaque|tous les)?…? ?(?:coeurs?|cœurs?|souvenirs?|pensees?|memoires?|reves?|histoires|chansons)", said=r"disait|disais|a dit|ai dit|dit souvent|ecrivait|ecrivais|repetait|repetais|chantait|chantais|demandait", before=1,
)  # fmt: skip

SPANISH = Rules(
    kinds={
        "alive": (r"(?:estoy|sigo)(?: (?:aun|todavia|bien|muy))* viv[oa]", r"(?:aun|todavia) vivo", r"!no (?:estoy muert[oa]|he muerto|me he ido|me fui)", r"!nunca (?:mori|me fui|he muerto)"),
        "watching": (r"(?:os|te|los|las) (?:veo|miro|observo|vigilo|escucho|oigo|cuido|estoy (?:viendo|mirando|cuidando))", r"(?:velo|velare|miro) por (?:vosotros|ti|ustedes)", r"lo veo todo", r"(?:cuidandote|cuidandoos|mirandote|mirandoos)(?: desde \w+)?"),
        "here": (r"(?:estoy|sigo|estare|seguire|permanezco|permanecere)(?: (?:aun|todavia|siempre|muy|cerca|hoy|ya|por siempre|para siempre))* (?:aqui|con vosotros|con ustedes|contigo|a (?:tu|vuestro|su) lado|cerca de (?:ti|vosotros|ustedes)|entre vosotros|presente)", r"!nunca (?:os|te|los) (?:he dejado|deje|abandone)"),
        "returning": (r"(?:volvere|regresare)(?: (?:a casa|pronto|manana|con vosotros|contigo))?", r"(?:vuelvo|regreso) (?:pronto|manana|con vosotros|contigo)", r"voy a (?:volver|regresar)", r"he (?:vuelto|regresado)", r"estoy de vuelta"),
        "meeting": (r"hasta (?:manana|pronto|luego|el (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)|esta noche)", r"nos vemos(?: (?:manana|pronto|luego|despues|esta noche))?", r"(?:llamame|llamadme|escribeme|escribidme|llamenme)", r"(?:te|os|los) (?:llamare|llamo|visitare|escribire|vere (?:manana|pronto))"),
        "promise": (r"(?:te |os |les |se )?(?:lo )?(?:prometo|juro|garantizo)", r"(?:te|os|los|las|les) (?:protegere|ayudare|cuidare|esperare|guiare|dare|mandare|enviare|acompanare|comprare)", r"!nunca (?:te|os|los) (?:dejare|abandonare)", r"!no (?:te|os|los) (?:dejare|abandonare)", r"(?:cuidare|velare) (?:de|por) (?:ti|vosotros|ustedes)"),
        "selling": (r"(?:compra|compre|compren|comprad|pide|pida|pidan)(?: (?:ya|ahora|hoy|nuestr[oa]s?|est[ea]|estos|online|en linea))", r"descuentos?", r"rebajas?", r"\d+ ?% (?:de descuento|menos)", r"oferta(?:s)?(?: especial(?:es)?)?", r"(?:visita|visite|visiten|visitad) nuestr[oa] (?:tienda|web|pagina)", r"nuestros productos", r"suscrib\w+", r"por solo \d+", r"codigo promocional"),
        "testament": (r"testamentos?", r"herenci\w+", r"hereder\w+", r"heredar(?:a|as|an|eis)", r"deshered\w*", r"legado de la casa", r"notari[oa]", r"(?:la casa|el piso|el coche|el dinero|la finca|la empresa) (?:es|sera|queda|va) para"),
        "money": (r"cuenta (?:bancaria|del banco)", r"transferenci\w*", r"transfier\w*", r"contrasenas?", r"invert\w+|inviert\w+|inversion(?:es)?", r"prestamos?", r"deudas?", r"seguro de vida", r"(?:dadle|dadles|dale|dales|denle|denles|mandadle|mandale|enviadle|enviale|prestadle|prestale)(?: \w+)? dinero", r"bitcoins?", r"cripto\w*", r"(?:donen|donad|donaciones|donativos?)", r"(?:manda|mandad|envia|enviad|da|dad|presta|denle|dale)… dinero"),
        "medical": (r"vacun\w*", r"(?:toma|tome|tomes|tomad|tomen|tomeis|deja|dejes|dejad|dejen)… (?:pastillas?|medicinas?|medicamentos?|tratamiento|medicacion)", r"remedio milagroso", r"cura el cancer", r"no (?:confies|confieis|confien|creas|creais) en los medicos"),
        "political": (r"(?:vota|voten|votad|vote|votar|voto)(?: por| a)?", r"no vot(?:es|eis)", r"elecciones", r"referendum", r"politic\w*", r"gobierno", r"partido (?:politico|popular|socialista|comunista)", r"presidente del gobierno", r"abajo (?:el|la|los)"),
    },
    of_others=(r"(?:el|ella|ellos|\w+)? ?(?:esta|estan|sigue|siguen)(?: (?:aun|todavia|siempre))* (?:aqui|con nosotros|viv[oa]s?|entre nosotros|a nuestro lado|mirando\w*|cuidando\w*)", r"siempre (?:con nosotros|aqui|viv[oa])", r"nos (?:ve|mira|cuida|observa)(?: desde)?", r"(?:volvera|regresara)"),
    denies=r"no|ya no|nunca|jamas|tampoco", hearts=r"en (?:tu|vuestro|vuestros|su|sus|el|los|nuestro|nuestros|cada|vuestra|tus)?…? ?(?:corazon|corazones|recuerdos?|memoria|pensamientos?|suenos?|historias|canciones|alma)", said=r"decia|decias|dijo|dije|escribia|escribio|cantaba|repetia|preguntaba|solia decir",
)  # fmt: skip

ITALIAN = Rules(
    kinds={
        "alive": (r"(?:io )?sono(?: (?:ancora|sempre|davvero))* viv[oa]", r"vivo ancora", r"!non sono (?:mort[oa]|andat[oa])", r"!non sono mai (?:mort[oa]|andat[oa])"),
        "watching": (r"(?:vi|ti) (?:vedo|guardo|osservo|sento|proteggo|sto (?:guardando|vedendo))", r"veglio(?: (?:ancora|sempre))? su (?:di )?(?:voi|te)", r"vegliero", r"vedo tutto"),
        "here": (r"(?:sono|saro|resto|restero|rimango|rimarro)(?: (?:ancora|sempre|qui|per sempre|oggi|molto))* (?:qui|qua|con (?:voi|te)|al (?:vostro|tuo) fianco|accanto a (?:voi|te)|vicin[oa] a (?:voi|te)|tra (?:di )?voi)", r"!non (?:vi|ti) ho mai lasciat\w"),
        "returning": (r"(?:tornero|ritornero)(?: (?:a casa|presto|domani|da voi|indietro))?", r"(?:torno|ritorno) (?:presto|domani|da voi)", r"sto tornando", r"sono (?:tornat[oa]|di ritorno)"),
        "meeting": (r"a (?:domani|presto|dopo|piu tardi|stasera|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica)", r"ci (?:vediamo|sentiamo)(?: (?:domani|presto|dopo|piu tardi|stasera))?", r"(?:chiamatemi|chiamami|scrivetemi|scrivimi)", r"(?:vi|ti) (?:chiamero|chiamo|scrivero|telefonero)"),
        "promise": (r"(?:ve |te |vi |ti )?(?:lo )?(?:prometto|giuro|garantisco)", r"(?:vi|ti) (?:proteggero|aiutero|aspettero|guidero|daro|mandero|accompagnero|comprero)", r"mi prendero cura", r"!non (?:vi|ti) (?:lascero|abbandonero)(?: mai)?", r"avro cura"),
        "selling": (r"(?:compra|comprate|acquista|acquistate|ordina|ordinate)(?: (?:ora|subito|adesso|oggi|il nostro|i nostri|quest[oa]|online))", r"scont[oi]", r"saldi", r"offert[ae] (?:speciale|speciali|limitata)", r"(?:visita|visitate) il nostro (?:negozio|sito)", r"i nostri prodotti", r"abbonatevi|abbonati|iscrivetevi", r"\d+ ?% (?:di sconto|in meno)", r"a soli \d+"),
        "testament": (r"testament\w*", r"eredit\w+", r"ered[ei]", r"diseredat\w*", r"lascito", r"notaio", r"(?:la casa|l'appartamento|la macchina|i soldi|l'azienda) (?:va|vanno|e|sara|spetta)(?: \w+)? (?:a|per)"),
        "money": (r"conto (?:bancario|in banca|corrente)", r"bonific\w*", r"password", r"codice pin", r"invest\w+", r"prestit[oi]", r"mutuo", r"debit[oi]", r"assicurazione sulla vita", r"bitcoin", r"cripto\w*", r"donazion[ei]", r"(?:manda|mandate|date|dai|presta|prestate)… (?:soldi|denaro)"),
        "medical": (r"vaccin\w*", r"(?:prendi|prendete|smetti|smettete)(?: di prendere)?… (?:pillole|medicine|medicina|farmaci|terapia|cura)", r"rimedio miracoloso", r"cura (?:il|del) cancro", r"non (?:fidatevi|fidarti|credete) (?:dei|ai) medici"),
        "political": (r"vot(?:a|ate|are|iamo)(?: per)?", r"elezioni", r"referendum", r"politic\w*", r"govern[oi]", r"partito (?:politico|democratico|comunista)", r"abbasso"),
    },
    of_others=(r"(?:lui|lei|loro|\w+)? ?(?:e|sono)(?: (?:ancora|sempre))+ (?:qui|con noi|viv[oaie]|tra noi|al nostro fianco)", r"sempre (?:con noi|qui|viv[oa])", r"(?:ci guarda|veglia su|ci protegge|ci vede)", r"(?:tornera|ritornera)"),
    denies=r"non|mai|piu|nemmeno", hearts=r"(?:nel|nei|nella|nelle|in)(?: (?:vostro|vostri|tuo|tuoi|nostro|nostri|vostra|tua|ogni))?…? ?(?:cuore|cuori|ricordo|ricordi|memoria|memorie|pensier[oi]|sogni|storie|canzoni)", said=r"diceva|dicevo|ha detto|ho detto|scriveva|scrivevo|cantava|cantavo|ripeteva|chiedeva",
)  # fmt: skip

PORTUGUESE = Rules(
    kinds={
        "alive": (r"(?:eu )?(?:estou|continuo|sigo)(?: (?:ainda|bem))* viv[oa]", r"ainda (?:estou viv[oa]|vivo)", r"!nao (?:estou mort[oa]|morri|parti|fui embora)", r"!nunca (?:morri|parti)"),
        "watching": (r"(?:eu )?(?:vos|vejo|te vejo|olho|observo|vigio|escuto|ouco)(?: (?:por )?(?:voces?|vos|ti|te|tudo))", r"(?:estou|fico|continuo) (?:a )?(?:olhando|olhar|cuidando|cuidar|velando|velar|vendo|ver)", r"velo por"),
        "here": (r"(?:estou|estarei|continuo|continuarei|fico|ficarei)(?: (?:ainda|sempre|aqui|muito|hoje|para sempre|bem))* (?:aqui|com (?:voces?|vos)|contigo|convosco|ao (?:teu|seu|vosso) lado|ao lado de voces?|perto de (?:ti|voces?)|entre voces?)", r"!nunca (?:vos|te|os|voces) (?:deixei|abandonei)"),
        "returning": (r"(?:voltarei|regressarei|retornarei)(?: (?:para casa|a casa|em breve|logo|amanha))?", r"(?:volto|regresso) (?:em breve|logo|amanha)", r"vou (?:voltar|regressar)", r"(?:eu )?voltei(?= para voces?|[.!]|$)", r"estou de volta"),
        "meeting": (r"ate (?:amanha|logo|breve|ja|mais(?= tarde| logo|[.!]|$)|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?|sabado|domingo)", r"(?:vejo-vos|vemo-nos|a gente se ve|nos vemos)(?: (?:amanha|logo|em breve))?", r"(?:liguem-me|liga-me|me liguem|me liga|me ligue|escrevam-me|me escrevam)", r"(?:vou|eu) (?:ligar|telefonar|visitar)"),
        "promise": (r"(?:eu )?(?:vos |te |lhes )?(?:prometo|juro|garanto)", r"(?:vou|eu vou) (?:proteger|ajudar|cuidar|esperar|guiar|mandar|enviar|comprar|dar)", r"(?:cuidarei|protegerei|esperarei|ajudarei|guiarei|velarei)", r"!nunca (?:vos|te|os) (?:deixarei|abandonarei)", r"!nao (?:vos|te|os) (?:deixarei|abandonarei)"),
        "selling": (r"(?:compre|comprem|compra|encomende|peca)(?: (?:ja|agora|hoje|o nosso|a nossa|nosso|nossa|este|esta|online))", r"descontos?", r"promoc(?:ao|oes)", r"saldos?", r"oferta especial", r"(?:visite|visitem) (?:a |o )?noss[ao] (?:loja|site)", r"nossos produtos", r"(?:assine|inscreva-se|subscreva)", r"por apenas \d+", r"\d+ ?% (?:de desconto|menos)"),
        "testament": (r"testamentos?", r"herancas?", r"herdeir[oa]s?", r"herdar(?:a|as|ao|ei)", r"deserd\w*", r"notario", r"(?:a casa|o carro|o apartamento|o dinheiro|a empresa) (?:e|sera|fica|vai) (?:para|com|do|da)"),
        "money": (r"conta (?:bancaria|no banco)", r"transfer\w+", r"palavra-passe|senhas?", r"invest\w+", r"emprestimos?", r"dividas?", r"seguro de vida", r"bitcoins?", r"cripto\w*", r"(?:doe|doem|doacoes|doacao|donativos?)", r"pix", r"(?:manda|mandem|envia|enviem|de|deem|empresta)… dinheiro"),
        "medical": (r"vacin\w*", r"(?:toma|tome|tomem|parem|pare|para)… (?:comprimidos?|remedios?|medicamentos?|medicacao|tratamento)", r"cura milagrosa", r"cura o (?:cancro|cancer)", r"nao (?:confiem|confies|acreditem) (?:nos|em) medicos"),
        "political": (r"(?:vota|votem|vote|votar|votai)(?: em| no| na)?", r"eleic(?:ao|oes)", r"referendo", r"politic\w*", r"governo", r"partido (?:politico|socialista|comunista|dos trabalhadores)", r"abaixo (?:o|a)"),
    },
    of_others=(r"(?:ele|ela|eles|\w+)? ?(?:esta|estao|continua|continuam)(?: (?:ainda|sempre))* (?:aqui|connosco|conosco|viv[oa]s?|entre nos|ao nosso lado|a olhar|olhando)", r"sempre (?:connosco|conosco|aqui|viv[oa])", r"(?:vela por nos|olha por nos|nos ve|cuida de nos)", r"(?:voltara|regressara)"),
    denies=r"nao|ja nao|nunca|jamais|nem", hearts=r"(?:no|nos|na|nas|em)(?: (?:vosso|vossos|teu|teus|seu|seus|nosso|nossos|vossa|tua|cada))?…? ?(?:coracao|coracoes|lembrancas?|recordac\w+|memorias?|pensamentos?|sonhos?|historias|cancoes)", said=r"dizia|disse|escrevia|escreveu|cantava|repetia|perguntava|costumava dizer",
)  # fmt: skip
