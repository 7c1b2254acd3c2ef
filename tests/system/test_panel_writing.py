"""What people write into a ticket: comments, checklists, files, drafts, and two at the same text."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, expect

from boards.verbs.editing import edit
from tests.cast import Person, Scene, run_sql
from tests.system.board_page import BoardPage

Open = Callable[..., Any]
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def rewrite(board: Scene, **texts: str) -> None:
    """As somebody else, meanwhile."""
    with board.workspace.told(board.workspace.people["mia"]) as mia:
        edit(board.tickets[0], texts, seen=None, by=mia)


def described(at: BoardPage, text: str) -> Any:
    """The description's section with an open editor in which `text` was typed."""
    at.panel.get_by_role("button", name="Edit the description").click()
    section = at.page.locator("#editor-description")
    section.get_by_role("textbox", name="Description").fill(text)
    return section


def test_a_comment_names_somebody(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    field = at.panel.get_by_role("textbox", name="Write a comment")
    field.click()
    at.page.keyboard.type("@mi")
    names = at.page.get_by_role("listbox", name="People to name")
    expect(names.get_by_role("option")).to_have_text(["Mia"])
    at.press("Enter")
    expect(field).to_have_value("@Mia ")
    at.page.keyboard.type("can you look at **this**?")
    at.press("Control+Enter")
    comment = at.page.locator("#comment-list > li")
    expect(comment.locator(".mention")).to_have_text("@Mia")
    expect(comment.locator("strong").last).to_have_text("this")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(at.card("Pay page fails").locator(".fact-comments")).to_have_text("1")
    query = "SELECT membership_id FROM boards_mention"
    assert run_sql(query, tenant=board.workspace.id) == [(board.workspace.people["mia"].id,)]


def test_a_comment_is_edited_and_deleted_by_who_wrote_it(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("textbox", name="Write a comment").fill("Frist")
    at.panel.get_by_role("button", name="Comment", exact=True).click()
    comment = at.page.locator("#comment-list > li")
    comment.hover()
    comment.get_by_role("button", name="Edit your comment").click()
    comment.get_by_role("textbox", name="Edit your comment").fill("First")
    comment.get_by_role("button", name="Save").click()
    expect(comment.locator(".prose").first).to_have_text("First")
    expect(comment).to_contain_text("edited")
    comment.hover()
    comment.get_by_role("button", name="Delete the comment by Olga").click()
    at.page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(comment).to_have_count(0)


def test_a_checklist_is_made_and_ticked_by_keyboard(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("button", name="Add checklist").click()
    at.page.get_by_label("Name of the checklist").fill("출시 전 확인")
    at.press("Enter")
    add = at.panel.get_by_label("Add an item to 출시 전 확인")
    expect(add).to_be_focused()
    for text in ("로그 확인", "Tell support"):
        at.page.keyboard.type(text)
        at.press("Enter")
        expect(at.panel.get_by_role("checkbox", name=text)).to_be_visible()
        expect(add).to_be_focused()
    box = at.panel.get_by_role("checkbox", name="Tell support")
    box.focus()
    at.press("Space")
    expect(at.panel.locator(".checklist-count")).to_have_text("1/2")
    expect(at.card("Pay page fails").locator(".fact-checks")).to_have_text("1/2")
    expect(box).to_be_focused()
    at.page.reload()
    expect(at.panel.get_by_role("checkbox", name="Tell support")).to_be_checked()


def test_files_are_attached_shown_and_fetched(olga: Person, board: Scene, open_board: Open) -> None:
    sheet = "id,결제\n1,실패\n"
    given: list[FilePayload] = [
        {"name": "화면.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "<b>log.csv", "mimeType": "text/csv", "buffer": sheet.encode()},
    ]
    at = open_board(olga, board, "tickets/1/")
    at.page.set_input_files("#ticket [data-files-input]", given)
    files = at.page.locator("#attachment-list > li")
    expect(files).to_have_count(2)
    expect(files.filter(has_text="화면.png").locator("img")).to_be_visible()
    assert at.page.evaluate("document.querySelector('#attachment-list img').decode().then(() => true)")
    link = files.get_by_role("link", name="<b>log.csv")
    with at.page.expect_download() as fetched:
        link.click()
    assert Path(fetched.value.path()).read_text(encoding="utf-8") == sheet
    expect(at.card("Pay page fails").locator(".fact-files")).to_have_text("2")
    files.get_by_role("button", name="Delete 화면.png").click()
    at.page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(files).to_have_count(1)


def test_a_script_in_an_svg_file_does_nothing(olga: Person, board: Scene, open_board: Open, tmp_path: Path) -> None:
    drawing = tmp_path / "drawing.svg"
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>window.hit = 1</script></svg>")
    at = open_board(olga, board, "tickets/1/")
    at.page.set_input_files("#ticket [data-files-input]", [drawing])
    link = at.page.locator("#attachment-list").get_by_role("link", name="drawing.svg")
    with at.page.expect_download() as fetched:
        link.click()
    assert fetched.value.suggested_filename == "drawing.svg"
    assert at.page.locator("#attachment-list img").count() == 0


def test_a_draft_comment_outlives_its_tab(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    at.panel.get_by_role("textbox", name="Write a comment").fill("Half a thought")
    described(at, "Half a description")
    context = at.page.context
    at.page.close()
    back = BoardPage(context.new_page(), board)
    panel = back.open_ticket(1)
    expect(panel.get_by_role("textbox", name="Write a comment")).to_have_value("Half a thought")
    expect(panel.locator("#editor-description")).to_contain_text("You have an unsaved text here.")
    panel.get_by_role("button", name="Go on writing").click()
    expect(panel.get_by_role("textbox", name="Description")).to_have_value("Half a description")
    back.press("Escape")
    panel.get_by_role("button", name="Discard").click()
    panel.get_by_role("button", name="Comment", exact=True).click()
    expect(back.page.locator("#comment-list")).to_contain_text("Half a thought")
    back.page.reload()
    expect(panel.get_by_role("textbox", name="Write a comment")).to_have_value("")
    expect(panel.locator("[data-draft-kept]:visible")).to_have_count(0)
    assert back.complaints == []


def test_an_open_editor_keeps_its_text_and_tells_of_the_other(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    section = described(at, "Mine")
    rewrite(board, description="Theirs", title="Pay page is down")
    expect(at.panel.get_by_role("heading", name="Pay page is down")).to_be_visible()
    expect(section).to_contain_text("Changed by someone else in the meantime.")
    field = section.get_by_role("textbox", name="Description")
    expect(field).to_have_value("Mine")
    expect(field).to_be_focused()
    section.get_by_role("button", name="Show").click()
    dialog = at.page.get_by_role("alertdialog", name="Two people changed this")
    expect(dialog.locator(".conflict-pane")).to_have_text([re.compile("Mine$"), re.compile("Theirs$")])
    dialog.get_by_role("button", name="Back to my text").click()
    expect(field).to_have_value("Mine")


def test_a_conflict_shows_both_texts_and_loses_neither(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    section = described(at, "Mine")
    # What the stream would tell comes too late for this reader.
    at.page.route("**/tickets/1/", lambda route: route.abort())
    rewrite(board, description="Theirs")
    save = section.get_by_role("button", name="Save")
    save.click()
    dialog = at.page.get_by_role("alertdialog", name="Two people changed this")
    expect(dialog.locator(".conflict-pane")).to_have_text([re.compile("Mine$"), re.compile("Theirs$")])
    at.press("Escape")
    expect(section.get_by_role("textbox", name="Description")).to_have_value("Mine")
    at.page.unroute("**/tickets/1/")
    save.click()
    dialog.get_by_role("button", name="Merge by hand").click()
    dialog.get_by_label("The merged text").fill("Mine and theirs")
    dialog.get_by_role("button", name="Save the merged text").click()
    expect(section.locator(".prose").first).to_have_text("Mine and theirs")
    query = "SELECT changes->'after'->>'description' FROM audit_entry WHERE action = 'UPDATE' ORDER BY board_version"
    told = [text for (text,) in run_sql(query, tenant=board.workspace.id) if text]
    assert told[-2:] == ["Theirs", "Mine and theirs"]
    at.complaints.clear()


def test_different_fields_merge_without_a_question(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    section = described(at, "Mine")
    rewrite(board, title="Pay page is down")
    section.get_by_role("button", name="Save").click()
    expect(section.locator(".prose").first).to_have_text("Mine")
    expect(at.panel.get_by_role("heading", name="Pay page is down")).to_be_visible()
    expect(at.page.get_by_role("alertdialog")).to_have_count(0)


def test_a_reader_sees_all_of_it_and_is_offered_nothing(vic: Person, board: Scene, open_board: Open) -> None:
    at = open_board(vic, board, "tickets/2/")
    expect(at.panel.locator(".prose strong")).to_have_text("닫힙니다")
    expect(at.panel).to_contain_text("No comments yet.")
    assert at.panel.locator("article :is(input, textarea, select, button)").count() == 0


def test_another_card_takes_the_panel_and_a_draft_waits(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    comment = at.panel.get_by_role("textbox", name="Write a comment")
    comment.fill("Half a thought")
    at.card("카드결제오류").click()
    expect(at.panel.get_by_role("heading", name="카드결제오류")).to_be_visible()
    expect(comment).to_have_value("")
    at.page.go_back()
    expect(at.panel.get_by_role("heading", name="Pay page fails")).to_be_visible()
    expect(comment).to_have_value("Half a thought")
