"""What the red-flag detector hears in what patients type, and what leaves it quiet (rule F2)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipsc.redflags import DEFAULTS, MOST_LINES, NEGATIONS, SIGNS, Hit, find, problems
from ipsc.redflags.detector import plain
from ipsc.redflags.lines import MOST_WORDS, named, parse

# The signs that each text may name, and the texts, one on each line.
HEARD = {
    "bladder_bowel": """
since the accident 3 years ago fine but today urine not coming
Namaste doctor, meri mummy ko slip disc hai aur ab unko peshab karne me control nahi reh gaya
He has been having urinary dribbling and cannot control it
my bowels open without me knowing
pesaab rok nahi paati hu
दादाजी को दो दिन से पेशाब नहीं उतरा
शौच पर नियंत्रण नहीं है
I cannot go for urine since night
I have not been able to go to the toilet to pass urine
I havent been able to pee for 14 hours, please help
urine nikalna band ho gaya hai kal se
mere papa ko kal se peshab nahi aya hai
I am leaking urine and my legs feel strange
my mother passes stool in bed without realising
no urge to urinate, have to press my stomach
catheter laga hai, peshab khud se nahi aata
bowel incontinence after L5 surgery
having problems holding my urine since the back pain got worse
peshab rokne me dikkat, nikal jata hai
मम्मी को पेशाब नहीं उतर रहा, पेट फूल गया है
पोटी कपड़ों में निकल जाती है
urine me control nhi hai
poora din ho gaya, susu nahi hua
I keep wetting the bed at night, age 45
toilet control chala gaya
i cant go pee
Urine not passing, only drops
I cannot feel my bladder is full
peshaab boond boond aa raha hai aur rukta nahi
doctor saab mujhe 2 din se peshab me rukawat hai aur nahi utar raha
my wife is not able to pee since last night after spinal anaesthesia
I have lost bladder control
Bladder not emptying fully since back pain worsened
she urinates on herself without noticing
passing urine without knowing
stool comes out by itself
kapde gile ho jate hain peshab se
peshab aata hai lekin control nahi hota
peshab nahin utar raha, kamar dard bhi hai
mujhse peshab ruk nahi pata
latring control nahi hoti
cannot urinate & constipated
पापा का पेशाब कल से बंद है
पेशाब करने में बहुत दिक्कत हो रही है
मुझे पेशाब रोकने में परेशानी है
टॉयलेट पर कंट्रोल नहीं है
no bladder control
no control of bowels
have urinary retention catheter placed yesterday
I couldn't make it to the toilet and soiled myself
Sir since two days my urine is totally blocked and stomach is swollen please see urgently
i have slipdisc and now i am not able to control my potty
my urine comes out when I don't want it
no relief from medicine, and from today urine has stopped
pesab ki dikkat ho rahi hai, ruk jata hai
peshaab rukta nahi hai
bladder issue, cannot feel when it is full
Latrine ka pata nahi chalta kab nikal gayi
pet me peshab bhara hai par aa nahi raha
पेशाब करते समय पता नहीं चलता
पेशाब नहीं रुकता
पेशाब बूंद-बूंद टपकता है
unable 2 pass urin
can't empty my bladder
loss of control over urine and stools
I don't have control over my bladder
no pain but I have lost control of my bladder
cannot pass urine
Can't pass urine since morning
can’t pee
cant pee at all
I am unable to urinate
unable to pass urine from last night
I have not passed urine since yesterday
CANNOT CONTROL MY URINE
no control over bladder
lost control of bladder and bowel
loss of bowel control since the operation
Loosing control of urine
urine is not coming
urine leaking without knowing
urine leakage since 2 days
I wet my pants
I have wet myself twice
urinary incontinence
incontinent of stool
urine retention
difficulty in passing urine
not able to hold my urine
Can't control motions
potty in pants
passing stool without knowing
I don't feel when I pee
No fever but cannot control urine
no fever cannot pass urine
cauda equina syndrome
unable to pass water since this morning
peshab nahi ho raha
peshab nahi aa raha hai
pesab nhi ho rha h
peshaab band ho gaya hai
peshab ruk gaya
kal raat se peshab nahi utra
toilet nahi ho raha hai
bathroom nahi aa raha
peshab par control nahi hai
latrine par kabu nahi
letrin aur pesab pe control nahi raha
peshab apne aap nikal jata hai
pesab tapakta rehta hai
potty nikal jati hai kapdo me
bistar me peshab ho jata hai
peshab ka pata nahi chalta
urin pass nahi ho raha
पेशाब नहीं आ रहा
पेशाब नही हो रहा है
पेशाब बंद हो गया है
पेशाब रुक गया
पेशाब पर काबू नहीं है
पेशाब अपने आप निकल जाता है
लैट्रिन पर कंट्रोल नहीं रहा
कल से यूरिन पास नहीं हो रहा
मुझे पेशाब का पता नहीं चलता
मल और मूत्र पर नियंत्रण खो दिया
बिस्तर गीला हो जाता है
""",
    "numbness": """
