"""Two browsers, one board: what others do appears, by whatever road, and nothing is lost."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from boards.verbs import boards, columns, labels, tickets
from tenancy.models import Membership
from tests.cast import Person, Scene, run_sql

Open = Callable[..., Any]
FRAMES = """() => {
    const marks = performance.getEntriesByType("mark");
    const event = marks.filter((mark) => mark.name === "tika:event").at(-1).startTime;
    const painted = marks.filter((mark) => mark.name === "tika:painted").at(-1).startTime;
    return [painted - event, window.frames_seen.filter((at) => at > event && at <= painted).length];
}"""
COUNT_FRAMES = """() => {
    window.frames_seen = [];
    const tick = (at) => { window.frames_seen.push(performance.now()); requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
}"""


def test_a_move_appears_in_the_other_browser(olga: Person, mia: Person, board: Scene, open_board: Open) -> None:
    here, there = open_board(olga, board), open_board(mia, board)
    here.focus("Pay page fails")
    here.press("Space", "ArrowRight", "Space")
    there.expect_column("In progress", ["Pay page fails", "Renew the certificate"])
    assert here.shown == there.shown


def test_a_remote_move_is_painted_within_two_frames(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.page.evaluate(COUNT_FRAMES)
    with board.workspace.told() as owner:
        tickets.move(board.tickets[0], board.columns["done"], by=owner)
    at.expect_column("Done", ["Move to the new host", "Pay page fails"])
    at.page.wait_for_timeout(100)
    _, frames = at.page.evaluate(FRAMES)
    assert frames <= 2


def test_a_change_by_bare_sql_appears_too(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    statement = "UPDATE boards_ticket SET title = 'From the shell' WHERE id = %s RETURNING 1"
    run_sql(statement, [board.tickets[0]], tenant=board.workspace.id)
    at.expect_column("To do", ["From the shell", "카드결제오류"])


def test_columns_and_labels_change_under_the_reader(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    with board.workspace.told() as owner:
        labels.change(board.labels[0], {"name": "defect"}, by=owner)
        columns.change(board.columns["done"], {"name": "Shipped", "wip_limit": 1}, by=owner)
    expect(at.column("Shipped").locator(".column-count")).to_have_text("1 / 1")
    expect(at.card("Renew the certificate").locator(".label")).to_have_text("defect")


def test_who_else_is_here_is_shown(olga: Person, mia: Person, board: Scene, open_board: Open) -> None:
    here = open_board(olga, board)
    there = open_board(mia, board)
    expect(here.page.locator("#presence")).to_contain_text("Also here: Mia")
    there.page.close()
    expect(here.page.locator("#presence")).not_to_contain_text("Mia", timeout=30_000)


def test_what_was_missed_offline_is_caught_up(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.column("Backlog").get_by_role("button", name="Add card", exact=True).click()
    at.page.keyboard.type("A draft")
    at.page.context.set_offline(True)
    expect(at.page.get_by_text("Offline – reconnecting…")).to_be_visible()
    with board.workspace.told() as owner:
        for number in range(30):
            tickets.create(tickets.Draft(title=f"missed {number}", column=board.columns["done"]), by=owner)
    at.page.context.set_offline(False)
    expect(at.column("Done").locator(".column-count")).to_have_text("31")
    expect(at.page.locator("#live-state")).to_be_hidden()
    expect(at.page.locator(".composer-input")).to_have_value("A draft")
    at.complaints.clear()


def test_a_move_while_offline_goes_back_with_a_sentence(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.page.context.set_offline(True)
    at.focus("Pay page fails")
    at.press("Space", "ArrowDown", "Space")
    expect(at.page.locator("#toasts .toast")).to_contain_text("The server could not be reached")
    at.expect_column("To do", ["Pay page fails", "카드결제오류"])
    assert at.focused == "Pay page fails"
    at.complaints.clear()


def test_a_board_in_the_trash_is_replaced_by_a_sentence(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    with board.workspace.told() as owner:
        boards.put_away(board.id, "archived_at", by=owner)
    expect(at.page.locator("#board-archived")).to_be_visible()
    with board.workspace.told() as owner:
        boards.put_away(board.id, "trashed_at", by=owner)
    expect(at.page.locator("#main")).to_contain_text("This board is no longer here")
    expect(at.page.get_by_role("link", name="To your boards")).to_be_visible()


def test_losing_the_right_closes_the_board_at_once(mia: Person, board: Scene, open_board: Open) -> None:
    at = open_board(mia, board)
    with board.workspace.told():
        Membership.objects.filter(tenant_id=board.workspace.id, pk=mia.id).update(is_active=False)
    expect(at.page.locator("#main")).to_contain_text("You can no longer see this board")
    at.expect_spoken("You can no longer see this board")


def test_an_editor_in_use_is_not_overwritten(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    comment = at.page.locator("#panel textarea[name=body]")
    comment.fill("Half a comment")
    with board.workspace.told() as owner:
        tickets.move(board.tickets[0], board.columns["done"], by=owner)
    at.expect_column("Done", ["Move to the new host", "Pay page fails"])
    at.page.wait_for_timeout(400)
    expect(comment).to_have_value("Half a comment")


def test_twenty_moves_by_each_of_two_end_in_one_order(
    olga: Person, mia: Person, board: Scene, open_board: Open
) -> None:
    for number in range(8):
        board.ticket(f"n{number}")
    pages = [open_board(olga, board), open_board(mia, board)]
    for page, title in zip(pages, ("n0", "n7"), strict=True):
        page.focus(title)
    for step in range(10):
        for page in pages:
            page.press("Space", "ArrowDown" if step % 3 else "ArrowUp", "Space")
    version = board.version
    for page in pages:
        page.wait(lambda page=page: not page.page.evaluate("document.querySelector('.is-pending')"))
    pages[0].page.wait_for_timeout(1000)
    assert board.version >= version
    fresh = open_board(olga, board)
    assert pages[0].shown == pages[1].shown == fresh.shown
    assert len(fresh.shown["To do"]) == 10
