"""Words that say nothing of what somebody looks for, in English, in Hindi and in Hindi typed in Latin letters."""

from faq.search.folding import plain

ENGLISH = """
a about above after again against all also am an and any anyone anything are arent around as at be because been before
being below between both but by can cannot cant could couldnt did didnt do does doesnt doing done dont down during each
else even ever every few for from further get gets getting give given go goes going gonna got had has hasnt have havent
having he help her here hers herself hi hello him himself his how however i id if ill im in into is isnt it its itself
ive just kindly know let like make many may me might more most much must my myself need no nor not now of off ok on once
one only onto or other ought our ours ourselves out over own please pls plz really same say shall she should shouldnt
since so some someone something still such suggest take taken takes tell than thank thanks that thats the their theirs
them themselves then there these they thing things this those though through to too u under until up upon ur us use used
very want wants was wasnt way we were werent what whats when where whether which while who whom whose why will with
within without wont would wouldnt yes yet you your yours yourself yourselves
"""
HINDI = """
का की के को से में पर ने तक और या तथा एवं है हैं हूँ हूं हो था थी थे होता होती होते होना होगा होगी होंगे हुआ हुई हुए
कर करके करना करने करें करते करता करती करूँ करूं किया किए किये की गई गया गए गयी गये जा जाता जाती जाते जाना जाए जाये
जाएगा जाएगी सकता सकती सकते सके दे देना देते दें दिया लिए लिये ले लेना लें लेते यह ये वह वो इस इसे इसका इसकी इसके इन
इनका उस उसे उसका उसकी उसके उन उनका मैं मुझे मुझको मेरा मेरी मेरे हम हमें हमारा हमारी हमारे आप आपको आपका आपकी आपके तुम
क्या क्यों कैसे कैसा कैसी कब कहाँ कहां कौन कौनसा कौनसी किस किसे किसका कितना कितनी कितने कोई कुछ भी ही तो जो जब तब अगर
यदि फिर अब नहीं नही न ना मत चाहिए चाहिये कृपया जी साथ बारे वाला वाली वाले रहा रही रहे रहना सब यहाँ वहाँ होने हाँ एक
"""
HINGLISH = """
ka ki ke ko se mein mai main me par pe ne tak aur or ya hai hain hei h hu hun hoon ho tha thi the hota hoti hote hona
hoga hogi honge hua hui hue kar karke karna karne kare karen karte karta karti karu karun kiya kiye gai gaya gayi gaye
ja jata jati jate jana jaye jaega jayega jayegi sakta sakti sakte sakti sake de dena dete diya liye ke le lena lete yeh
ye yah wo woh vo vah is ise iska iski iske in inka us use uska uski uske un unka mujhe mujhko mera meri mere hum hame
hamein humein hamara hamari hamare aap ap apko aapko apka aapka aapki apki aapke tum kya kyu kyun kyon kyo kaise kese
kaisa kaisi kab kaha kahan kaun kon konsa konsi kis kise kiska kitna kitni kitne koi kuch kuchh bhi hi to toh jo jab tab
agar yadi phir fir ab nahi nahin nai na mat chahiye chaiye ji sath saath bare baare wala wali wale raha rahi rahe rehna
sab yaha yahan hone haan han ek batao bataiye bataye btao sir madam mam
"""
STOPS = frozenset(plain(f"{ENGLISH} {HINDI} {HINGLISH}").split())