Perineal numbness since yesterday
my bum and genitals are numb after lifting weight
peeche latrine wali jagah bilkul sunn
जननांगों में सुन्नपन
I have no feeling in my private area
I can't feel anything down there between the legs
my private area feels numb when I sit on toilet
numbness in the vagina and buttocks
pakhane ki jagah sunn hai
neeche ka hissa sunn ho gaya hai
jangho ke beech kuch mehsus nahi hota
genitals have lost feeling
sitting area feels dead
नीचे का हिस्सा सुन्न हो गया है
गुदा के आस पास सुन्न लगता है
जांघों के बीच कुछ महसूस नहीं होता
numb in groin and inner leg
no sensation in genitals
can not feel my private parts
lower area numb around anus
pvt part me sunnpan
dono jaangh ke bich jhunjhuni aur sunnpan
maldwar ke paas kuch mehsoos nahi hota
योनि के पास सुन्नपन
दोनों टांगों के बीच में कुछ महसूस नहीं हो रहा
numbness, mostly between my legs
my crotch feels numb and weird
loss of sensation in the saddle area
Loss of feeling around my bottom
between the legs it is all numb
nitamb aur jangh ke beech sunnpan
gupt ango me sunnpan
मेरे गुप्त अंग सुन्न पड़ गए हैं
कूल्हे और जांघों के बीच सुन्नपन
numbness between legs
numb between my thighs
numbness around the back passage
Numbness in private parts
saddle numbness
groin is numb
my bottom has gone numb
buttocks are numb
numbness of genital area
no feeling between my legs
lost sensation around anus
can't feel when I wipe
tingling and numbness in inner thighs
private part sunn ho gaya
taango ke beech sunn hai
dono pairo ke bich sunn ho gaya hai
jangho ke beech me sunnpan
gupt ang sunn
latrine ki jagah sunn ho gayi hai
peshab wali jagah sun ho gayi
kulhe sunn ho gaye
टांगों के बीच सुन्न है
टाँगों के बीच सुन्नपन
जांघों के बीच झुनझुनी
गुप्तांग सुन्न हो गया
मलद्वार के आसपास सुन्नपन है
प्राइवेट पार्ट सुन्न है
पेशाब की जगह सुन्न हो गई
pair sunn ho gaye
mere dono pair achanak sunn ho gaye hain
dayan pair sunn pad gaya
kamar ke neeche sunn ho gaya
kamar se neeche sab sunn
legs gone numb
My left foot has gone completely numb
both legs numb
sudden numbness in both legs
पैर सुन्न हो गए
दोनों पैर सुन्न हैं
अचानक पैर सुन्न पड़ गया
कमर से नीचे सब सुन्न
""",
    "weakness": """
