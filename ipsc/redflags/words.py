"""The lists as they come with the site, exactly as staff edit them; `ipsc.redflags.lines` reads them (rule F2).

The phrases are a default, for the clinic's doctors to confirm.
"""

NEGATIONS = "negations"

BLADDER_BOWEL = """\
NOT: not/cannot/cant/couldnt/unable/inability/havent/hasnt/didnt/doesnt/isnt/wont/dont/never
NOT: nahi/nahin/nhi/nai/na/nahee/nehi/ni/नहीं/ना/न
URINE: urin*/pee/pesha*/pesab*/pisab*/pishab*/pessab*/susu/susoo/moot/bladder/blader/bladdar
URINE: पेशाब/पेसाब/पिशाब/यूरिन/यूरीन/मूत्र/सूसू/सुसु/ब्लैडर
PLACE: toilet/bathroom/washroom/टॉयलेट/बाथरूम
STOOL: stool*/bowel*/motion*/poo/poop/latrin*/letrin*/potty/tatti/tattee/pakhan*/faeces
STOOL: मल/शौच/लैट्रिन/लेट्रिन/लेटरीन/लेटरिन/पॉटी/पोटी/टट्टी/मोशन
# Cannot pass urine
NOT pass*/empty*/start*/release*/do URINE/water -infection/sample/test -blood/stone*
NOT urinat*/pee/peed/peeing/wee -blood
URINE NOT come/comes/coming/came/passing/flow*/drain*
NOT/no URINE since/output/today/yesterday/hour*/morning/night -problem*/infection*/burn*/issue*/pain*/blood
URINE stop/stops/stopped/block*/stuck/retention/retain*/jam -pain*/stone*/blood*
difficult*/trouble/struggl*/hard/problem/strain* pass*/empty*/start* URINE/water
difficult*/trouble/struggl*/hard urinat*
COME: ruk*/रुक*/ho/ho*/hu*/aa/a/aya/ata/ati/utar*/utr*/nikal*/kar/ja/आ/आता/आया/आती/हो/हो*/हुआ/उतर*/निकल*/कर/कर*
URINE/PLACE NOT COME -test/report/जांच/शुगर/sugar
URINE/PLACE band/bandh/bund/ruk/ruka/ruki/rukk/atak/atka/बंद/रुक/रुका/रुकी/अटक/अटका -test/khoon/khun/blood/खून/dukan
URINE dikkat/takleef/taklif/pareshani/mushkil/jor/दिक्कत/तकलीफ/परेशानी/मुश्किल/जोर ho*/kar*/हो/होती/करन*/उतर*/lag*/लग*
# Loses control
CONTROL: control*/contol/hold/holding/kabu/kaboo/qabu/niyantran/rok/rokna/rokne/कंट्रोल/काबू/नियंत्रण/रोक/रोक*
GONE: los*/loss/gone/kho/khatam/khatm/chala/khoya/kam/weak*/poor/खो/खत्म/चला/कम
problem*/trouble/difficult*/dikkat/mushkil/pareshani/दिक्कत/मुश्किल/परेशानी CONTROL URINE/STOOL
bladder/blader issue*/problem*
no/without/loss urge/sensation URINE
NOT/no/without CONTROL URINE/STOOL/PLACE -loss/lost/lose/losing/sugar/bp
GONE CONTROL URINE/STOOL/PLACE
loose/loosing/loosed CONTROL URINE/bowel*
NOT/los*/loss/no feel/know/sense/sensation/aware URINE/bowel*/stool* -problem*/pain/burn*
URINE/STOOL leak*/drib*/nikal*/nikl*/chut*/chhut*/chhoot*/tapak*/निकल*/छूट*/टपक*/लीक -blood/khoon/pus/खून/stone*/pathri
URINE/STOOL pass*/come*/coming/open* itself/automatic*/unknowing*/own/without
URINE/STOOL khud/apne/anjane/anjaane/अपने/खुद/अनजाने aap/nikal*/ho*/me/mein/आप/निकल*/हो*/में
URINE/STOOL pata/पता NOT chal*/lag*/चल*/लग*
bistar/kapd*/pant/pants/paint/pajam*/salwar/बिस्तर/कपड़े/कपड़ों/पैंट/पजामा/सलवार gil*/geel*/URINE/STOOL/गील* -blood
wet*/soil*/soak*/pee*/poo/pooped bed/pant/pants/myself/himself/herself/clothes/underwear/trousers/diaper
urinat* without/herself/himself/myself
incontinen*/incontinan*/incontenen*
URINE/STOOL disturb*/involve*/accident*/paraly*
cauda equina
"""

