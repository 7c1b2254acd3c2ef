"""A ticket in its panel: how it opens and closes, and each of its fields."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from boards.verbs import columns
from tests.cast import Person, Scene, run_sql
from tests.system.board_page import BoardPage

Open = Callable[..., Any]
# Between the end of an element and the end of the text in it, in pixels.
RIGHT_GAP = """(element) => {
    const text = document.createRange();
    text.selectNodeContents(element);
    return element.getBoundingClientRect().right - text.getBoundingClientRect().right;
}"""


def stored(board: Scene, fields: str, ticket: int = 0) -> tuple[Any, ...]:
    query = f"SELECT {fields} FROM boards_ticket WHERE id = %s"
    return run_sql(query, [board.tickets[ticket]], tenant=board.workspace.id)[0]


def save(at: BoardPage, editor: Locator) -> None:
    with at.answered("/tickets/", "PATCH"):
        editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_role("button", name="Save")).to_be_hidden()


def test_enter_opens_and_escape_gives_the_focus_back(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.focus("카드결제오류")
    at.press("Enter")
    expect(at.panel.get_by_role("heading", name="카드결제오류")).to_be_visible()
    assert at.page.evaluate("document.activeElement.closest('#panel') !== null")
    at.press("Escape")
    expect(at.panel).to_be_hidden()
    assert at.focused == "카드결제오류"


def test_escape_after_a_direct_load_leads_to_the_board(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/2/")
    expect(at.panel.get_by_role("heading", name="카드결제오류")).to_be_visible()
    expect(at.panel).to_have_attribute("aria-labelledby", "ticket-title")
    at.press("Escape")
    expect(at.panel).to_be_hidden()
    assert at.page.url.endswith(at.address)
    assert at.focused == "카드결제오류"


def test_a_click_beside_the_cards_closes_it(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    expect(at.panel.get_by_role("heading", name="Pay page fails")).to_be_visible()
    at.column("Backlog").click(position={"x": 60, "y": 600})
    expect(at.panel).to_be_hidden()
    assert at.page.url.endswith(at.address)


def test_a_ticket_that_is_not_there_is_a_page_not_found(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    answer = at.page.goto(f"{at.address}tickets/99/")
    assert answer.status == 404
    expect(at.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    at.complaints.clear()


def test_the_title_is_edited_where_it_stands(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("heading", name="Pay page fails").click()
    title = at.panel.get_by_role("textbox", name="Title", exact=True)
    expect(title).to_be_focused()
    title.fill("Pay page is slow")
    at.press("Enter")
    expect(at.panel.get_by_role("heading", name="Pay page is slow")).to_be_visible()
    at.expect_column("To do", ["Pay page is slow", "카드결제오류"])
    expect(at.panel.get_by_role("button", name="Edit the title")).to_be_focused()
    assert stored(board, "title") == ("Pay page is slow",)


def test_an_empty_title_is_not_saved(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("button", name="Edit the title").click()
    at.panel.get_by_role("textbox", name="Title", exact=True).fill("   ")
    at.panel.get_by_role("button", name="Save").click()
    expect(at.panel.get_by_role("alert")).to_have_text("Give at least 1 character.")
    at.press("Escape")
    expect(at.panel.get_by_role("heading", name="Pay page fails")).to_be_visible()
    assert stored(board, "title") == ("Pay page fails",)


def test_a_description_is_previewed_and_saved(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("button", name="Edit the description").click()
    section = at.page.locator("#editor-description")
    text = section.get_by_role("textbox", name="Description")
    text.fill("It is **slow**.\n\n- 결제 창\n- [link](https://example.com)")
    section.get_by_role("button", name="Preview").click()
    preview = section.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("slow")
    expect(preview.get_by_role("link", name="link")).to_have_attribute("href", "https://example.com")
    expect(text).to_be_hidden()
    section.get_by_role("button", name="Preview").click()
    expect(text).to_be_focused()
    save(at, section)
    expect(section.locator(".prose li").first).to_have_text("결제 창")
    assert stored(board, "description")[0].startswith("It is **slow**.")


def test_a_table_keeps_the_alignment_its_writer_gave_it(olga: Person, board: Scene, open_board: Open) -> None:
    table = "| left | right |\n|---|--:|\n| a | 1 |"
    run_sql(
        "UPDATE boards_ticket SET description = %s WHERE id = %s", [table, board.tickets[0]], tenant=board.workspace.id
    )
    at = open_board(olga, board, "tickets/1/")
    for role in ("columnheader", "cell"):
        cells = at.panel.get_by_role(role)
        expect(cells).to_have_count(2)
        found = [cell.evaluate("(cell) => getComputedStyle(cell).textAlign") for cell in cells.all()]
        assert [alignment.removeprefix("-webkit-") for alignment in found] == ["start", "right"]


def test_scripts_in_markdown_stay_text(olga: Person, board: Scene, open_board: Open) -> None:
    attack = "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>[x](javascript:window.hit=1)"
    board.ticket(f"<b>{attack}</b>", description=attack)
    at = open_board(olga, board)
    panel = at.open_ticket(len(board.tickets))
    expect(panel.get_by_role("heading", level=2)).to_have_text(f"<b>{attack}</b>")
    expect(panel.locator("#editor-description .prose").first).to_contain_text("<script>window.hit = 1</script>")
    panel.get_by_role("textbox", name="Write a comment").fill(attack)
    panel.get_by_role("button", name="Preview").last.click()
    expect(panel.get_by_role("region", name="Preview")).to_contain_text("onerror")
    assert panel.locator("script, .prose img, b, a[href^=javascript]").count() == 0
    assert at.page.evaluate("window.hit") is None


def test_labels_are_ticked_and_made(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("button", name="Label", exact=True).click()
    picker = at.page.get_by_role("dialog", name="Labels of the ticket")
    picker.get_by_role("checkbox", name="bug").check()
    expect(at.panel.get_by_role("group", name="Labels").locator(".label")).to_have_text(["bug"])
    picker.get_by_role("searchbox").fill("긴급")
    picker.get_by_role("radio", name="Purple").check(force=True)
    picker.get_by_role("button", name="Create “긴급”").click()
    expect(at.panel.get_by_role("group", name="Labels").locator(".label")).to_have_text(["bug", "긴급"])
    expect(at.card("Pay page fails").locator(".label")).to_have_text(["bug", "긴급"])
    picker.get_by_role("checkbox", name="bug").uncheck()
    expect(at.card("Pay page fails").locator(".label")).to_have_text(["긴급"])
    at.press("Escape")
    expect(picker).to_be_hidden()
    expect(at.panel).to_be_visible()
    expect(at.panel.get_by_role("button", name="Label", exact=True)).to_be_focused()


def test_several_people_are_assigned_and_one_is_taken_off(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/3/")
    people = at.panel.get_by_role("group", name="Assignees")
    at.panel.get_by_role("button", name="Assign", exact=True).click()
    picker = at.page.get_by_role("dialog", name="Who works on the ticket")
    picker.get_by_role("searchbox").fill("mi")
    picker.get_by_role("checkbox", name="Mia").check()
    expect(people.locator(".person")).to_have_text([re.compile("Mia$"), re.compile("Olga$")])
    picker.get_by_role("searchbox").fill("")
    picker.get_by_role("checkbox", name="Olga").uncheck()
    expect(people.locator(".person")).to_have_text([re.compile("Mia$")])
    expect(at.card("Renew the certificate").locator(".avatars .avatar")).to_have_attribute("title", "Mia")


def test_dates_estimate_and_priority_are_saved_as_they_are_set(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    for label, value in (("Start", "2031-02-03"), ("Due", "2031-02-28"), ("Estimate", "2.5")):
        field = at.panel.get_by_label(label, exact=True)
        with at.answered("/tickets/", "PATCH"):
            field.fill(value)
            field.press("Tab")
    with at.answered("/tickets/", "PATCH"):
        at.panel.get_by_label("Priority").select_option("Urgent")
    due = at.card("Pay page fails").locator(".fact-due")
    expect(due).to_have_text("Feb 28, 2031")
    expect(at.card("Pay page fails").get_by_role("img", name="Urgent")).to_be_visible()
    found = stored(board, "start_on::text, due_on::text, estimate::text, priority")
    assert (found[0], found[1], float(found[2]), found[3]) == ("2031-02-03", "2031-02-28", 2.5, 4)
    with at.answered("/tickets/", "PATCH"):
        at.panel.get_by_label("Due", exact=True).fill("")
        at.panel.get_by_label("Due", exact=True).press("Tab")
    expect(due).to_have_count(0)
    assert stored(board, "due_on") == (None,)


def test_a_due_date_before_the_start_is_refused_with_a_sentence(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    with at.answered("/tickets/", "PATCH"):
        at.panel.get_by_label("Start", exact=True).fill("2031-02-03")
        at.panel.get_by_label("Start", exact=True).press("Tab")
    at.panel.get_by_label("Due", exact=True).fill("2031-02-01")
    at.panel.get_by_label("Due", exact=True).press("Tab")
    expect(at.page.locator("#toasts [role=alert], #toasts .toast")).to_contain_text("start")
    expect(at.panel.get_by_label("Due", exact=True)).to_have_value("")


def test_a_full_column_asks_for_a_reason_here_too(olga: Person, board: Scene, open_board: Open) -> None:
    with board.workspace.told() as owner:
        columns.change(board.columns["in_progress"], {"wip_limit": 1}, by=owner)
    at = open_board(olga, board, "tickets/1/")
    column = at.panel.get_by_label("Column")
    column.select_option("In progress")
    dialog = at.page.get_by_role("alertdialog", name="This column is full")
    dialog.get_by_role("button", name="Cancel").click()
    expect(column.locator("option:checked")).to_have_text("To do")
    column.select_option("In progress")
    dialog.get_by_label("Reason to go over the limit").fill("blocks the release")
    dialog.get_by_role("button", name="Move anyway").click()
    at.expect_column("In progress", ["Renew the certificate", "Pay page fails"])
    expect(at.column("In progress").locator(".column-count")).to_have_text("2 / 1")
    at.panel.get_by_text("History").click()
    expect(at.page.locator("#history-events")).to_contain_text("blocks the release")


def test_a_ticket_goes_to_the_archive_and_the_trash_and_comes_back(
    olga: Person, board: Scene, open_board: Open
) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("button", name="Archive", exact=True).click()
    expect(at.panel).to_contain_text("This ticket is archived.")
    at.expect_column("To do", ["카드결제오류"])
    at.panel.get_by_role("button", name="Restore").click()
    at.expect_column("To do", ["Pay page fails", "카드결제오류"])
    expect(at.panel.get_by_role("button", name="Archive", exact=True)).to_be_visible()
    at.panel.get_by_role("button", name="Put in the trash").click()
    at.page.get_by_role("alertdialog").get_by_role("button", name="Put in the trash").click()
    expect(at.panel).to_contain_text("This ticket is in the trash.")
    at.expect_column("To do", ["카드결제오류"])
    at.page.goto(f"{at.address}archive/?show=trash")
    at.page.get_by_role("button", name="Restore Pay page fails").click()
    expect(at.page.locator("#toasts")).to_contain_text("The ticket is back on the board.")
    at.go()
    at.expect_column("To do", ["Pay page fails", "카드결제오류"])


def test_hebrew_begins_at_the_right(olga: Person, board: Scene, open_board: Open) -> None:
    board.ticket("הובלת חומרים", description="ברכב פרטי")
    panel = open_board(olga, board).open_ticket(len(board.tickets))
    for text in (panel.get_by_role("heading", level=2), panel.locator(".prose p")):
        assert abs(text.evaluate(RIGHT_GAP)) < 1
