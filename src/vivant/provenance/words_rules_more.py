"""More languages; see ``words_rules`` for what the patterns mean."""

from __future__ import annotations

from collections.abc import Mapping

from vivant.provenance.words_rules import (
    ENGLISH,
    FRENCH,
    GERMAN,
    ITALIAN,
    PORTUGUESE,
    SPANISH,
    Rules,
)

DUTCH = Rules(
    kinds={
        "alive": (r"ik (?:leef|ben)(?: (?:nog|altijd|steeds|nog steeds|nog altijd|echt|niet meer|niet))* (?:in leven|levend|nog)", r"ik leef (?:nog|voort|door)", r"!ik ben niet (?:dood|weg|gestorven)", r"!ik ben nooit (?:gestorven|weggegaan)"),
        "watching": (r"ik (?:zie|hoor|bewaak|volg|bekijk)(?: (?:nog|altijd|steeds))* (?:jullie|jou|je|u|alles)(?: niet)?", r"ik (?:kijk|waak|let)(?: (?:nog|altijd|steeds|van boven))* (?:naar|over|op|toe|neer)(?: (?:jullie|jou|je|u))?", r"ik zal(?: \w+){0,3} (?:waken|kijken|toekijken)"),
        "here": (r"ik (?:ben|blijf)(?: (?:nog|altijd|steeds|nog steeds|nog altijd|gewoon|heel|dicht|vandaag|niet|niet meer))* (?:hier|er|bij (?:jullie|jou|je|u|ons)|aan (?:jullie|jouw|je|uw) zijde|in de buurt|naast (?:jullie|je|jou)|onder jullie)", r"ik zal(?: (?:altijd|steeds|er|voor altijd|nog|niet))* (?:bij (?:jullie|jou|je|u)|hier) (?:zijn|blijven)", r"!ik heb (?:jullie|je|jou) nooit verlaten"),
        "returning": (r"ik kom(?: \w+){0,3} (?:terug|thuis|weer)", r"ik keer(?: \w+){0,3} terug", r"ik (?:zal|ga|ben)(?: \w+){0,3} (?:terugkomen|terugkeren|thuiskomen|terug)"),
        "meeting": (r"tot (?:morgen|straks|zo|gauw|snel|binnenkort|vanavond|later|dan|volgende \w+|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)", r"we (?:zien|spreken) elkaar(?: \w+)? (?:morgen|gauw|snel|straks|binnenkort|later|weer)", r"(?:bel|schrijf|mail|app) (?:me|mij)", r"ik (?:bel|bezoek|schrijf) (?:jullie|je|jou|u)"),
        "promise": (r"(?:dat )?(?:ik )?(?:beloof|zweer|garandeer)(?: ik)?", r"ik zal(?: \w+){0,4} (?:beschermen|helpen|zorgen|wachten|begeleiden|sturen|kopen|geven|betalen|steunen|verlaten)", r"ik (?:bescherm|help|begeleid|wacht op|zorg voor) (?:jullie|jou|je|u)", r"!ik (?:verlaat|zal) (?:jullie|jou|je) nooit"),
        "selling": (r"(?:koop|bestel|boek) (?:nu|vandaag|onze?|deze|dit|online)", r"korting\w*", r"aanbieding\w*", r"\d+ ?(?:%|procent) (?:korting|goedkoper)", r"(?:bezoek|kom naar) onze (?:winkel|webshop|website)", r"onze producten", r"abonneer\w*", r"uitverkoop", r"voor maar \d+", r"kortingscode"),
        "testament": (r"testament\w*", r"erfenis\w*", r"erf(?:deel|genaam|genamen)", r"onterf\w*", r"nalatenschap\w*", r"notaris", r"(?:het huis|de auto|het geld|het bedrijf|de boerderij) (?:is voor|gaat naar|hoort|krijgt)"),
        "money": (r"maak(?:t)?(?: \w+){0,3} over(?: \w+){0,2} (?:rekening|bank)", r"bankrekening\w*", r"rekeningnummer\w*", r"pincode\w*", r"wachtwoord\w*", r"overma(?:ak|ken)", r"overboek\w*", r"invest\w+", r"lening\w*", r"schulden", r"levensverzekering\w*", r"bitcoins?", r"crypto\w*", r"doneer|donatie[s]?", r"(?:geef|stuur|leen)… geld"),
        "medical": (r"vaccin\w*", r"(?:neem|slik|stop)… (?:pillen|medicijnen|medicatie|tabletten|behandeling)", r"wondermiddel", r"geneest (?:kanker|jullie|je)", r"(?:vertrouw|geloof) de (?:dokter|artsen) niet"),
        "political": (r"stem(?:t|men)? (?:op|voor|tegen)", r"verkiezing\w*", r"referendum", r"politi\w*", r"regering\w*", r"(?:politieke|deze|onze) partij", r"weg met"),
    },
    of_others=(r"(?:hij|zij|ze|\w+) (?:is|zijn|leeft|leven|waakt|kijkt)(?: (?:nog|altijd|steeds))* (?:hier|bij ons|in leven|over ons|onder ons|voort|nog)", r"(?:altijd|nog) (?:bij ons|onder ons)", r"!nooit (?:weggegaan|gestorven)", r"(?:hij|zij|ze) komt(?: \w+)? terug"),
    denies=r"niet|niet meer|nooit|geen", hearts=r"in (?:jullie|je|jouw|uw|ons|onze|het|de|ieders|elk)?…? ?(?:hart(?:en)?|herinnering\w*|gedachten?|liefde|dromen|verhalen|liedjes)", said=r"zei(?:den)?|gezegd|zegt altijd|schreef|geschreven|riep|zong|vroeg", before=0,
)  # fmt: skip