NUMBNESS = """\
NUMB: numb*/nubness/numness/nummness/tingl*/sunn*/sun/suun/jhunjhun*/jhanjhan*/सुन्न*/सुन/झुनझुन*/झनझन*/नम्बनेस/नंबनेस
NOT: no/not/los*/loss/without/cannot/cant/dont/unable/less/reduced/nahi/nahin/nhi/na/नहीं/ना
FEEL: feel*/felt/sensation*/mahsus*/mehsoos*/mehsus*/mahsoos*/mehsush/pata/महसूस/पता/चेतना
LEG: leg/legs/thigh*/jangh*/jaangh*/tang*/taang*/pair/pairo*/per/pero*/टांग*/जांघ*/पैर/पैरों
BETWEEN: between/betwen/beetween/btw/inner/inside/beech/bich/beach/बीच
SADDLE: private*/pvt/genital*/groin/saddle/perine*/anus/anal/rect*/bottom/buttock*/crotch/bum/butt/butts/backside
SADDLE: vagina*/penis/testi*/scrot*/pelvi*/yoni/ling/gupt*/nitamb*/kulh*/kulhe/maldwar*/guda
SADDLE: गुप्त*/गुप्तांग*/प्राइवेट/नितंब*/कूल्ह*/मलद्वार/गुदा/योनि/लिंग/जननांग*
AREA: jagah/jagha/jgah/hissa/hisse/rast*/aas/area/जगह/हिस्स*/रास्त*/आस
NUMB BETWEEN LEG
NUMB SADDLE
NUMB/dead back passage
NUMB/dead sitting/seat/niche/neeche/pakhan*/peeche/piche/pichhe/पखाने/नीचे/पीछे AREA
NUMB waist/down/below there/waist/down
NUMB area/part when/while/around/where wip*/sit/sitting/toilet/urin*
NUMB when/while wip*
NUMB + between my/the/both LEG
NOT FEEL BETWEEN LEG
NOT FEEL SADDLE -pain
NOT FEEL wip*
NUMB pesha*/pesab*/latrin*/letrin*/tatti/potty/toilet/पेशाब/शौच/लैट्रिन/मूत्र*/मल AREA
NUMB pichhla/baithne/बैठने AREA
# The legs themselves: both, or gone numb just now; a leg that "goes numb" now and then is no sign
DEAD: numb*/nubness/numness/nummness/sunn*/sun/suun/sunna/सुन्न*/सुन/नम्बनेस/नंबनेस
LIMB: leg/legs/foot/feet/limb*/pair/pairo*/per/pero*/tang*/taang*/paon/panv/paanv/पैर/पैरों/टांग*/पांव*
DEAD both/dono/donon/दोनों/दोनो LIMB
DEAD sudden*/suddnly/achanak/अचानक LIMB
DEAD gone/went/turned/became/become/completely/totally/fully LIMB
DEAD ho/pad/par/हो/पड़ gaya/gya/gaye/gye/gae/gayi/gai/गया/गए/गये/गई/गयी LIMB
DEAD kamar/कमर niche/neeche/नीचे
numb*/sunn*/sun/सुन्न* waist down/below/neeche/niche
"""

