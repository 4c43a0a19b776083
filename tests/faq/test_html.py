"""What staff's rich text becomes: HTML in one safe form, plain text, and HTML fitted to a page (rule F1)."""

import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.safestring import SafeString
from hypothesis import example, given
from hypothesis import strategies as st

import faq
from faq.html import clean, shifted, text_of
from faq.html.nodes import MAX_DEPTH
from faq.html.tokens import tokens
from faq.html.tree import tree
from faq.html.writing import html_of
from tests.faq.test_xss import VECTORS, dangers

CONTENT = Path(faq.__file__).parent / "content" / "vertebral-augmentation.toml"
QUESTIONS = tomllib.loads(CONTENT.read_text())["questions"]
ANSWERS = {f"{each['slug']} {kind}": each[kind] for each in QUESTIONS for kind in ("answer", "answer_hi")}

# Pieces that a browser, Word or somebody's bad luck puts together in any order.
_TAGS = {
    *(
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h6",
        "div",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "caption",
    ),
    *("a", "b", "strong", "i", "em", "br", "span", "font", "script", "style", "svg", "o:p", "caption"),
}
_WITH_ATTRIBUTES = [
    *('<a href="/x">', '<a href="https://a.example/?a=1&amp;b=2">', "<a href=mailto:a@b.example>", "<a href=x:y>"),
    *("<td colspan=3>", "<th scope=row rowspan=99>", '<p style="mso-list:l0 level1">'),
    *('<span style="mso-list:Ignore">1.', "<span style=font-weight:700>", "<b style=font-weight:normal>"),
]
_CHARACTERS = [
    *(" ", "\n", "&nbsp;", "\u200b", "\u202e", "क\u094d\u200dष", "&lt;b&gt;", "&amp;amp;", "<", "<!--", "-->", "]]>"),
]
_FRAGMENTS = st.one_of(
    st.sampled_from(sorted(f"<{slash}{name}>" for name in _TAGS for slash in ("", "/"))),
    st.sampled_from(_WITH_ATTRIBUTES),
    st.sampled_from(_CHARACTERS),
    st.sampled_from(VECTORS),
    st.text(max_size=8),
)
SOUP = st.lists(_FRAGMENTS, max_size=40).map("".join) | st.text()


class _Text(HTMLParser):
    """The words of a piece of HTML, read by somebody else's parser."""

    words: str = ""

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


def _words(html: str) -> list[str]:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser.words.split()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_ships_comes_out_as_it_went_in(name):
    assert clean(ANSWERS[name]) == ANSWERS[name].strip()
    assert text_of(clean(ANSWERS[name])).split() == _words(ANSWERS[name])


def test_all_answers_that_ship_were_looked_at():
    assert len(ANSWERS) == 28


@given(SOUP)
@example("<b>a<br></b> <br>b")
@example("<ul><li>a<ul><li>b</ul>c<p>d")
@example("<table><tr><th>a<tr><td>b<table><tr><td>c</table>d")
def test_cleaning_what_is_clean_changes_nothing(html):
    once = clean(html)
    assert clean(once) == once


@given(SOUP)
def test_nothing_but_an_answer_comes_out_of_anything(html):
    assert dangers(clean(html)) == []


@given(SOUP)
def test_nh3_finds_nothing_left_to_do(html):
    assert clean(html) == html_of(tree(tokens(html)))


@given(SOUP)
@example("<table>a<td colspan=3>")
def test_the_text_is_the_same_before_and_after_cleaning(html):
    assert text_of(clean(html)) == text_of(html)


@given(SOUP)
def test_every_block_has_something_to_read(html):
    assert all(line.strip() for line in text_of(html).split("\n")) or clean(html) == ""


