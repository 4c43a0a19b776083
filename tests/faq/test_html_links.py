"""Which addresses an answer may lead to, and how its links are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.html import clean
from faq.html.links import MAX_LENGTH, address


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/faq/", "/faq/"),
        ("/", "/"),
        ("/faq/कमर-दर्द/?a=1&b=2#c", "/faq/कमर-दर्द/?a=1&b=2#c"),
        ("  HTTPS://A.example/B?c=1#d ", "https://A.example/B?c=1#d"),
        ("http://a.example:8000", "http://a.example:8000"),
        ("https://a.example/my file.pdf", "https://a.example/my%20file.pdf"),
        ("https://[::1]/", "https://[::1]/"),
        ("mailto:desk@a.example?subject=x", "mailto:desk@a.example?subject=x"),
        ("tel:+911145678900", "tel:+911145678900"),
    ],
)
def test_a_link_leads_where_links_may(href, kept):
    assert address(href) == kept


@pytest.mark.parametrize(
    "href",
    [
        *("", "#a", "?a=1", "faq/", "../x", "//a.example", "/\\a.example", "\\\\a.example", "/a\\b", "/\t/a.example"),
        *(
            "http:",
            "http://",
            "https:///a.example",
            "https:a.example",
            "https://u:p@a.example/",
            "https://u@a.example/",
        ),
        *("https://[::1", "https://a.example:99999/", "https://a.example:x/", "https://a.example\\@b.example/"),
        *("https://a.example/<b>", 'https://a.example/"', "https://a.example/\nb", "ftp://a.example/", "vbscript:x"),
        *(
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "\x01javascript:alert(1)",
            "data:text/html,x",
            "javascript://a",
        ),
        *("mailto:", "mailto:x", "mailto:a@b@c.example", "tel:", "tel:abc", "/" + "a" * MAX_LENGTH),
    ],
)
def test_a_link_that_leads_elsewhere_keeps_only_its_text(href):
    assert address(href) == ""
    assert clean(f"<p>Read <a href='{href}'>this</a>.</p>") == "<p>Read this.</p>"


@pytest.mark.parametrize("invisible", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x7f", "\u00ad"])
def test_an_address_hides_nothing(invisible):
    assert address(f"https://a{invisible}b.example/") == ""
    assert clean(f"<a href='java{invisible}script:alert(1)'>x</a>") == "<p>x</p>"
    assert clean(f"<a href='/{invisible}/a.example'>x</a>") == "<p>x</p>"


@given(st.text() | st.text("/\\:@ahtpsmilo.\t ").map("https:".__add__))
def test_an_address_is_kept_as_it_is_kept(href):
    assert address(address(href)) == address(href)


def test_a_link_that_leads_out_says_so_to_the_browser_and_one_within_the_site_does_not():
    assert clean("<a href=https://a.example/ target=_blank rel=opener>x</a>") == (
        '<p><a href="https://a.example/" rel="noopener noreferrer">x</a></p>'
    )
    assert clean('<a href=/x rel="noopener noreferrer" title=y>x</a>') == '<p><a href="/x">x</a></p>'


def test_a_link_holds_its_spaces_and_no_others():
    assert clean("a<a href=/x> b <b>c</b> </a>d") == '<p>a <a href="/x">b <strong>c</strong></a> d</p>'