WEAKNESS = """\
NOT: not/cannot/cant/couldnt/unable/dont/doesnt/wont/didnt/isnt/arent/nahi/nahin/nhi/nai/na/nahee/नहीं/ना
LEG: leg/legs/foot/feet/toe/toes/ankle*/thigh*/calf/limb*
LEG: pair/pairo*/per/pero*/paro/pairon/tang*/taang*/paon/pao/panv/paanv/pav/paw/panja/panje/panjo
LEG: पैर/पैरों/पैरो/पैरें/टांग*/पांव*/पंजा/पंजे/पंजों/लेग/लेग्स/फुट
KNEE: knee/knees/ghutn*/घुटन*
WEAK: weak*/weekness/wekness/weeknes/weaknes/kamjor*/kamajor*/kumjor*/कमजोर*/वीकनेस/वीक
WEAK LEG/KNEE -polio/eye*/eyesight/aankh*/ankh*/आंख*
no/los*/loss/less/without/reduced/zero power/strength/control/movement LEG
NOT/barely/hardly lift*/move*/moving/raise*/feel LEG -well/good/sleep/between/beech
NOT come/coming LEG up -pain/well
NOT push* LEG
kamar/कमर niche/neeche/नीचे kam/काम NOT -dard/dava*/dawa*/दर्द/दवा*
cannot/cant/couldnt/unable stand LEG -pain/dard/long
KNEE/LEG giv*/gave way/out/away/under
KNEE/LEG buckl*/collaps*/wobbl*
LEG drag*/dropp*/flop*/lifeless/useless/limp/ghisat*/ghasit*/ghaseet*/ladkhad*/larkhad*/ladkhda*/bejan/jawab
LEG बेजान/लड़खड़*/घिसट*/घसीट*/जवाब/ढील*
footdrop
foot/फुट drop/drops/slap*/ड्रॉप -eye*
LEG/half/dono/sudden*/achanak/दोनों/अचानक paraly*/parali*/paralis*/lakwa/lakva/लकवा/लकवे/पैरालिसिस
lakwa/lakva/falij/faliz/लकवा/फालिज mar/gaya/gya/ho/attack/मार/गया/हो/अटैक -facial/face
LEG NOT/stop/stopped work/works/working/function*/respond*/support*/hold*
SUDDEN: sudden*/suddnly/achanak/अचानक/today/yesterday/aaj/morning/आज
SUDDEN NOT walk*/stand*/chal/chala/khada/khadi/चल/चला/खड़* -dard/pain/दर्द
cannot/cant/couldnt/unable stand/walk all -day/night
chal/चल NOT bilkul/ekdam/बिल्कुल/एकदम -dard/दर्द
chal/chala/khada/khadi/khade/चल/चला/खड़ा/खड़ी/खड़े NOT pa/paa/ja/पा/जा rah*/रह* -dard/drd/pain/dukh*/दर्द/दुख*
LEG NOT uth/utha/uthta/uthti/uthte/hil/hila/hilta/hilte/mudta/उठ/उठा/उठता/उठती/उठते/हिल/हिल*/मुड़*
LEG NOT kam/काम kar/karta/karte/karti/kr/कर/करता/करते/करती -dard/dava*/dawa*/goli/medicine*/tablet*/दवा*/गोली/दर्द
JAN: jan/takat/taqat/takt/dam/shakti/power/जान/ताकत/दम/शक्ति/पावर
LEG chalna/kam/hilna/चलना/काम/हिलना band/बंद
LEG JAN NOT/khatam/khatm/kam/chali/gayi/gai/going/down/reduc*/decreas*/खत्म/कम/चली/गई
chappal*/slipper*/sandal*/चप्पल nikal*/nikl*/chhut*/slip/slips/falls/fall/off/निकल*/छूट*
"""

FEVER = """\
FEVER: fever*/feaver/fevr/fiver/feverish/bukhar*/bukar/bhukhar/bhukar/buhar/bukhr/jwar/chills/rigor*/shiver*/kapkap*
FEVER: बुखार/ज्वर/फीवर/फिवर/कंपकंपी/कपकपी
BACK: back/spine/spinal/neck/kamar/kamr/kammar/peeth/pith/peet/reedh/ridh/gardan/कमर/पीठ/रीढ़/गर्दन/बैक/स्पाइन
PAIN: pain*/ache*/aching/hurt*/dard/drd/stiff*/dukh*/दर्द/दुख*/अकड़*/पेन
BACK PAIN + FEVER -clinic/hay/vaccin*/dengue*/certificate
backache*/backpain/kamardard/lbp/sciatica/siyatica/spondyl*/slipdisc/कमर/पीठ/सायटिका/साइटिका + FEVER -clinic/hay
DONE: inject*/injction/injecton/operat*/opration/opretion/surg*/procedure*/cement*/kypho*/vertebro*/block/ablation/rfa
DONE: epidural/stitch*/implant*/discectomy/laminectomy/prp/ozone/sui/suee/teeka/tanke/आपरेट
DONE: इंजेक्शन/इंजेक्सन/ऑपरेशन/ओपरेशन/सर्जरी/सुई/प्रोसीजर/प्रक्रिया/सीमेंट/ब्लॉक/टांके
DONE + FEVER -clinic/hay/vaccin*/certificate
HOT: 99*/100*/101*/102*/103*/104*/38*/39*/high/tej/tez/तेज
BACK PAIN + temp/temperature/temprature/tapman/तापमान HOT
DONE + temp/temperature/temprature/tapman/तापमान HOT
"""