papa chal nahi pa rahe
mummy se chala nahi ja raha
maa khadi nahi ho pa rahi
चला नहीं जा रहा
खड़ी नहीं हो पा रही
my leg just collapsed under me
I can barely lift my foot
dono taango me bahut kamzori aa rahi hai chal nahi pata
pair lagatar kamzor hota ja raha hai
toes not moving after back surgery
दाहिने पैर में अचानक कमजोरी आ गई
पैर सुन्न है और उठता नहीं
I keep tripping because my foot will not come up
my left leg suddenly went weak
right leg has become very weak in the last week
My husband cannot stand on his left leg anymore
legs feel like jelly and give way
pair ghaseet ke chal raha hu
pair me taqat khatam ho rahi hai
ek pair kaam karna band kar diya
mere pitaji ke pair achanak chalna band
I can't raise my big toe
unable to walk since morning, legs heavy
पैर उठाने में दिक्कत है, पंजा नहीं उठता
पिताजी अचानक चल नहीं पा रहे
टांग में ताकत नहीं रही
mera pair utha nahi jata
Paralysis in right leg
leg muscle power is going down
legs paralised
my foot drops while walking
left foot slaps the floor, cannot raise it
can't feel my legs
unable to lift right leg from bed
legs not moving
lost power in left foot
legs have no strength
leg suddenly gave out
mere pairon ki takat chali gayi
pair uthane me kamzori
bayan pair kaam nahi karta
meri maa khadi nahi ho pa rahi achanak
paon me kamjori badh rahi hai
dahine pair me 3 din se kamjori
पैर ने जवाब दे दिया
बाएं पैर में कमज़ोरी बढ़ रही है
पंजा ऊपर नहीं उठता
No fever, but my legs are getting weak
progressive weakness lower limbs
Right leg - weakness since morning
can't push down with my foot, it is weak
my knees give way when I climb
I am losing strength in both legs
after the injection my leg has become weak
leg is paralysed since yesterday
pair bilkul nahi hil raha
mera left pair bejaan sa ho gaya hai
dono pairon me jaan nahi rahi
pairo ki shakti kam ho rahi hai
kamar ke neeche ka hissa kaam nahi kar raha
टांगें कमजोर हो रही हैं
पैरों की ताकत चली गई
मेरा पैर हिल नहीं रहा
not able to move toes of left foot
No numbness, weakness in right leg since 2 days
foot dropping since a week
sudden weakness in left leg
weakness of both legs
My leg is weak since yesterday
left foot weakness, new
cannot lift my foot
can't move my legs
unable to move right leg
foot drop
footdrop on left side
my leg gives way
leg gave way on the stairs
my legs are not working
leg paralysed
legs paralyzed suddenly
no power in legs
I lost strength in my right leg
dragging my foot
suddenly cannot walk
leg buckles when I stand
pair me kamjori hai
pairo mein kamzori aa gayi
pair nahi uth raha
pair utha nahi pa raha hu
taang me jaan nahi hai
dono pair kaam nahi kar rahe
pair ladkhadate hain
pair me lakwa maar gaya
achanak chal nahi pa raha
chappal pair se nikal jati hai
leg me kamjori
panja nahi uthta
पैर में कमजोरी है
पैरों में कमज़ोरी
टाँग में नई कमज़ोरी
पैर नहीं उठ रहा
पैर में जान नहीं है
दोनों पैर काम नहीं कर रहे
पैर को लकवा मार गया
चलते समय चप्पल निकल जाती है
अचानक खड़ा नहीं हो पा रहा
pair में कमजोरी
पैर में weakness
""",
    "fever": """
I have fever of 102 and severe lower back pain for 2 days
peeth ke dard ke saath bukhar aur thand
high grade fever post surgery
kamar dard, jwar
रीढ़ में दर्द और रात को बुखार
I had an epidural on Monday and since Tuesday I have fever
Running temperature of 102 after the nerve block
kamar me bahut dard h aur 3 din se bukhar h
back ache, chills and sweating at night
back pain and 103 fever
bukhar aa raha hai, reedh ki haddi me dard
operation wali jagah se pus aur bukhar
sui lagwane ke baad se bukhar aa raha hai
कमर में बहुत दर्द और तीन दिन से बुखार
मुझे इंजेक्शन लगा था अब बुखार है
No numbness. But I have fever and severe back pain
fever not going down after spine surgery
feverish after RFA
I have back pain, I feel hot and have temperature 101
fever with severe back pain
Spine pain + fever
fever 102 two days after kyphoplasty
bukhaar aur kamar me dard
cement lagne ke baad bukhar aaya
high temperature and back pain
back pain with night fever for 3 weeks
बुखार के साथ पीठ में दर्द
ब्लॉक लगवाने के बाद से बुखार
no weakness. fever after surgery
got injection in the spine last week and now running fever
I am having fever. Also my lower back is aching.
kamar me dard, thand lag kar bukhar
tez bukhar aur kamar dard
injection lagne ke bad tej bukhar
Had surgery 10 days back, now fever 101
back pain n fever
not only back pain but also fever
मुझे कमर दर्द है और रात को बुखार आता है
ऑपरेशन हुए पांच दिन हुए, बुखार आ रहा है
I don't have cough but fever and back pain
back pain with fever
fever and backache
Back pain. High fever since two days
back pain and temperature 101.5
lower back pain with chills
fever after injection
fever after the operation
Fever since yesterday after the procedure
fever since vertebroplasty
shivering after epidural
neck pain, fever, vomiting
never had fever like this after operation
back pain no relief fever also
kamar dard aur bukhar
kamar me dard hai aur bukhar bhi hai
kamar dard ke sath tez bukhar
injection ke baad bukhar
operation ke bad bukhaar aa gaya
neend nahi aa rahi hai bukhar hai kamar dard hai
bukhar utar nahi raha, operation hua tha
peeth dard aur bukhar 3 din se
कमर दर्द और बुखार
कमर में दर्द है। बुखार भी है।
ऑपरेशन के बाद बुखार
इंजेक्शन के बाद बुख़ार आ गया
पीठ दर्द के साथ तेज बुखार
सुई लगने के बाद बुखार
kamar dard aur बुखार
""",
    "accident": """