POLISH = Rules(
    kinds={
        "alive": (r"(?:ja )?(?:wciaz|nadal|ciagle|jeszcze) zyje", r"(?:ja )?zyje(?: nadal| wciaz| dalej)?", r"jestem (?:wciaz |nadal )?zyw[ya]", r"!nie (?:umarl[ea]m|odeszl[ea]m|odszedlem)", r"!nigdy nie (?:umarl[ea]m|odeszl[ea]m|odszedlem)"),
        "watching": (r"(?:was|cie|ciebie|wszystko)… (?:widze|slysze|obserwuje)", r"(?:widze|slysze|obserwuje|strzege|ogladam) (?:was|cie|ciebie|wszystko)", r"(?:patrze|spogladam|czuwam|bede czuwac|bede patrzec)(?: (?:na|nad) (?:was|wami|toba|ciebie))?(?: z (?:gory|nieba))?"),
        "here": (r"(?:jestem|bede|zostane|pozostane)(?: (?:wciaz|nadal|zawsze|ciagle|tu|tutaj|dzis|blisko|na zawsze))* (?:tu|tutaj|z wami|z toba|przy (?:was|tobie)|obok (?:was|ciebie)|blisko (?:was|ciebie)|wsrod was)", r"!nigdy (?:was|cie) nie opusci\w+"),
        "returning": (r"(?:wroce|powroce|wracam|przyjde)(?: (?:do (?:was|domu|ciebie)|jutro|wkrotce))?", r"(?:wrocilem|wrocilam)(?= do was|[.!]|$)"),
        "meeting": (r"do (?:jutra|wieczora|poniedzialku|wtorku|srody|czwartku|piatku|soboty|niedzieli)", r"do zobaczenia(?: (?:jutro|wkrotce|niedlugo|wieczorem|pozniej))", r"(?:widzimy|zobaczymy|spotkamy) sie(?: (?:jutro|wkrotce|niedlugo|wieczorem|pozniej|znow))?", r"(?:zadzwon|zadzwoncie|napisz|napiszcie)(?: do mnie)?", r"zadzwonie"),
        "promise": (r"(?:obiecuje|przysiegam|przyrzekam|gwarantuje)", r"(?:bede|zamierzam) (?:was|cie|ci|wam)? ?(?:chronic|strzec|pomagac|wspierac|prowadzic|czekac|opiekowac)", r"(?:ochronie|pomoge|zaczekam|zaopiekuje|poprowadze|zadbam)", r"!nigdy (?:was|cie) nie (?:zostawie|opuszcze)", r"!nie (?:zostawie|opuszcze) (?:was|cie)"),
        "selling": (r"(?:kup|kupcie|kupujcie|zamow|zamowcie)(?: (?:teraz|juz|dzis|nasz\w*|ten|te|online))", r"rabat\w*", r"znizk\w*", r"promocj\w*", r"wyprzedaz\w*", r"odwiedz\w* nasz\w*", r"nasze produkty", r"subskryb\w*", r"tylko \d+", r"\d+ ?% taniej"),
        "testament": (r"testament\w*", r"spad(?:ek|ku|kiem|kobier\w*)", r"dziedzic\w*", r"wydziedzicz\w*", r"notariusz\w*", r"(?:dom|mieszkanie|samochod|pieniadze|firma) (?:dostaje|nalezy|przypada|jest dla)"),
        "money": (r"kont(?:o|a) (?:bankow\w*|w banku)", r"numer konta", r"przelew\w*", r"przelej\w*", r"hasl[oa]", r"pin", r"inwest\w+", r"kredyt\w*", r"pozyczk\w*", r"splac\w* dlugi", r"polis[ay]", r"bitcoin\w*", r"krypto\w*", r"wplac\w*", r"datk\w*|darowizn\w*", r"(?:daj|dajcie|wyslij|wyslijcie|pozycz)… pieniadze"),
        "medical": (r"szczepi\w*|szczepion\w*", r"(?:bierz|bierzcie|wez|wezcie|odstaw|odstawcie)… (?:lekarstw\w*|leki|tabletki|leczenie)", r"cudown\w* lek\w*", r"leczy raka", r"nie (?:ufajcie|wierzcie|ufaj|wierz) lekarzom"),
        "political": (r"glosuj\w*", r"(?:na|idzcie na) wybory", r"wyborach|wyborow", r"referendum", r"polity\w*", r"rzad(?:u|owi)", r"partia|partii|partie", r"precz z"),
    },
    of_others=(r"(?:on|ona|oni|\w+)? ?(?:jest|sa|zyje|zyja|czuwa)(?: (?:wciaz|nadal|zawsze))+ (?:z nami|tu|tutaj|nad nami|wsrod nas)", r"(?:wciaz|zawsze|nadal) (?:z nami|wsrod nas|zyje)", r"(?:czuwa nad nami|patrzy na nas|widzi nas)", r"(?:wroci|powroci)"),
    denies=r"nie|juz nie|nigdy", hearts=r"w (?:waszych|twoim|twojej|naszych|waszej|naszej|sercach|kazdym)?…? ?(?:serc\w+|pamieci|wspomnieni\w+|myslach|snach|opowiesciach|piosenkach)", said=r"mowil\w*|powiedzial\w*|pisal\w*|napisal\w*|spiewal\w*|powtarzal\w*|pytal\w*|mawial\w*",
)  # fmt: skip