@given(st.text())
def test_plain_text_loses_no_word(text):
    """Brackets and ampersands aside, which have a meaning of their own in HTML."""
    typed = "".join(char for char in text if char not in "<>&" and (char.isprintable() or char == " "))
    assert text_of(typed).split() == typed.split()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("", ""),
        ("   \n &nbsp; ", ""),
        ("Text", "<p>Text</p>"),
        ("one<p>two</p>three", "<p>one</p>\n<p>two</p>\n<p>three</p>"),
        ("<div>one<div>two</div></div>", "<p>one</p>\n<p>two</p>"),
        ("<b>a</b> <i>b</i>", "<p><strong>a</strong> <em>b</em></p>"),
        ("<i><b>a</b></i>", "<p><strong><em>a</em></strong></p>"),
        ("<b>a</b><b>b</b>", "<p><strong>ab</strong></p>"),
        ("a<b> b </b>c", "<p>a <strong>b</strong> c</p>"),
        ("<b><p>a</b>b</p>", "<p><strong>a</strong>b</p>"),
        ("<b></b><p><i> </i></p><h3>&nbsp;</h3><ul><li></li></ul><table><tr><td></td></tr></table>", ""),
        ("<h1>a</h1><h2>b</h2><h3>c</h3>", "<h3>a</h3>\n<h3>b</h3>\n<h3>c</h3>"),
        ("<h4>a</h4><h5>b</h5><h6>c</h6>", "<h4>a</h4>\n<h4>b</h4>\n<h4>c</h4>"),
        ("<h2><strong>a</strong><br>b</h2>", "<h3>a b</h3>"),
        ("<h2>a<p>b", "<h3>a</h3>\n<p>b</p>"),
        ("a<br>b", "<p>a<br>b</p>"),
        ("<p><br>a<br> <br>b<br></p>", "<p>a</p>\n<p>b</p>"),
        ("a&nbsp;&nbsp;b\u00a0 \t\nc", "<p>a b c</p>"),
        ("1 &lt; 2 &amp; 3 > 2 \"x\" 'y'", "<p>1 &lt; 2 &amp; 3 &gt; 2 \"x\" 'y'</p>"),
        ("5 < 6", "<p>5 &lt; 6</p>"),
        ("a <b", "<p>a &lt;b</p>"),
        ("<u>a</u><span class=x>b</span><blockquote>c</blockquote>", "<p>ab</p>\n<p>c</p>"),
        ("<p class=MsoNormal style='margin:0'>a<o:p></o:p></p>", "<p>a</p>"),
        ("<st1:place w:st='on'>Delhi</st1:place><?xml:namespace prefix=o /><![if !x]>!<![endif]>", "<p>Delhi!</p>"),
        ("a<!--[if gte mso 9]><xml><w:x>1</w:x></xml><![endif]-->b", "<p>ab</p>"),
        ("<b style='font-weight:normal' id=docs-internal-guid-1><p>a</p></b>", "<p>a</p>"),
        ("<span style='font-weight:700'>a</span>b", "<p><strong>a</strong>b</p>"),
    ],
)
def test_it_writes_one_form(sent, stored):
    assert clean(sent) == stored


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<ol><li>a<ul><li>b</ul><li>c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<li>a</li><li>b</li><p>c</p>", "<ul><li>a</li><li>b</li></ul>\n<p>c</p>"),
        ("<ul><li><h3>a</h3>b</li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("</li></ul></p>a", "<p>a</p>"),
        ("<ul><li><table><tr><td>a<td>b</table></ul>c", "<ul><li><p>a</p><p>b</p></li></ul>\n<p>c</p>"),
    ],
)
def test_it_writes_lists_in_one_form(sent, stored):
    assert clean(sent) == stored