fell hard on my back today
auto palat gaya aaj subah
My father slipped in the bathroom and cannot walk
papa ka accident ho gaya hai
सड़क दुर्घटना में कमर में चोट आई है
I was hit by a bike
my mother slipped on the wet floor this morning, cannot move
road accident
papa chhat se gir gaye
meri mummy gir gayi hai aur uth nahi pa rahi
abhi abhi gir gaya hu kamar me bahut chot
Fell off my scooter an hour back
car crash yesterday, neck pain
RTA today morning
fell 10 feet at construction site
bathroom me phisal gaya aaj
gaadi ne takkar maar di
पिताजी सीढ़ियों से गिर गए हैं
आज सुबह बाथरूम में फिसल गया
बाइक से गिर गया हूं
I tripped and fell this morning
Had a bad fall this morning
scooter accident yesterday evening
fell off a ladder
abhi gir gayi hu bahut dard hai
kal sadak durghatna me chot lagi
seedhiyon se gir gayi
मेरे पिता अभी गिर गए
बाइक एक्सीडेंट हो गया है
serious injury to back
mother fell in bathroom 2 hours ago
I was in a road accident
Today I met with a scooty accident
I fell on the road just now and hurt my spine
fell from bed last night, 80 years old
truck hit us yesterday
gir pada hu seedhi se
ghode se gir gaya
kal accident me kamar me chot aayi
aaj scooty slip ho gayi
दादी बाथरूम में गिर गई हैं
कल रात बाइक फिसल गई
अभी चोट लगी है
I have fallen down the stairs
My 80 year old father fell from the roof
my 75 years old mother fell today
fell from stairs and hurt my back
fell from stairs last night, back pain
80 saal ki dadi gir gayi aaj
2 din pehle gir gaya tha
I fell 20 minutes ago
2 days ago fell from stairs
fell from stairs
I fell down today
I had a fall yesterday and hurt my back
just had an accident
met with an accident this morning
had a car accident an hour ago
Fell from the roof
slipped in bathroom today
fell and cannot get up
my father fell from bed just now
bike accident today
gir gaya abhi
aaj subah gir gayi
kal raat seedhi se gir gaya
chhat se gir gaya
abhi accident hua hai
accident ho gaya
bike se gir gayi
aaj chot lagi
mummy bathroom me gir gayi hain aaj
सीढ़ी से गिर गया
आज सुबह गिर गई
अभी एक्सीडेंट हुआ है
छत से गिर गए
कल दुर्घटना हो गई
""",
    "bladder_bowel numbness": """
numbness between legs and cannot pass urine
टांगों के बीच सुन्न है और पेशाब नहीं आ रहा
""",
    "numbness weakness": """
dono pair sunn aur kamjor ho gaye hain
""",
    "bladder_bowel weakness": """
weakness in both legs, no control over urine
pair me kamjori hai aur peshab nahi ho raha
""",
    "weakness accident": """
Fell from the roof today, cannot move legs
""",
    "bladder_bowel fever": """
