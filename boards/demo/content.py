"""What stands on the demo board. Days are counted from the day it is made."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MINJI, JUNHO, SOFIA, ALEX = "김민지", "이준호", "Sofia Rossi", "Alex Morgan"
PEOPLE = (MINJI, JUNHO, SOFIA, ALEX)
BOARD = "Online shop · 온라인 상점"
KEY = "DEMO"
ABOUT = "A made-up team's board, to try things on. 마음껏 눌러 보셔도 되는 연습용 보드입니다."

BACKLOG, TODO, DOING, REVIEW, DONE = "Backlog", "To do", "In progress", "Review", "Done"
# name, category, colour, limit
COLUMNS = (
    (BACKLOG, "backlog", "gray", None),
    (TODO, "todo", "blue", None),
    (DOING, "in_progress", "orange", 3),
    (REVIEW, "in_progress", "purple", 4),
    (DONE, "done", "green", None),
)
LABELS = {"tour": "yellow", "bug": "red", "결제": "orange", "design": "pink", "ops": "teal", "docs": "blue"}


@dataclass(frozen=True)
class DemoTicket:
    title: str
    column: str
    text: str = ""
    labels: Sequence[str] = ()
    people: Sequence[str] = ()
    priority: int = 0
    start: int | None = None
    due: int | None = None
    estimate: int | None = None
    checklists: dict[str, Sequence[str]] = field(default_factory=dict)  # an item that begins with "x " is ticked
    comments: Sequence[tuple[str, str]] = ()


TOUR = (
    DemoTicket(
        "Start here: open this ticket · 여기부터: 이 티켓을 열어 보세요",
        TODO,
        "Welcome to Tika! This board is yours to play with: everything on it can be changed, moved and deleted.\n\n"
        "The tickets with the label **tour** each show one thing. Tick them off below as you go.\n\n---\n\n"
        "Tika에 오신 것을 환영합니다! 이 보드는 연습용이니 무엇이든 고치고, 옮기고, 지워 보세요. "
        "**tour** 라벨이 붙은 티켓이 기능을 하나씩 보여 줍니다. 해 본 것은 아래에서 체크해 주세요.",
        labels=["tour"],
        priority=3,
        due=0,
        checklists={
            "Tour · 둘러보기": [
                "x Open a ticket · 티켓 열기",
                "Drag a card, or press Space on it · 카드를 끌거나 스페이스 키 누르기",
                "Write a comment with @ · @로 사람을 부르는 댓글 쓰기",
                "Filter by a label · 라벨로 걸러 보기",
                "Press ? for all keys · ?를 눌러 단축키 보기",
            ]
        },
        comments=[(MINJI, "환영합니다! 궁금한 점은 여기에 댓글로 남겨 주세요. @Sofia Rossi 님도 도와드릴 수 있어요.")],
    ),
    DemoTicket(
        "Move me with the keyboard · 키보드로 옮겨 보세요",
        TODO,
        "Arrow keys go from card to card. `Space` picks a card up, arrows carry it, `Space` drops it, `Esc` puts it"
        " back.\n\n화살표 키로 카드 사이를 다니고, `스페이스`로 집어서 화살표로 옮긴 뒤"
        " 다시 `스페이스`로 내려놓습니다.",
        labels=["tour"],
    ),
    DemoTicket(
        "Try to put me into “In progress”: it is full · ‘In progress’ 열은 가득 찼어요",
        TODO,
        "A column can have a limit. When it is full, Tika asks for a reason, and the reason stays in the history.\n\n"
        "열에는 제한을 둘 수 있습니다. 가득 찬 열에 넣으려면 이유를 적어야 하고, 그 이유는 기록에 남습니다.",
        labels=["tour"],
        people=[ALEX],
    ),
    DemoTicket(
        "Open this board in a second window · 창을 하나 더 열어 보세요",
        TODO,
        "Move a card in one window and watch the other. Invite a colleague from *Members* and you see each other's"
        " moves as they happen.\n\n한쪽 창에서 카드를 옮기면 다른 창에서도 바로 움직입니다."
        " *멤버*에서 동료를 초대해 보세요.",
        labels=["tour"],
    ),
    DemoTicket(
        "Search for 결제, or press / · /를 눌러 ‘결제’를 검색해 보세요",
        TODO,
        "Search looks into titles, descriptions, comments, checklists and file names, and finds Korean inside words:"
        " `결제` finds `카드결제오류`.",
        labels=["tour"],
    ),
    DemoTicket(
        "Bring your Trello board · Trello 보드 가져오기",
        TODO,
        "Workspace menu → *Import from Trello*. You first see what will come and what will be lost.\n\n"
        "워크스페이스 메뉴의 *Trello에서 가져오기*에서 먼저 무엇이 들어오고 무엇이 빠지는지 보여 드립니다.",
        labels=["tour", "docs"],
    ),
)