TURKISH = Rules(
    kinds={
        "alive": (r"(?:hala |halen |ben )*(?:yasiyorum|hayattayim|sagim|canliyim)", r"!(?:ben )?(?:olmedim|gitmedim)"),
        "watching": (r"(?:sizi|seni|hepinizi|her seyi)(?: \w+){0,3} (?:izliyorum|goruyorum|gozluyorum|seyrediyorum|duyuyorum|koruyorum|kolluyorum)", r"(?:yukaridan|gokten|cennetten) (?:izliyorum|bakiyorum|goruyorum)", r"(?:uzerinizde|ustunuzde) gozum"),
        "here": (r"(?:hala|hep|daima|her zaman|bugun)? ?(?:buradayim|yaninizdayim|yanindayim|yani basinizdayim|aranizdayim|sizinleyim|seninleyim)", r"(?:yaninizda|yaninda|sizinle|seninle|burada)(?: \w+)? (?:olacagim|kalacagim)", r"!(?:sizi|seni) (?:hic )?(?:birakmadim|terk etmedim)"),
        "returning": (r"(?:geri )?(?:donecegim|geliyorum|donuyorum|gelecegim)", r"(?:geri )?dondum(?=[.!]|$)"),
        "meeting": (r"(?:yarin|yakinda|sonra|aksama|haftaya)(?: \w+)? (?:gorusuruz|gorusmek uzere|bulusuruz|konusuruz)", r"(?:gorusuruz|yarina kadar)", r"(?:beni )?(?:arayin|ara beni|bana yazin)", r"(?:sizi|seni) (?:arayacagim|ararim|ziyaret)"),
        "promise": (r"(?:soz veriyorum|soz veririm|yemin ederim|yemin ediyorum|garanti ediyorum)", r"(?:sizi|seni|size|sana)(?: \w+){0,3} (?:koruyacagim|bekleyecegim|verecegim|yardim edecegim|gonderecegim|bakacagim)", r"!(?:sizi|seni)(?: \w+)? (?:birakmayacagim|terk etmeyecegim)"),
        "selling": (r"(?:hemen |simdi |bugun )(?:satin al\w*|siparis ver\w*|alin)", r"satin alin", r"indirim\w*", r"kampanya\w*", r"firsati? kacirma\w*", r"(?:magazamiza|urunlerimiz\w*|sitemize)", r"abone ol\w*", r"sadece \d+ (?:lira|tl)", r"% ?\d+"),
        "testament": (r"vasiyet\w*", r"miras\w*", r"noter\w*", r"(?:ev|araba|para|sirket|tarla)(?:m|im|yi|yı)? \w+ (?:kalsin|kalacak|ait)"),
        "money": (r"banka hesab\w*", r"hesap numara\w*", r"iban", r"sifre\w*", r"havale\w*", r"yatirim\w*", r"kredi\w*", r"borc\w* (?:ode\w*|kapat\w*)", r"sigorta para\w*", r"bitcoin\w*", r"kripto\w*", r"bagis\w*", r"para (?:gonder\w*|ver\w*|yolla\w*)"),
        "medical": (r"asi (?:olun|ol|olma\w*)", r"asilan\w*", r"(?:ilac\w*|hap\w*|tedavi\w*)(?: \w+)? (?:alin|al|birak\w*|kes\w*|kullan\w*)", r"mucize ilac", r"doktorlara (?:guvenmeyin|inanmayin)"),
        "political": (r"oy (?:ver\w*|kullan\w*)", r"secim(?:ler|de|lerde)\w*", r"referandum\w*", r"siyas\w*", r"hukumet\w*", r"cumhurbaskan\w*", r"kahrolsun"),
    },
    of_others=(r"(?:o|onlar|\w+)? ?(?:hala|hep|daima|her zaman) (?:bizimle|burada|yanimizda|hayatta|yasiyor|aramizda)", r"(?:bizi (?:izliyor|goruyor|koruyor))", r"geri (?:donecek|gelecek)"),
    denies=r"degil\w*|artik degil|yok", hearts=r"(?:kalbin\w*|kalpler\w*|yureg\w*|anilar\w*|hatiralar\w*|dusunceler\w*|ruyalar\w*|sarkilar\w*)", said=r"derdi\w*|dedi\w*|demisti\w*|yazdi\w*|yazmisti\w*|soylerdi\w*|soyledi\w*|sorardi\w*|diye",
)  # fmt: skip