back pain fever and unable to pass urine
""",
}
QUIET = """
I would like to book for my mother, knee pain
can you treat back pain without operation
recurring pain after disc surgery in 2019
cannot walk more than ten minutes because of leg pain
hands and legs pain, thyroid
is there parking and a toilet
no numbness tingling or weakness in legs
ghutne ka operation hua tha 2 saal pehle, ab dard hai
mujhe chakkar aate hain
kya injection se dard theek hoga
kamar me dard, uthne me dikkat, koi bukhar nahi
pair ke talwe me jalan
haddi kamjor hai
back weakness after delivery
मेरी कमर में बहुत दर्द है, कृपया अपॉइंटमेंट दें
घुटने का इंजेक्शन कितने का है
हड्डियां कमजोर हैं, पैर में दर्द
पैर की एड़ी में दर्द सुबह ज्यादा होता है
Feet pain, sugar patient
dard ke karan kaam nahi kar pata
knee replacement consultation
Want appointment with pain specialist for trigeminal neuralgia
pain since 2 years, no injury
no history of fall or accident
No h/o trauma, fever or weight loss
not had any fever or accident recently
urine and bowel normal, back pain only
bladder and bowel control normal
back pain no other problem
back pain radiating to the foot
pins and needles in my feet
legs get tired after walking
stiffness in back every morning
my leg hurts when I lift weights
cannot lift my arm, frozen shoulder
back pain after lifting a bucket today
pain starts when I stand up from chair
cannot bend my knee
pain in both feet and ankles
fees for injection?
is the operation safe?
PRP injection for knee
sugar ki dawai chal rahi hai
mujhe doctor se milna hai
kamar se pair tak dard jata hai
kamar dard 5 saal se hai
pair me jhunjhuni
pairo me jalan
pair me sujan
raat ko pair me dard ke karan nahi so pata
ghutne ke dard se chal nahi pata
ghutno ke dard ki wajah se uthne baithne me dikkat
kal ka appointment cancel karna hai
aaj ka appointment milega kya
baad me phone karna
दर्द की वजह से नींद नहीं आती
दवा से आराम नहीं मिल रहा
कमर से पैर तक दर्द जाता है
पैरों में जलन
पैर में झुनझुनी
घुटने में सूजन
चलने में दर्द होता है
क्या आज अपॉइंटमेंट मिलेगा
कल का अपॉइंटमेंट रद्द करना है
बुखार या कमजोरी नहीं है, सिर्फ कमर दर्द
न बुखार है न कमजोरी
पेशाब और शौच सामान्य है
peshab normal hai, kamar me dard
peshab latrine sab theek hai
no issues with urine or stool
I walk fine, no weakness in legs, no numbness
fever gone, want to book follow up
no fever, weakness or numbness
no fever, numbness, or loss of bladder control
I take water tablets for BP
just moved to Delhi, want to continue treatment for slip disc
I fell ill last year
feeling low these days due to pain
shoulder dislocated in a fall in 2018
Can I pass my report by whatsapp
do not have leg weakness
leg length difference
plantar fasciitis, foot pain in morning
foot ulcer
lower back weakness exercises
weak back
vitamin D deficiency weakness and body pain
bachpan me polio, pair kamjor
loose motions since yesterday
acidity and gas
Pain in lower back and left leg since 2 months, MRI done
L4 L5 disc bulge with nerve compression
cervical pain and hand numbness
Want to know about ozone injection
Dr appointment today evening?
need to reschedule tomorrow's appointment
pain comes and goes
can not sit or drive for long
pain gets worse in night
knee pain cannot climb stairs
both knees paining while climbing stairs
painful urination
kidney stone pain
blood in stool
prostate problem
UTI treatment going on
no urine problem
no urinary complaints, no weakness
no red flags
no fever or chills
No fever no weakness no numbness
fever 2 years ago, back pain now
have not had fever
I don't have fever, just back pain
I had dengue last year and back pain since then
weak eyesight
weak eyes and leg cramps
leg cramps at night
swelling in foot
varicose veins in legs
burning feet
pain in thigh, outer side numb
meralgia, thigh numb
carpal tunnel
scar pain after operation
pain after surgery 2 months
post operative follow up
stitches removal
is fasting required before procedure
old accident case, pain in back
accident 3 years back, operated
fall in haemoglobin
hair fall
fall asleep late because of pain
kamar dard ka ilaj bina operation
operation ke bina theek ho sakta hai kya
injection lagwana hai
kya aaj doctor milenge
kal se kamar me dard hai
aaj subah se gardan akad gayi hai
bp aur sugar hai
sugar control nahi hai
pet saaf nahi hota
gas aur kabz
bukhar utar gaya hai, kamar dard ke liye aana hai
kamar dard, bukhar nhi h
na kamjori na sunnpan
pairo me dard aur sujan
pair ki nas khich gayi
edi me dard
haath me kamjori nahi
pehle accident hua tha bachpan me
dawai kaam nahi kar rahi pair dard me
कमर की नस दबी है
मुझे डॉक्टर से मिलना है
एड़ी में दर्द
हाथ में झनझनाहट
पिछले साल बुखार हुआ था
कमर दर्द है लेकिन बुखार या कमजोरी नहीं
पेशाब में कोई दिक्कत नहीं
ऑपरेशन के बिना इलाज
चोट पुरानी है
पांच साल पहले गिर गया था
कल से कमर दर्द है
आज सुबह से गर्दन में दर्द
शुगर कंट्रोल नहीं है
Had surgery 10 days back, no fever now
weakness in hand
no leg weakness
No weakness/numbness/fever
weakness: nil, numbness: nil, fever: nil
fever - no
h/o fall 5 years back
back pain, no trauma, no fever, bladder/bowel normal
bowel and bladder habits normal
pain in tail bone when sitting
pain in groin
pain in buttock going to leg
buttock pain
pain in private part after hernia operation
hip pain
leg numbness when sitting cross legged
my feet feel cold
not able to sleep on left side
cannot lift heavy weights
unable to sit on floor
wants to stop medicine
back stiffness
kamar akad jati hai
pair bhaari lagta hai
uthne baithne me dikkat
thakan aur kamjori
kamjori, chakkar
viral ke baad badan dard
bacche ka accident nahi hua
mujhe koi bukhar nahi, sirf kamar dard hai
bukhar ya thand nahi lagti, kamar dard hai
peshab me koi problem nahi
peshab pe control hai, kamar dard
पैर में सूजन
पैर दर्द, थकान
बुखार नहीं, कमजोरी नहीं, कमर दर्द
कमर दर्द, पेशाब ठीक है
मुझे इंजेक्शन लगवाना है
सिर दर्द और चक्कर
घुटने बदलने का ऑपरेशन
कमर में चोट 10 साल पहले लगी थी
fell from stairs 5 years back and back pain since
long back had an accident
accident last year
I had an accident last year
fell last month
fell last week
last year I fell from stairs
pichle saal seedhi se gir gaya tha
accident hua tha 2019 me
back pain for 3 months
lower back pain
Back pain since last year
neck pain
knee pain, both knees
my leg pain
pain in left leg
sciatica pain going down the leg
slip disc
slip disc L4-L5 since yesterday
slipped disc pain today
MRI report to be shown
urine test report
urine infection last month
burning in urine
second opinion about operation
need to show fever clinic bill
fell in love with this clinic
I fell asleep during the treatment
weakness of eyesight
general weakness
follow up after injection, no fever
Follow up after operation. No fever, no weakness.
no loss of bladder control
without any numbness or weakness
no numbness or weakness in legs
no bladder or bowel problem
I do not have any weakness in my leg
patient denies weakness in legs
back pain, no fever
back pain but no fever
Back pain. Fever: no
back pain without fever
back pain, never had fever
fever
fever and cold
Fever last year, back pain now
accident ten years ago
had an accident in 2015, pain since then
had weakness in leg 5 years back
pain since accident 10 years ago
fell from stairs 6 months ago
fell from stairs, 6 months back
numbness in fingers
numbness in hand
tingling in foot
shoulder pain
frozen shoulder
cancer pain
migraine and headache
tennis elbow
appointment for tomorrow morning
I want to cancel my injection
how much does the injection cost
epidural injection
diabetic, sugar is not in control
blood pressure not under control
constipation
cannot sleep because of pain
cannot sit for long
heel pain in the morning
pain when walking
physiotherapy not helping
kamar dard hai
kamar me dard 2 saal se
pair me dard
pair dard hai
ghutne me dard
ghutno ka dard
gardan me dard
kandhe me dard hai
peshab me jalan
peshab ki jaanch
bukhar nahi hai
kamar dard hai bukhar nahi hai
kamar dard hai lekin bukhar bilkul nahi
injection ke baad bukhar nahi aaya
na bukhar hai na kamjori, kamar dard
bina bukhar ke kamar dard
kamjori nahi hai
pair me kamjori nahi hai
pair me koi kamzori nahin hai
2 saal pehle accident hua tha
10 saal pehle gir gaya tha
bacche ko bukhar
kamjori lagti hai
neend nahi aati
dawai se aaram nahi
nas dabi hui hai
slip disc ka ilaj
report dikhani hai
appointment chahiye kal ka
pair sunn ho jata hai
पैर सुन्न हो जाता है
my leg goes numb when I sit
dono pair me jhunjhuni
dard se chala nahi ja raha
दर्द की वजह से चला नहीं जा रहा
pair sunn nahi hua
haath sunn hota hai
sar dard
कमर दर्द है
कमर में दर्द 3 महीने से
घुटने में दर्द
घुटनों का दर्द
गर्दन में दर्द
कंधे में दर्द
पैर में दर्द है
सायटिका का दर्द
बुखार नहीं है
कमर दर्द है, बुखार नहीं है
कमर दर्द है बुखार नहीं
इंजेक्शन के बाद बुखार नहीं आया
बिना बुखार के कमर दर्द
पैर में कमजोरी नहीं है
आंखों की कमजोरी
कमजोरी लगती है
पेशाब की जांच
पेशाब में जलन
दस साल पहले एक्सीडेंट हुआ था
हाथ सुन्न हो जाता है
नींद नहीं आती
स्लिप डिस्क
रिपोर्ट दिखानी है
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def signs(text: str) -> set[str]:
    return {hit.sign for hit in find(text, DEFAULTS)}


