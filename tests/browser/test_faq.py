"""The questions in a browser: by keyboard, on paper, without scripts; and the editor that staff write in."""

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

from faq import content, editing
from faq.models import Question, Topic, Wording
from faq.search import lay
from ipsc.dates import now
from ipsc.history import SITE
from ipsc.models import ClinicSettings
from ipsc.roles import MANAGER
from tests import factories
from tests.browser.conftest import DESK, PHONE, faults_of, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOPIC = "/faq/vertebral-augmentation/"
PAIN = f"{TOPIC}how-painful-it-is/"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><!--[if mso]><p>x</p><![endif]-->
<p class=MsoNormal style='color:red'><b>Strong</b> words<o:p></o:p></p>
<p class=MsoNormal><a href="https://example.org/x" onclick="alert(1)">a link</a><script>alert(1)</script></p>
</body></html>"""


@pytest.fixture
def faq(transactional_db):
    """The fourteen questions, a table, and a picture; booking is open."""
    ClinicSettings(pk=1, online_booking_open=True, phone="+911145678901").save()
    lay.load()
    content.load(by=SITE, now=now())
    question = Question.objects.get(slug="how-painful-it-is")
    wording = Wording.objects.get(question=question, language="en")
    cells = "".join(f"<td>A longer cell number {number}</td>" for number in range(6))
    answer = f"{wording.answer}<h3>More</h3><table><tr><th>A</th></tr><tr>{cells}</tr></table>"
    draft = editing.save_draft(
        question=question,
        language="en",
        draft=content.Draft(title=wording.title, answer=answer, sources="A book\nhttps://example.org/" + "x" * 80),
        seen=wording.sequence,
        by=SITE,
        now=now(),
    )
    editing.publish(question=question, language="en", seen=draft.sequence, by=SITE, now=now())
    related = Question.objects.filter(slug__startswith="what-")
    editing.amend_question(question=question, values={}, related=related, by=SITE, now=now())
    return question


@pytest.fixture
def problems():
    return []


def watched(page, problems):
    """Note whatever the browser complains of: scripts that fail, and what the policy of the site refuses."""
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


@pytest.mark.parametrize("prefix", ["", "/hi"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_in_which_axe_finds_a_fault(faq, open_page, problems, prefix, viewport, scheme):
    page = watched(open_page(viewport=viewport, scheme=scheme), problems)
    # A button that was just pressed is otherwise caught between two colours.
    page.emulate_media(reduced_motion="reduce")
    faults = {}

    def look(name):
        if found := faults_of(page):
            faults[name] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"

    for address in ("/faq/", TOPIC, PAIN, f"{TOPIC}leaflet/"):
        page.goto(f"{prefix}{address}")
        look(address)
        assert not page.context.cookies(), f"{address} sets a cookie"
    for query in ("vertibroplasty", "zzqqxx", "cannot pass urine"):
        page.goto(f"{prefix}/faq/search/?q={query}")
        look(query)
    page.goto(f"{prefix}{TOPIC}")
    page.locator("[data-fold=open]").click()
    look("all open")
    page.goto(f"{prefix}{PAIN}")
    follow(page, page.locator("button[value=no]"))
    look("why")
    follow(page, page.locator("main form button[type=submit]"))
    look("why, with an error")
    page.locator("label[for=id_reason_0]").click()
    follow(page, page.locator("main form button[type=submit]"))
    look("thanks")
    assert faults == {}
    assert page.foreign == []
    assert problems == []


def test_a_link_to_a_folded_answer_opens_it(faq, open_page):
    page = open_page()
    page.goto(f"{TOPIC}#how-long-recovery-takes")
    expect(page.locator("#how-long-recovery-takes")).to_be_visible()
    expect(page.locator("#going-home-afterwards")).to_be_hidden()


def test_all_answers_open_and_close_at_once(faq, open_page):
    page = open_page()
    page.goto(TOPIC)
    page.get_by_role("button", name="Open all").click()
    assert page.locator(".questions > details[open]").count() == 14
    page.get_by_role("button", name="Close all").click()
    assert page.locator(".questions > details[open]").count() == 0


def test_several_answers_stay_open_side_by_side(faq, open_page):
    page = open_page()
    page.goto(TOPIC)
    for place in (0, 1):
        page.locator("summary").nth(place).click()
    assert page.locator(".questions > details[open]").count() == 2


def test_paper_shows_every_answer_and_nothing_to_press(faq, open_page):
    page = open_page(viewport=DESK)
    page.goto(TOPIC)
    page.emulate_media(media="print")
    expect(page.locator("#going-home-afterwards")).to_be_visible()
    for hidden in (".search", ".fold-all", ".site-nav", ".fold-end"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.goto(f"{TOPIC}leaflet/")
    expect(page.locator(".qr-code")).to_be_visible()


def test_everything_works_without_scripts(faq, open_page):
    page = open_page(scripts=False)
    page.goto("/faq/")
    expect(page.locator(".fold-all")).to_have_count(0)
    page.get_by_label("Search the questions").fill("kifoplasty")
    follow(page, page.get_by_role("button", name="Search"))
    follow(page, page.locator("a.choice").first)
    follow(page, page.get_by_role("button", name="Yes"))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(TOPIC)
    expect(page.locator(".fold-all")).to_be_hidden()
    page.locator("summary").first.click()
    expect(page.locator("#what-is-osteoporosis")).to_be_visible()
    follow(page, page.get_by_role("link", name="Book an appointment").last)
    assert "/appointments/book/" in page.url


def test_questions_are_offered_while_one_types_and_a_failure_costs_nothing(faq, open_page, problems):
    page = open_page()
    page.goto("/faq/")
    with page.expect_response("**/faq/suggest/**"):
        page.get_by_label("Search the questions").press_sequentially("vertebr")
    page.wait_for_selector("datalist option", state="attached")
    assert page.locator("datalist option").count() <= 5
    page.route("**/faq/suggest/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_label("Search the questions").fill("kyphoplasty")
    follow(page, page.get_by_role("button", name="Search"))
    assert "q=kyphoplasty" in page.url


def test_it_can_be_read_at_400_percent(faq, open_page):
    page = open_page(viewport={"width": 320, "height": 256})
    for address in ("/faq/", TOPIC, PAIN, "/faq/search/?q=vertibroplasty", f"{TOPIC}leaflet/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


# Staff.


@pytest.fixture
def desk(faq, open_page, live_server):
    """A function that gives a page on which a manager has signed in."""
    user = User.objects.create_user("manager", password="manager-1234", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    factories.clinician(name="Consultant, pain", services=[])

    def opened(**options):
        page = open_page(**options)
        page.goto("/admin/")
        page.fill("#id_username", "manager")
        page.fill("#id_password", "manager-1234")
        follow(page, page.locator("input[type=submit]"))
        return page

    return opened


def address(question, name, language="en"):
    return f"/admin/faq/question/{question.pk}/{language}/{name}/"


def test_an_answer_is_written_in_the_editor_and_stored_clean(faq, desk, problems):
    page = watched(desk(viewport=DESK), problems)
    page.goto(address(faq, "write", "hi"))
    box = page.locator("[role=textbox]")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type("Plain and ")
    page.keyboard.press("Control+B")
    page.keyboard.type("bold")
    page.keyboard.press("Control+B")
    page.keyboard.press("Enter")
    page.keyboard.type("- first")
    page.keyboard.press("Enter")
    page.keyboard.type("second")
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.querySelector("[role=textbox]").dispatchEvent(event);
        }""",
        WORD,
    )
    follow(page, page.get_by_role("button", name="Save and preview"))
    stored = Wording.objects.get(question=faq, language="hi").draft_answer
    assert "<p>Plain and <strong>bold</strong></p>" in stored
    assert "<strong>Strong</strong> words" in stored
    assert '<a href="https://example.org/x" rel="noopener noreferrer">a link</a>' in stored
    for word in ("script", "Mso", "style", "onclick", "o:p"):
        assert word not in stored
    assert page.locator(".answer strong").first.inner_text() == "bold"
    # The styles and handlers of what was pasted are refused, as they should be; the browser says so.
    assert [each for each in problems if not each.startswith(("Applying inline style", "Executing inline event"))] == []