RUSSIAN = Rules(
    kinds={
        "alive": (r"я (?:все )?(?:еще )?(?:жив|жива|живу)", r"!я не (?:умер|умерла|ушел|ушла)", r"!я никогда не (?:умирал\w*|уходил\w*)"),
        "watching": (r"я (?:все )?(?:еще )?(?:вас|тебя|все)? ?(?:вижу|слышу|наблюдаю|смотрю|слежу|присматриваю|оберегаю|охраняю)(?: (?:вас|тебя|за вами|за тобой|на вас|на тебя|все|с небес|сверху))*", r"(?:смотрю|наблюдаю|слежу) (?:за вами|за тобой|на вас|на тебя|с небес|сверху)"),
        "here": (r"я(?: (?:все|еще|всегда|сейчас|здесь|сегодня|навсегда|по-прежнему))* (?:здесь|тут|с вами|с тобой|рядом|возле вас|среди вас)", r"я(?: (?:всегда|навсегда))? (?:буду|останусь)(?: (?:всегда|навсегда|вечно))* (?:здесь|с вами|с тобой|рядом)", r"!я (?:вас|тебя) (?:никогда )?не (?:оставлял\w*|покидал\w*|покинул\w*)"),
        "returning": (r"(?:я )?(?:вернусь|возвращаюсь|приду)(?: (?:домой|к вам|к тебе|скоро|завтра))?", r"я (?:вернулся|вернулась)(?= к вам|[.!]|$)"),
        "meeting": (r"до (?:завтра|скорого|скорой встречи|вечера|понедельника|вторника|среды|четверга|пятницы|субботы|воскресенья)", r"(?:увидимся|встретимся|созвонимся)(?: (?:завтра|скоро|позже|вечером|снова))?", r"(?:позвоните|позвони|напишите|напиши) мне", r"я (?:вам |тебе )?(?:позвоню|напишу)"),
        "promise": (r"(?:я )?(?:вам |тебе )?(?:обещаю|клянусь|гарантирую)", r"я (?:буду|всегда буду)(?: \w+){0,2} (?:защищать|помогать|оберегать|беречь|охранять|ждать|заботиться|хранить)", r"я (?:вас |тебя |вам |тебе )?(?:защищу|помогу|подожду|позабочусь|сберегу)", r"!я (?:вас|тебя)?… ?никогда (?:вас |тебя )?не (?:оставлю|покину|брошу)", r"!я не (?:оставлю|покину|брошу) (?:вас|тебя)"),
        "selling": (r"(?:покупайте|купите|купи|заказывайте|закажите)(?: (?:сейчас|наш\w*|эт\w*|сегодня|онлайн|прямо))?", r"скидк\w*", r"распродаж\w*", r"(?:посетите|заходите) \w* ?наш\w*", r"наши (?:товары|продукты)", r"подпи(?:шитесь|сывайтесь)", r"всего за \d+", r"промокод\w*"),
        "testament": (r"(?:у)?наследу\w+", r"завещани\w*", r"завещаю", r"наслед\w+", r"нотариус\w*", r"(?:дом|квартира|машина|деньги|дача) (?:достан\w+|отойд\w+|принадлеж\w+)"),
        "money": (r"банковск\w+ (?:счет|карт)\w*", r"счет в банке", r"номер (?:счета|карты)", r"парол\w+", r"пин-?код\w*", r"перевед\w+|переведите деньги", r"инвести\w+", r"кредит\w*", r"долги|долгов", r"страховк\w*", r"биткоин\w*", r"крипто\w*", r"пожертв\w+", r"(?:дайте|пришлите|одолжите|отправьте|дай)… деньги"),
        "medical": (r"вакцин\w*|прививк\w*|привей\w*", r"(?:принимайте|пейте|пей|прими|бросьте|прекратите)… (?:таблетки|лекарств\w*|лечение)", r"чудо-?лекарств\w*", r"лечит рак", r"не (?:верьте|доверяйте|верь) врачам"),
        "political": (r"голосу\w+|проголосу\w+", r"выбор(?:ы|ах|ов)", r"референдум\w*", r"полити\w+", r"правительств\w*", r"парти(?:я|и|ю|ей)", r"президент\w*", r"долой"),
    },
    of_others=(r"(?:он|она|они)(?: (?:все|еще|всегда|по-прежнему))* (?:с нами|здесь|жив|жива|живы|рядом|смотрит на нас)", r"(?:всегда|все еще|по-прежнему) (?:с нами|рядом|среди нас|жив[аы]?)", r"(?:смотрит на нас|видит нас|оберегает нас)", r"(?:вернется|вернутся)"),
    denies=r"не|нет|никогда|больше не", hearts=r"в (?:ваших|твоем|вашем|наших|нашей|вашей|каждом|сердцах)?…? ?(?:серд\w+|памяти|воспоминани\w+|мыслях|снах|песнях|рассказах)", said=r"говорил\w*|сказал\w*|писал\w*|написал\w*|пел\w*|повторял\w*|спрашивал\w*",
)  # fmt: skip