def test_paragraphs_that_word_means_as_a_list_become_one():
    item = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>{}<span>&nbsp; </span>"
    )
    word = f"{item.format('1.')}</span>One</p>{item.format('2.')}</span>Two<o:p></o:p></p><p class=MsoNormal>After</p>"
    assert clean(word) == "<ol><li>One</li><li>Two</li></ol>\n<p>After</p>"
    assert clean(word.replace("1.", "·")) == "<ul><li>One</li><li>Two</li></ul>\n<p>After</p>"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("<tr><td>a", "<tbody><tr><td>a</td></tr></tbody>"),
        ("<td>a<td>b<tr><td>c", "<tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody>"),
        (
            "<tr><th>a<tr><th>b<td>c",
            '<thead><tr><th scope="col">a</th></tr></thead><tbody><tr><th scope="row">b</th><td>c</td></tr></tbody>',
        ),
        (
            "<tbody><tr><td>a</tbody><thead><tr><td>b</thead>",
            "<thead><tr><td>b</td></tr></thead><tbody><tr><td>a</td></tr></tbody>",
        ),
        ("<tr><td><p>a</p><ul><li>b</ul>", "<tbody><tr><td>a<ul><li>b</li></ul></td></tr></tbody>"),
        ("<tr><td><h3>a</h3><td>", "<tbody><tr><td>a</td><td></td></tr></tbody>"),
        ("<tr><td>a<b>b<td>c", "<tbody><tr><td>a<strong>b</strong></td><td>c</td></tr></tbody>"),
        ("<tr><td>a<table><tr><td>b</table><td>c", "<tbody><tr><td><p>a</p><p>b</p></td><td>c</td></tr></tbody>"),
        ("<tr><td bgcolor=red width=9 colspan=2>a", '<tbody><tr><td colspan="2">a</td></tr></tbody>'),
        ("<tr><th scope=Col abbr=x>a", '<thead><tr><th scope="col">a</th></tr></thead>'),
    ],
)
def test_it_writes_tables_in_one_form(sent, stored):
    assert clean(f"<table>{sent}</table>") == f"<table>{stored}</table>"


def test_text_in_a_table_outside_its_cells_stands_before_it():
    cleaned = clean("<table>a<caption>b</caption><tr>c<td>d</td></tr></table>e")
    assert cleaned == "<p>a</p>\n<p>b</p>\n<p>c</p>\n<table><tbody><tr><td>d</td></tr></tbody></table>\n<p>e</p>"


@pytest.mark.parametrize("span", ["0", "1", "21", "-2", "+2", "2.0", "2e0", "1_0", "२", "", "9" * 5000, "x"])
def test_a_cell_spans_two_to_twenty_or_one(span):
    assert "span" not in clean(f"<table><tr><td colspan='{span}' rowspan='{span}'>a</table>")


@pytest.mark.parametrize("span", ["2", " 20 "])
def test_a_cell_keeps_a_span_within_bounds(span):
    assert f'colspan="{int(span)}" rowspan="{int(span)}"' in clean(f"<table><td rowspan='{span}' colspan='{span}'>a")


def test_it_drops_what_nobody_sees_and_keeps_what_devanagari_needs():
    assert clean("a\u202eb\u2066c\u2069\u200bd\ufeffe\x00f\x07g\ud800h\ufffei") == "<p>abcdefghi</p>"
    assert clean("a&#x202e;b&#8203;c&#xFEFF;d&#7;e") == "<p>abcde</p>"
    assert clean("क\u094d\u200dष र\u094d\u200cक") == "<p>क\u094d\u200dष र\u094d\u200cक</p>"
    assert clean("עברית عربي") == "<p>עברית عربي</p>"