ACCIDENT = """\
ACCIDENT: accident*/acident*/accidant*/aksident/axident/hadsa/durghatna/collision/crash*/takkar
ACCIDENT: एक्सीडेंट/एक्सिडेंट/दुर्घटना/हादसा/टक्कर
DAY: today/tonight/yesterday/now/just/morning/night/evening/recent*/last
DAY: abhi/aaj/kal/subah/raat/rat/shaam/sham/parso*/ghant*/आज/अभी/कल/सुबह/रात/शाम/परसों/घंट*/मिनट
HOUR: hour*/hr/hrs/minute*/min/mins/day/days/ghant*/din/घंट*/दिन/मिनट
BEFORE: ago/back/before/pehle/pahle/पहले
AGO: ago/month*/week*/20*/19*/long/purana/mahin*/hafte/hafta/pehle/pahle/पुरान*/महीन*/हफ्त*/पहले
# Just now
ACCIDENT DAY -AGO/year/bladder/bowel/appointment
met/had/having/with/road/sadak/सड़क ACCIDENT -AGO/bladder/bowel/history
ACCIDENT mar/lagi/lag/मार/लग* -AGO
rta -AGO/history
ACCIDENT ho/हो gaya/gya/gayi/gai/गया/गई -AGO
ACCIDENT HOUR BEFORE
FALL: fell/fallen/fall/slipped
FALL DAY -AGO/year/love/asleep/ill/sick/hair/disc/disk/appointment
FALL/FELL HOUR BEFORE -love/asleep/ill/sick
slip* down/bathroom/stairs/floor/road/wet DAY -AGO/disc/disk
FELL: gir/giri/gira/gire/phisal/fisal/फिसल/गिर/गिरी/गिरा
WENT: gaya/gya/gayi/gai/gye/gaye/padi/pada/pade/hu/hoon/गया/गई/गए/पड़ी/पड़ा/पड़े
FELL DAY/achanak/अचानक -AGO/sugar/bp/weight/vajan
FELL WENT hai/hain/hu/hoon/h/है/हैं/हूं -AGO/sugar/bp/weight/vajan
INJURY: injur*/chot/choat/chott/चोट
INJURY DAY lag*/aayi/ayi/back/spine/head/leg/neck/लग*/आई -AGO
INJURY serious*/sever*/bad/badly/bahut/gambhir/bhari/गंभीर/गहरी/बहुत -AGO/sport*
hit car/bike/truck/bus/vehicle/scooter -AGO
auto/car/gadi/bike/scooty/scooter/बाइक palat*/ulat*/पलट*/slip/slipped/phisal*/fisal*/फिसल* -AGO
# Serious, and nothing said of when
HIGH: stair*/roof*/terrace/height/ladder/tree/bike/scooter/scooty/motorcycle/motorbike/balcony/train/bus/horse
HIGH: chhat/chat/seedhi*/sidhi*/seedi*/upar/unchai/oonchai/ped/ghode/khoon/sir/sar/छत/सीढ़*/बाइक/स्कूटर/ऊपर/पेड़/खून/सिर
FALL/falling HIGH -AGO/love
FALL feet/ft -AGO/my
FELL WENT HIGH -AGO
FALL cannot/cant/couldnt/unable/not get/stand/move/walk/up -AGO/asleep/love
FALL/ACCIDENT head/unconscious/bleed*/fracture*/behosh/बेहोश -AGO/asleep
FELL WENT uth/chal/hil/उठ/चल/हिल nahi/nhi/नहीं -AGO
"""

DENIALS = """\
# They deny what stands after them
no/without/never/nor/zero/nil/neither/bina/bagair/na/बिना/बगैर/न/ना ...
denies/denied/deny/denying/free ...
not/dont/doesnt/didnt/havent/hasnt/hadnt/isnt have/having/had/has/any/got ...
# They deny what stands before them
... nahi/nahin/nhi/nai/nahee/nehi/नहीं
... not/isnt/wasnt there/present
... absent/nil/resolved/subsided
... theek/thik/utar/ठीक/उतर gaya/gayi/gya/gai/गया/गई
# Old history
... year/years/yrs/yr/saal/sal/saalo/साल/सालों/वर्ष ago/back/before/pehle/pahle/pahele/पहले ...
... last/previous/pichle/pichhle/पिछले year/saal/sal/साल ...
... childhood/bachpan/बचपन ...
# They deny nothing
no/without relief/sleep/rest/improvement/benefit/effect/help/use/doubt/idea/time/difference/better/cure/appetite/money
nahi/nhi/nahin/नहीं utar/utr/ja/jaa/jata/jati/kam/thik/theek/ruk/chhod/उतर/कम/ठीक/जा/जाता/रुक
never + such/like/before/itna/aisa
no/not only/just
saal/sal/years/yrs/साल pehle/pahle/ago/back/पहले se/since/से
cannot/cant/couldnt/unable/not/dont/doesnt/wont/havent/hasnt/didnt/isnt/inability
"""

DEFAULTS: dict[str, str] = {
    "bladder_bowel": BLADDER_BOWEL,
    "numbness": NUMBNESS,
    "weakness": WEAKNESS,
    "fever": FEVER,
    "accident": ACCIDENT,
    NEGATIONS: DENIALS,
}
SIGNS = tuple(sign for sign in DEFAULTS if sign != NEGATIONS)