UKRAINIAN = Rules(
    kinds={
        "alive": (r"я (?:все )?(?:ще |досі )?(?:живий|жива|живу)", r"!я не (?:помер|померла|пішов|пішла)", r"!я ніколи не (?:помирав|помирала|йшов|йшла)"),
        "watching": (r"я (?:все )?(?:ще |досі )?(?:вас|тебе|все)? ?(?:бачу|чую|спостерігаю|дивлюся|дивлюсь|стежу|пильную|оберігаю|охороняю)(?: (?:вас|тебе|за вами|за тобою|на вас|на тебе|все|з неба|з небес))*", r"(?:дивлюся|спостерігаю) (?:за вами|на вас|на тебе|з неба|з небес)"),
        "here": (r"я(?: (?:все|ще|досі|завжди|зараз|тут|сьогодні|назавжди))* (?:тут|з вами|з тобою|поруч|поряд|серед вас)", r"я(?: завжди)? (?:буду|залишуся|залишусь)(?: (?:завжди|назавжди))* (?:тут|з вами|з тобою|поруч|поряд)", r"!я (?:вас|тебе) (?:ніколи )?не (?:залишав|залишала|покидав|покидала)"),
        "returning": (r"(?:я )?(?:повернуся|повернусь|повертаюся|прийду)(?: (?:додому|до вас|до тебе|скоро|завтра))?", r"я (?:повернувся|повернулася)(?= до вас|[.!]|$)"),
        "meeting": (r"до (?:завтра|скорої зустрічі|зустрічі завтра|вечора|понеділка|вівторка|середи|четверга|пʼятниці|п'ятниці|суботи|неділі)", r"(?:побачимося|побачимось|зустрінемося|зустрінемось)(?: (?:завтра|скоро|незабаром|пізніше|знову))?", r"(?:зателефонуйте|подзвоніть|подзвони|напишіть|напиши) мені", r"я (?:вам |тобі )?(?:подзвоню|зателефоную|напишу)"),
        "promise": (r"(?:я )?(?:вам |тобі )?(?:обіцяю|присягаюся|клянуся|клянусь|гарантую)", r"я (?:завжди )?буду(?: \w+){0,2} (?:захищати|допомагати|оберігати|берегти|чекати|дбати|охороняти)", r"я (?:вас |тебе |вам |тобі )?(?:захищу|допоможу|зачекаю|подбаю|вбережу)", r"!я (?:вас|тебе)?… ?ніколи (?:вас |тебе )?не (?:залишу|покину|кину)", r"!я не (?:залишу|покину|кину) (?:вас|тебе)"),
        "selling": (r"(?:купуйте|купіть|купи|замовляйте|замовте)(?: (?:зараз|наш\w*|ц\w*|сьогодні|онлайн))?", r"знижк\w*", r"розпродаж\w*", r"(?:відвідайте|завітайте) \w* ?наш\w*", r"наші (?:товари|продукти)", r"підпи(?:шіться|суйтесь|суйтеся)", r"лише за \d+|всього за \d+", r"промокод\w*"),
        "testament": (r"заповіт\w*", r"заповідаю", r"спадщин\w*", r"спадкоєм\w*", r"нотаріус\w*", r"(?:будинок|хата|квартира|машина|гроші) (?:дістан\w+|належ\w+|відійд\w+)"),
        "money": (r"банківськ\w+ (?:рахун|карт)\w*", r"рахунок у банку", r"номер (?:рахунку|картки)", r"парол\w+", r"пін-?код\w*", r"перека(?:жіть|зуйте)", r"інвест\w+", r"кредит\w*", r"борги|боргів", r"страховк\w*", r"біткоїн\w*", r"крипто\w*", r"пожертв\w+|донат\w*", r"(?:дайте|надішліть|позичте|дай)… гроші"),
        "medical": (r"вакцин\w*|щеплен\w*", r"(?:приймайте|пийте|пий|кидайте|припиніть)… (?:таблетки|ліки|лікування)", r"чудодійн\w+", r"лікує рак", r"не (?:вірте|довіряйте) лікарям"),
        "political": (r"голосу\w+|проголосу\w+", r"вибор(?:и|ах|ів)", r"референдум\w*", r"політи\w+", r"уряд\w*", r"парті(?:я|ї|ю)", r"президент\w*", r"геть"),
    },
    of_others=(r"(?:він|вона|вони)(?: (?:все|ще|досі|завжди))* (?:з нами|тут|живий|жива|живі|поруч|дивиться на нас)", r"(?:завжди|досі|все ще) (?:з нами|поруч|серед нас|жив\w+)", r"(?:дивиться на нас|бачить нас|оберігає нас)", r"(?:повернеться|повернуться)"),
    denies=r"не|ні|ніколи|більше не", hearts=r"(?:у|в) (?:ваших|твоєму|вашому|наших|нашій|вашій|кожному|серцях)?…? ?(?:серц\w+|пам'яті|спогадах|думках|снах|піснях|розповідях)", said=r"казав|казала|сказав|сказала|говорив|говорила|писав|писала|співав|співала|питав|питала|повторював\w*",
)  # fmt: skip