@pytest.mark.parametrize(("text", "expected"), [(line, each) for each in HEARD for line in lines(HEARD[each])])
def test_it_hears_a_sign(text, expected):
    assert signs(text) == set(expected.split())


@pytest.mark.parametrize("text", lines(QUIET))
def test_it_stays_quiet(text):
    assert find(text, DEFAULTS) == []


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("text", ["पैरों में कमज़ोरी", "टाँग में नई कमज़ोरी", "इंजेक्शन के बाद बुख़ार"])
def test_it_hears_a_sign_in_any_encoding(text, form):
    assert signs(text) == signs(unicodedata.normalize(form, text)) != set()


@pytest.mark.parametrize(
    "text",
    [
        "CAN\u2019T   PASS\tURINE",
        "ｃａｎｎｏｔ ｐａｓｓ ｕｒｉｎｅ",
        "cannot\u00a0pass\u200b urine!!!",
        "😭cannot😭pass😭urine😭",
        "cannot\0pass\0urine",
        "can\u00adnot pass urine",
        "पेशाब\u200d नहीं\u200c आ रहा",
        "पेशाब  नहीं\u00a0आ रहा।",
    ],
)
def test_it_sees_through_odd_characters(text):
    assert signs(text) == {"bladder_bowel"}


SCRIPTS = {
    "bladder_bowel": ("cannot pass urine", "peshab nahi ho raha", "पेशाब नहीं हो रहा"),
    "numbness": ("numbness between legs", "taango ke beech sunn", "टांगों के बीच सुन्न"),
    "weakness": ("new weakness in leg", "pair me kamjori", "पैर में कमजोरी"),
    "fever": ("fever after injection", "kamar dard aur bukhar", "कमर दर्द और बुखार"),
    "accident": ("fell from stairs today", "aaj gir gaya", "आज गिर गया"),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_it_knows_each_sign_in_each_script(sign):
    assert [signs(text) for text in SCRIPTS[sign]] == [{sign}] * 3


@pytest.mark.parametrize("key", DEFAULTS)
def test_it_comes_with_lists_that_can_be_used(key):
    assert problems(DEFAULTS[key]) == []
    assert max(len(line) for line in DEFAULTS[key].splitlines()) <= 120


def test_it_comes_with_a_list_of_denials():
    assert set(DEFAULTS) == {*SIGNS, NEGATIONS}


def test_it_quotes_what_the_patient_wrote():
    assert find("Since Monday I  can’t pass\nany urine, and feel hot.", DEFAULTS) == []
    assert find("Since Monday I  can’t pass any URINE, and feel hot.", DEFAULTS) == [
        Hit("bladder_bowel", "can’t pass any URINE")
    ]
    assert find("Fever. And my back is in pain.", DEFAULTS) == [Hit("fever", "Fever … back is in pain")]


def test_it_names_each_sign_once_in_the_order_of_the_lists():
    text = "fell today, fell from stairs, cannot pass urine, cannot pee, foot drop"
    assert [hit.sign for hit in find(text, DEFAULTS)] == ["bladder_bowel", "weakness", "accident"]


def test_it_reads_the_lists_that_staff_wrote():
    lists = {"weakness": "LEG: leg/पैर\n# a remark\ntired LEG -walk*\nheavy + stairs", NEGATIONS: "no ..."}
    assert find("my पैर is so TIRED", lists) == [Hit("weakness", "पैर is so TIRED")]
    assert find("leg tired from walking", lists) == []
    assert find("no tired leg", lists) == []
    assert find("Stairs are bad. It is all heavy.", lists) == [Hit("weakness", "Stairs … heavy")]
    assert find("heavy", lists) == []
    assert find("cold foot", {"weakness": "cold LEG\nLEG: foot"}) == [Hit("weakness", "cold foot")]
    assert find("a remark", lists) == []
    assert find("tired leg", {}) == find("tired leg", {"weakness": ""}) == []


@pytest.mark.parametrize(
    "line", ["/", "*", "-", "+", "a*", "-sugar", "leg +", "leg/", "leg//foot", "u*rine/x", "(", "***", "x" * 30 + "*"]
)
def test_it_says_which_line_cannot_be_used(line):
    [(number, reason)] = problems(f"leg\n\n{line}\nfoot")
    assert number == 3
    assert str(reason).endswith(".")
    assert find("no leg here", {"weakness": f"{line}\nleg"}) == [Hit("weakness", "leg")]


def test_it_says_when_a_name_has_too_many_words():
    words = [f"leg{number}" for number in range(MOST_WORDS + 1)]
    assert problems(f"LEG: {' '.join(words[:-1])}\nno LEG") == []
    assert [number for number, _ in problems(f"LEG: {' '.join(words)}\nno LEG")] == [1]
    assert [number for number, _ in problems(f"LEG: {' '.join(words[:-1])}\nLEG: {words[-1]}")] == [2]


def test_lines_share_the_words_of_a_name():
    """A thousand lines may use it: with a copy each, lists of legal length would fill the memory."""
    names = named("LEG: leg foot")
    [first], [second] = parse("my LEG", names), parse("LEG -LEG", names)
    assert first.groups[1] is second.groups[0] is names["LEG"]


def test_it_says_when_a_line_or_a_list_is_too_long():
    assert [number for number, _ in problems("leg\n" + "leg " * 13)] == [2]
    assert [number for number, _ in problems("leg\n" * 10_000)] == [MOST_LINES + 1]


def test_it_takes_what_looks_like_a_pattern_as_plain_text():
    assert find("urine", {"bladder_bowel": "ur.ne\nur[i]ne\n(urine|x)y\n.+"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0",
        "no " * 50_000,
        "urine " * 20_000,
        "no or " * 20_000,
        "क्" * 50_000,
        "\ud800",
        "😀" * 100_000,
        "-" * 9,
    ],
    ids=range(10),
)
def test_it_survives_any_text(text):
    assert find(text, DEFAULTS) == []


ALPHABET = st.sampled_from(sorted({*" ./*+-#:…।,\n\0😀'’\u200d़", *"nourineabसनहींबेशपकFEVER12"}))
SCRAP_WORDS = (
    "no not nahi नहीं cannot pass urine leg weakness fever back pain बुखार कमर dard or nor and but , . ! ago years"
)
SCRAPS = st.sampled_from(SCRAP_WORDS.split())
TEXTS = st.one_of(st.text(max_size=200), st.text(ALPHABET, max_size=200), st.lists(SCRAPS, max_size=30).map(" ".join))


@given(TEXTS, st.dictionaries(st.sampled_from([*SIGNS, NEGATIONS]), TEXTS))
def test_it_never_raises(text, lists):
    find(text, lists)
    for each in lists.values():
        assert all(number >= 1 and str(reason) for number, reason in problems(each))


@given(TEXTS)
def test_it_quotes_only_what_stands_in_the_text(text):
    for hit in find(text, DEFAULTS):
        assert 0 < len(hit.words) <= 80
        assert all(piece.strip() in plain(text) for piece in hit.words.split(" … "))


@given(
    st.lists(SCRAPS, max_size=30).map(" ".join),
    st.sampled_from(["I live in Delhi", "मेरा नाम सुनीता है", "appointment chahiye"]),
    st.sampled_from([", ", ". ", "\n", "। "]),
)
def test_it_hears_a_sign_whatever_else_is_said(text, clause, mark):
    assert signs(text) <= signs(text + mark + clause)
    assert signs(text) <= signs(clause + mark + text)