def test_a_table_and_a_heading_come_out_as_they_went_in(faq, desk):
    page = desk(viewport=DESK)
    page.goto(address(faq, "write"))
    before = Wording.objects.get(question=faq, language="en")
    page.locator("[role=textbox]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    follow(page, page.get_by_role("button", name="Save draft"))
    after = Wording.objects.get(question=faq, language="en")
    assert after.draft.answer.count("<td") == before.answer.count("<td") == 6
    assert after.draft.answer.count("<h3>") == 1


def test_without_scripts_the_field_holds_html(faq, desk):
    page = desk(scripts=False, viewport=DESK)
    page.goto(address(faq, "write"))
    page.locator("textarea[name=answer]").fill("<p>Without <b>scripts</b></p>")
    follow(page, page.get_by_role("button", name="Save draft"))
    assert Wording.objects.get(question=faq, language="en").draft_answer == "<p>Without <strong>scripts</strong></p>"


def test_whoever_leaves_with_unsaved_words_is_asked(faq, desk):
    page = desk(viewport=DESK)
    page.goto(address(faq, "write"))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Question", exact=True).fill("Something else?")
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_a_row_that_is_dragged_gets_its_number(faq, desk):
    page = desk(viewport=DESK)
    page.goto(f"/admin/faq/topic/{Topic.objects.get().pk}/order/")
    rows = page.locator("tr.has_original td.original p")
    rows.nth(0).drag_to(rows.nth(2), target_position={"x": 30, "y": 25})
    numbers = page.locator("input._reorder_").evaluate_all("all => all.map(each => each.value)")
    assert numbers == [str(number) for number in range(1, 15)]
    follow(page, page.get_by_role("button", name="Save the order"))
    assert Topic.objects.get().questions.first().slug != "what-is-osteoporosis"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_no_page_of_staff_in_which_axe_finds_a_fault(faq, desk, problems, viewport, scheme):
    page = watched(desk(viewport=viewport, scheme=scheme), problems)
    wording = Wording.objects.get(question=faq, language="en")
    draft = content.Draft(title="How painful is it?", answer="<p>New words.</p>")
    editing.save_draft(question=faq, language="en", draft=draft, seen=wording.sequence, by=SITE, now=now())
    faults = {}
    pages = [address(faq, name) for name in ("write", "publish", "revisions", "review")]
    pages += [f"/admin/faq/topic/{Topic.objects.get().pk}/order/", "/admin/faq/question/transfer/", "/admin/"]
    pages += [address(faq, "write", "hi"), "/admin/faq/vote/worst/"]
    for each in pages:
        page.goto(each)
        if found := faults_of(page):
            faults[each] = found
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{each} scrolls sideways"
    assert faults == {}
    assert problems == []