ARABIC = Rules(
    kinds={
        "alive": (r"(?:انا |اني |انني )?(?:ما زلت|مازلت|لا ازال|لازلت) (?:حيا|حي|حية|اعيش|علي قيد الحياة|على قيد الحياة)", r"انا (?:حي|حية|اعيش|على قيد الحياة)", r"!(?:انا )?لم (?:امت|ارحل|اغادر)"),
        "watching": (r"(?:انا |اني )?(?:اراكم|اراك|اراقبكم|اراقبك|اسمعكم|اسمعك|احرسكم|احرسك|انظر اليكم|انظر اليك|اسهر عليكم)",),
        "here": (r"(?:انا |اني |انني )?(?:ما زلت|مازلت|لا ازال|دائما|لازلت) (?:هنا|معكم|معك|بجانبكم|بجانبك|بقربكم|بينكم|موجود\w*)", r"انا(?: دائما| هنا| اليوم)* (?:هنا|معكم|معك|بجانبكم|بجانبك|بقربكم|بينكم)", r"(?:ساكون|سابقي|سابقى|ساظل)(?: دائما| هنا)* (?:هنا|معكم|معك|بجانبكم|بجانبك|بقربكم)", r"!لم (?:اترككم|اتركك|افارقكم|افارقك)"),
        "returning": (r"(?:ساعود|سارجع|انا عائد|انا عائدة|انا راجع|سوف (?:اعود|ارجع))(?: (?:اليكم|اليك|قريبا|غدا|الي البيت))?", r"(?:لقد )?عدت (?:اليكم|اليك)"),
        "meeting": (r"(?:اراكم|اراك|نلتقي|الي اللقاء|القاكم) (?:غدا|قريبا|لاحقا|الليلة)", r"(?:الي|الى) الغد", r"(?:اتصلوا بي|اتصل بي|راسلوني|راسلني)", r"(?:ساتصل|سازوركم|سازورك)"),
        "promise": (r"(?:اعدكم|اعدك|اقسم|اتعهد|اضمن لكم)", r"(?:ساحميكم|ساحميك|ساساعدكم|ساساعدك|سانتظركم|سانتظرك|ساعتني|سارعاكم|سارعاك|ساعطيكم|ساحرسكم)", r"!(?:لن )(?:اترككم|اتركك|اتخلي عنكم|اتخلى عنكم)"),
        "selling": (r"(?:اشتروا|اشتر|اشتري|اطلبوا|اطلب)(?: (?:الان|اليوم|هذا|منتج\w*))", r"خصم\w*", r"تخفيض\w*", r"عرض خاص", r"(?:متجرنا|منتجنا|منتجاتنا|موقعنا)", r"اشتركوا|اشترك", r"فقط ب ?\d+"),
        "testament": (r"(?:ال)?وصية", r"وصيتي", r"(?:ال)?ميراث\w*", r"(?:ال)?ارث", r"اوصي ب\w*", r"(?:البيت|المال|السيارة|الارض) (?:لك|لكم|يذهب|تذهب|من نصيب)"),
        "money": (r"حساب\w* (?:بنكي|البنكي|المصرفي|البنك)", r"كلمة (?:السر|المرور)", r"(?:حولوا|حول|ارسلوا|ارسل|اعطوا)… (?:المال|مال|نقودا|النقود|اموالا)", r"استثم\w+", r"(?:ال)?قرض", r"(?:ال)?ديون", r"تبرع\w*", r"بيتكوين"),
        "medical": (r"(?:ال)?لقاح\w*|تطعيم\w*", r"(?:خذوا|خذ|تناولوا|تناول|اوقفوا|اتركوا)… (?:الدواء|دواء|الادوية|الحبوب|العلاج)", r"علاج سحري", r"لا (?:تثقوا|تصدقوا) (?:ب)?الاطباء"),
        "political": (r"(?:صوتوا|صوت) (?:ل\w*|ضد)", r"(?:ال)?انتخاب\w*", r"استفتاء", r"(?:ال)?سياس\w*", r"(?:ال)?حكومة", r"(?:ال)?حزب", r"(?:ال)?رئيس الجمهورية", r"يسقط"),
    },
    of_others=(r"(?:هو|هي|هم)? ?(?:ما زال|ما زالت|مازال|مازالت|لا يزال|لا تزال|دائما) (?:هنا|معنا|حيا|حية|بيننا|بجانبنا)", r"(?:يرانا|ترانا|يراقبنا|تراقبنا|يحرسنا|تحرسنا)", r"(?:سيعود|ستعود)"),
    denies=r"لا|لن|لم|لست|ليس", hearts=r"في (?:قلوبكم|قلبك|قلوبنا|ذاكرتكم|ذكرياتكم|ذكراكم|افكاركم|احلامكم|كل قلب)", said=r"قال|قالت|كان يقول|كانت تقول|كتب|كتبت|يقول دائما|قلت|كنت اقول|سال|سالت",
)  # fmt: skip

