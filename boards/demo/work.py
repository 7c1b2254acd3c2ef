"""The made-up team's own work, around the tour."""

from boards.demo.content import ALEX, BACKLOG, DOING, DONE, JUNHO, MINJI, REVIEW, SOFIA, TODO, DemoTicket

WORK = (
    DemoTicket(
        "장바구니에 담긴 상품 수량이 새로고침하면 초기화됨", TODO, labels=["bug"], people=[JUNHO], priority=2, due=3
    ),
    DemoTicket("Gift cards: pay a part of an order with one", BACKLOG, labels=["결제"], estimate=8),
    DemoTicket("정기 배송 구독 화면 초안", BACKLOG, labels=["design"], people=[MINJI]),
    DemoTicket("Wishlist that can be shared by link", BACKLOG),
    DemoTicket("해외 배송비 계산을 지역별로 나누기", BACKLOG, priority=1, estimate=5),
    DemoTicket("Dark mode for the shop", BACKLOG, labels=["design"], people=[SOFIA], priority=1),
    DemoTicket(
        "카드결제오류: 일부 카드에서 승인 후 주문이 생성되지 않음",
        DOING,
        "## 증상\n승인은 되었는데 주문 내역에 나타나지 않습니다. 하루에 2~3건.\n\n"
        "## 재현\n1. 모바일에서 카드 결제\n2. 인증 앱에서 돌아올 때 네트워크를 끊음\n3. 다시 접속\n\n"
        "```\nPAYMENT_APPROVED order=null retry=0\n```\n\n| 카드사 | 건수 |\n|---|---:|\n| A | 14 |\n| B | 3 |",
        labels=["bug", "결제"],
        people=[JUNHO, MINJI],
        priority=4,
        start=-2,
        due=1,
        estimate=5,
        checklists={"조사": ["x 로그 모으기", "x 재현하기", "승인 알림을 다시 처리하기", "테스트 추가"]},
        comments=[
            (JUNHO, "재현했습니다. 승인 알림이 두 번 오면 두 번째가 버려집니다."),
            (ALEX, "Then it is the lock in the webhook handler. @이준호 can you try with the lock moved out?"),
            (JUNHO, "네, 오늘 안에 해 보겠습니다."),
        ],
    ),
    DemoTicket(
        "Search results: show stock next to the price",
        DOING,
        "Shoppers open a product only to find it is sold out.\n\n- [x] agree on the wording\n- [ ] small screens",
        labels=["design"],
        people=[SOFIA],
        priority=2,
        start=-1,
        due=5,
        estimate=3,
    ),
    DemoTicket(
        "Move product pictures to object storage",
        DOING,
        "The disk of the old server is 91 % full.",
        labels=["ops"],
        people=[ALEX],
        priority=3,
        due=-1,
        checklists={"Steps": ["x copy", "x serve from both", "switch writes", "remove the old files"]},
    ),
    DemoTicket(
        "주문 확인 메일에 배송 예정일 넣기", REVIEW, labels=["결제"], people=[MINJI], priority=2, due=2, estimate=2
    ),
    DemoTicket(
        "Password reset link opens the wrong language",
        REVIEW,
        "Reported by two customers. See <https://example.com/report>.",
        labels=["bug"],
        people=[SOFIA, JUNHO],
        comments=[(SOFIA, "Fixed, please have a look. The language now travels with the link.")],
    ),
    DemoTicket(
        "상품 상세 페이지 첫 화면 1초 안에 뜨게 하기", REVIEW, labels=["ops"], people=[JUNHO], priority=3, estimate=5
    ),
    DemoTicket("Set up daily backups and try a restore", DONE, labels=["ops"], people=[ALEX], estimate=3),
    DemoTicket("회원 등급별 할인 쿠폰", DONE, labels=["결제"], people=[MINJI], estimate=5),
    DemoTicket(
        "Shorter address form",
        DONE,
        labels=["design"],
        people=[SOFIA],
        comments=[(MINJI, "반응이 좋아요. 고객 문의가 절반으로 줄었습니다.")],
    ),
    DemoTicket("결제 화면 접근성 점검", DONE, labels=["design"], people=[MINJI, SOFIA]),
    DemoTicket("Write down how we release", DONE, labels=["docs"], people=[ALEX]),
    DemoTicket("고객센터 챗봇 답변 문구 다듬기", BACKLOG, labels=["docs"], people=[MINJI]),
    DemoTicket("Newsletter: let people choose how often", BACKLOG),
)