def test_lists_nest_as_deep_as_they_may_and_what_is_deeper_is_set_flat():
    cleaned = clean("".join(f"<ul><li>{level}" for level in range(MAX_DEPTH + 3)) + "</ul>" * 3 + "<li>z")
    assert cleaned.count("<ul>") == MAX_DEPTH
    assert text_of(cleaned).split() == [*map(str, range(MAX_DEPTH + 3)), "z"]
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "repeated",
    [
        *("<div>", "<ul><li>", "<b>", "<a href=/x>", "<font color=1>", "<!--", "<a b='", "<a ", "<", "</", "<svg>"),
        *("<table>", "<table><tr><td>", "<p>x", "&nbsp;", "&lt;", "&#", "<i>x</b>", "<br>", "x<br><br>", " "),
        *("<p style=mso-list:l0>x", "<a href=/x>y</a> ", "<ul><li>x</ul>", "<![CDATA[", "<script>", "\u202e"),
        *("<!-->", "<h3>x", "<a b=c "),
    ],
)
def test_long_text_of_any_shape_comes_out_and_stays_as_it_is(repeated):
    """100 kB each: what nests or grows with the square of the length would end in a deep stack or never."""
    cleaned = clean(repeated * (100_000 // len(repeated)))
    assert clean(cleaned) == cleaned


def test_a_megabyte_of_prose_is_cleaned():
    answer = "<p>Weak bones <b>can break</b> &amp; give way. <a href='/faq/'>More</a></p><ul><li>one<li>two</ul>"
    assert text_of(clean(answer * (1_000_000 // len(answer)))).count("Weak") == 1_000_000 // len(answer)


def test_text_has_a_line_for_each_block_and_a_dash_between_cells():
    html = (
        "<h3>A</h3><p>b &lt;c&gt;<br>d</p><ul><li>e<ul><li>f</ul><li>g</ul><table><tr><th>h<th>i<tr><td>j<p>k<td><td>l"
    )
    assert text_of(html) == "A\nb <c>\nd\ne\nf\ng\nh – i\nj k – l"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a<script>b</script>c<style>d</style>e<scr\x00ipt>f</script>", "<p>ace</p>"),
        ("<!-->a<!--->b<!-- c --!>d", "<p>abd</p>"),
        ("a<b c='>b", "<p>a</p>"),
        ("<svg/>a<svg>b</svg>", "<p>a</p>"),
        ("</i>a<i>b</i>", "<p>a<em>b</em></p>"),
        ("<span style='mso-list:Ignore'>1.<p>a</p>", "<p>a</p>"),
        (
            "<b><table><td scope=row><b>a<td>b</table>",
            "<table><tbody><tr><td><strong>a</strong></td><td>b</td></tr></tbody></table>",
        ),
    ],
)
def test_what_is_broken_harms_no_more_than_itself(sent, stored):
    assert clean(sent) == stored


def test_a_list_too_deep_closes_only_itself():
    cleaned = clean("<ul><li>a" * (MAX_DEPTH + 2) + "</ul></ul><li>z")
    assert cleaned.endswith("<li>z</li>" + "</ul></li>" * (MAX_DEPTH - 1) + "</ul>")


def test_headings_move_by_one_for_a_page():
    html = "<h3>a</h3><h4>b</h4><p>&lt;h3&gt;</p>"
    assert shifted(html, -1) == "<h2>a</h2>\n<h3>b</h3>\n<p>&lt;h3&gt;</p>"
    assert shifted(html) == clean(html)
    assert shifted(html, 1) == "<h4>a</h4>\n<h5>b</h5>\n<p>&lt;h3&gt;</p>"
    assert isinstance(shifted(html, 1), SafeString)


@pytest.mark.parametrize("by", [-2, 2, 10])
def test_headings_move_no_further(by):
    with pytest.raises(ValueError, match="Headings"):
        shifted("<h3>a</h3>", by)


def test_a_wide_table_can_be_scrolled_by_keyboard_and_has_a_name():
    page = shifted("<table><tr><td>a</table>", 0, 'Table "x"')
    frame = '<div class="table-wrap" role="region" aria-label="Table &quot;x&quot;" tabindex="0">'
    assert page == f"{frame}<table><tbody><tr><td>a</td></tr></tbody></table></div>"
    assert 'class="table-wrap" tabindex="0"' in shifted("<table><tr><td>a</table>")