CHINESE = Rules(
    kinds={
        "alive": (r"我(?:一直|还|還|仍|依然|仍然|还是|都|其实|並|并)*(?:活着|活著|在世|健在)", r"!我(?:并|並|其实|其實)?(?:没有|沒有|没|沒)(?:死|离开人世|去世)", r"!我从未(?:死|离开)", r"!我(?:没有|沒有|从未|從未|从没)(?:离开|離開)"),
        "watching": (r"我(?:会|會|正|一直|还|還|天天|每天|都|能|可以|在天上|在天堂|永远|永遠|始终)*(?:在)?(?:看着|看著|望着|守着|守護着|守护着|注视着|看得见|看得到|听得见|听得到|看见|听见)(?:你|您|大家|孩子|一切)", r"在天(?:上|堂|国)(?:看着|守护|保佑|望着)", r"我(?:会|會|一直|永远|永遠|始终|在天上|天天|每天)*(?:保佑|庇佑|守护|守護)"),
        "here": (r"我(?:会|會|一直|还|還|仍然|依然|就|永远|永遠|始终|都|仍)*(?:在|陪|陪在|陪着|陪伴在|陪伴)(?:这里|這裡|这儿|你|您|你们|你們|大家|孩子们)?(?:的)?(?:身边|身旁|身邊|这里|這裡|左右|这儿)", r"我(?:会|會|一直|永远|永遠|始终)+(?:陪着|陪伴|陪|和|跟|与)(?:你|您|大家)(?:们|們)?(?:在一起)?", r"我(?:还在|一直都在|永远都在|就在这)"),
        "returning": (r"我(?:会|會|就|马上|馬上|很快|要|一定|就要|明天)*(?:再)?(?:回来|回來|回家|归来|回去看)", r"等我回"),
        "meeting": (r"(?:明天|明日|后天|後天|回头|回頭|待会|待會|一会儿|等会儿|下周|下週|周[一二三四五六日末]|晚上|改天)(?:再)?(?:见|見|聊|说)", r"(?:给我|給我)(?:打电话|打電話|发消息|写信)", r"我(?:会|會)?(?:给|給)你(?:们|們)?(?:打电话|打電話|写信)"),
        "promise": (r"我(?:向你们?|跟你们?|再|在此)?(?:保证|保證|发誓|發誓|承诺|承諾|答应你|答應你)", r"我(?:会|會|一定|一定会|将|將)(?:永远|一直|好好)?(?:保护|保護|照顾|照顧|帮助|幫助|帮你|等你|等着你|给你|送你|支持你)", r"!我(?:永远|绝|绝对|永遠)?不会?(?:离开|離開|抛弃|丢下)(?:你|大家)"),
        "selling": (r"(?:购买|購買|下单|下單|抢购|搶購|订购|訂購|选购)", r"(?:优惠|優惠|打折|折扣|促销|促銷|特价|特價|秒杀|包邮|限时)", r"直播间|直播間", r"(?:点击|點擊|戳)(?:链接|鏈接|下方|关注)", r"(?:来|到|光临)(?:我们的?|本)店|本店|我们的产品|我們的產品", r"扫码|掃碼|二维码", r"(?:快来|快来|赶紧)买"),
        "testament": (r"遗嘱|遺囑|遗产|遺產|继承|繼承|财产|財產|公证|公證", r"(?:房子|车子|車子|钱|錢|公司|存款)(?:都)?(?:归|歸|留给|留給|给|分给)"),
        "money": (r"(?:银行|銀行)(?:卡|存款|户头)|账户|帳戶|账号|密码|密碼|转账|轉帳|汇款|匯款|投资|投資|贷款|貸款|借钱|借錢|还债|保险金|保險金|比特币|捐款|捐钱|股票|理财", r"\d+ ?(?:元|块钱|万元)", r"(?:给|寄|打)(?:他|她|我|你)?钱"),
        "medical": (r"(?:吃|停|换|服|用)(?:药|藥)", r"疫苗|偏方|神药|包治", r"(?:不要|别)(?:相信|信|听)医生"),
        "political": (r"投票|选举|選舉|政党|政黨|公投|打倒|(?:支持|反对|反對|相信|推翻)(?:政府|总统|總統|主席|党)",),
    },
    of_others=(r"(?:他|她|他们|她们)?(?:一直|还|還|仍|依然|永远|永遠|始终)+(?:在|陪)(?:我们|我們|这里|這裡)?(?:的)?(?:身边|身旁|身邊|左右|这里)?", r"(?:他|她)(?:没有|沒有|从未|從未)(?:离开|離開|死)", r"(?:他|她)?在天(?:上|堂)(?:看着|守护|保佑)", r"(?:他|她)(?:会|會)(?:回来|回來)", r"(?:还|仍|一直)活着"),
    denies=r"不能|无法|無法|不再|再也不|没法|不会再|没能|不能再", hearts=r"[^。!?,]{0,4}(?:心里|心中|心裡|心上|记忆|記憶|回忆|回憶|梦里|夢裡|思念|歌声)", said=r"说|說|写|寫|唱|问|問|念叨|喊|叮嘱", before=0, spaced=False,
)  # fmt: skip

JAPANESE = Rules(
    kinds={
        "alive": (r"(?:まだ|今も|いまも|ずっと|本当は)?生きて(?:い(?:る|ます)|る|ます)", r"!死んで(?:い|)(?:ない|ません)", r"!死んでなんか"),
        "watching": (r"(?:見守って|見えて|聞こえて)(?:い(?:る|ます)|る|ます|おります)(?:よ|から|ね)?", r"(?:あなた|みんな|君|皆|天国|空|上)[^。]{0,8}(?:見て|眺めて|聞いて)(?:い(?:る|ます)|る|ます|おります)", r"見守り(?:ます|続け)", r"天国から(?:見|応援)", r"(?:あなた|みんな|君|きみ|皆)(?:が|の(?:こと|姿)が)(?:見え|聞こえ)"),
        "here": (r"(?:そば|側|傍|隣|となり|近く|ここ|一緒)に(?:ずっと|いつも|まだ|今も)?(?:い(?:る|ます)|おります|いるよ|いるから)", r"(?:まだ|ずっと|いつも|今も)(?:ここ|そば|一緒|みんなと|あなたと)(?:に|と)?(?:一緒に)?(?:い(?:る|ます)|います)", r"!(?:どこ(?:へ|に)も|)行って(?:い)?ない", r"!離れて(?:い)?(?:ない|ません)"),
        "returning": (r"(?:帰って|戻って|かえって|もどって)(?:くる|来る|きます|来ます)", r"(?:帰り|戻り)ます", r"(?:また|すぐ|必ず)(?:帰る|戻る|来る)(?:よ|から|ね)?", r"ただいま"),
        "meeting": (r"また(?:明日|あした|後で|あとで|今度|来週|すぐ|近いうちに)(?:ね|会|お会い)?", r"(?:明日|あした|来週|今度|後で)(?:、)?(?:また)?(?:会|お会い|話)", r"(?:電話|連絡|メール)(?:して|を?くださ|を?ちょうだい|するね|します)"),
        "promise": (r"約束(?:します|する(?:よ|から|ね)?|しよう)", r"誓(?:います|う(?:よ|から)?)", r"(?:守って|助けて|支えて|待って|面倒を見て|送って|買って)(?:あげ(?:る|ます)|(?:い)?(?:る|ます)から|い(?:る|ます)(?:よ|ね|$|。))", r"!(?:決して|絶対に?|もう)?(?:離れない|見捨てない|一人にしない|ひとりにしない)", r"保証します"),
        "selling": (r"ご購入|購入(?:してください|はこちら)|今すぐ購入|ご注文|お買い求め|注文して", r"割引|値引|セール(?!ス)|特価|お得|キャンペーン|クーポン|送料無料|限定販売", r"(?:当店|弊社|我が社|うちの商品|わが社)", r"(?:チャンネル登録|フォローして|リンクを)", r"買って(?:ください|ね|下さい)"),
        "testament": (r"遺言|遺産|相続|財産|公証", r"(?:家|車|お金|会社|土地)(?:は|を)[^。]{0,8}(?:譲る|譲ります|あげます|残します|渡します|渡す)"),
        "money": (r"口座|暗証番号|パスワード|振込|振り込|送金|投資|借金|ローン|保険金|ビットコイン|仮想通貨|寄付|募金|株を", r"お金を(?:送|貸|払|渡|くださ)"),
        "medical": (r"ワクチン|予防接種|特効薬", r"薬(?:を|は)(?:飲|やめ|止め|のん|使)", r"(?:医者|医師|先生)を信じ(?:ない|るな)", r"治療を(?:やめ|受け)"),
        "political": (r"投票|選挙|政党|国民投票|打倒|(?:政府|総理|首相|大統領)(?:を|に)(?:支持|反対|信じ)",),
    },
    of_others=(r"(?:今も|まだ|ずっと|いつも)[^。]{0,6}(?:そば|側|傍|一緒|ここ|生き)(?:に|て)?(?:い(?:る|ます))?", r"見守って(?:いる|います|くれ)", r"(?:帰って|戻って)(?:くる|きます)"),
    denies=r"(?<!忘れ)ない|ません|なかった|できま?せ?な?", hearts=r"", said=r"言|話し|書い|歌っ|尋ね|と", before=0, spaced=False,
)  # fmt: skip
"""In Japanese the heart comes before the verb: see ``INWARD_BEFORE``."""

INWARD_BEFORE: Mapping[str, str] = {
    "ja": r"(?:心|胸|思い出|記憶|夢)の?(?:中|なか|うち)?(?:に|で)[^。]{0,6}",
    "tr": r"(?:kalbin\w*|kalpler\w*|yureg\w*|anilar\w*|hatiralar\w*)(?: \w+)? ",
    "zh": r"(?:心里|心中|记忆里|回忆里|梦里)[^。,]{0,6}",
}
"""What may stand before a claim and makes it a figure of speech."""

RULES: Mapping[str, Rules] = {
    "en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "it": ITALIAN, "pt": PORTUGUESE,
    "tr": TURKISH, "nl": DUTCH, "pl": POLISH, "zh": CHINESE, "ja": JAPANESE, "ru": RUSSIAN, "uk": UKRAINIAN, "ar": ARABIC,
}  # fmt: skip
"""By the language's own tag, without country."""
