"""Made-up texts that read like a team's own: half Korean, half English, the same on every run."""

import random
from itertools import accumulate

DESCRIPTION = 400


def listed(text: str) -> list[str]:
    return text.split()


KOREAN_WHERE = listed("""
결제창 로그인 회원가입 장바구니 주문내역 배송조회 알림함 검색결과 관리자화면 정산표 쿠폰함 상품목록
리뷰게시판 고객센터 환불신청 카드결제 계좌이체 포인트적립 첨부파일 댓글목록 대시보드 통계화면 사용자설정
비밀번호찾기 이메일인증 푸시알림 문자발송 엑셀내려받기 이미지업로드 팀초대 권한설정 활동기록 달력보기 칸반보드
체크리스트 마감일알림 모바일화면 태블릿화면 다크모드 한글입력
""")
KOREAN_WHAT = listed("""
오류 지연 중복요청 누락 깨짐 느려짐 시간초과 무한로딩 글자잘림 정렬오류 번역누락 접근성문제 메모리누수
캐시문제 권한오류 동시수정충돌 데이터불일치 인코딩문제 화면흔들림 스크롤문제 버튼무반응 빈화면 잘못된합계
소수점오차 시간대오류
""")
KOREAN_DO = listed("""
수정 재현 조사 개선 정리 교체 검토 추가 제거 분리 문서화 자동화 측정 테스트보강 배포 되돌리기 공유 이관
승인 확인
""")
KOREAN_WHEN = listed("""
긴급하게 다음주까지 배포전에 고객요청으로 야간배치이후 정기점검때 간헐적으로 특정기기에서 크롬에서 사파리에서
첫접속시 대량주문시 월말마감때 새벽시간에 재시도이후
""")
ENGLISH_DO = listed("""
fix investigate speed-up rewrite document measure remove replace simplify review migrate deploy
retry cache split validate translate archive schedule monitor
""")
ENGLISH_WHERE = listed("""
checkout sign-in search invoice calendar export import webhook dashboard settings notification
attachment comment board column label report onboarding password billing avatar timeline editor
upload download payment refund shipping coupon inventory session timezone pagination keyboard
""")
ENGLISH_WHAT = listed("""
timeout error regression flicker overflow deadlock duplicate rounding encoding latency leak crash
mismatch contrast truncation redirect loop typo outage drift race fallback migration threshold
layout focus
""")
ENGLISH_WHEN = listed("""
after-deploy on-safari on-android at-midnight under-load behind-proxy for-large-boards in-korean
with-two-tabs before-launch during-import on-first-visit over-slow-network in-dark-mode
with-screen-reader
""")


class Writer:
    """Some words are common and most are rare, as in real text."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.weights: dict[int, list[float]] = {}

    def pick(self, words: list[str]) -> str:
        weights = self.weights.get(len(words))
        if weights is None:
            weights = self.weights[len(words)] = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
        return self.random.choices(words, cum_weights=weights)[0]

    def name(self) -> str:
        """A rare word: a reference, a host, a build."""
        kinds = ("PAY-{}", "#{}", "v2.{}", "node{}", "req-{}", "order {}", "고객사 {}호", "{}번 주문")
        return self.random.choice(kinds).format(self.random.randrange(100, 10_000))

    def phrase(self) -> str:
        if self.random.random() < 0.5:
            words = [KOREAN_WHEN, KOREAN_WHERE, KOREAN_WHAT, KOREAN_DO]
        else:
            words = [ENGLISH_DO, ENGLISH_WHERE, ENGLISH_WHAT, ENGLISH_WHEN]
        parts = [self.pick(kind).replace("-", " ") for kind in words]
        if self.random.random() < 0.5:
            parts.append(self.name())
        return " ".join(parts)

    def title(self) -> str:
        """46 bytes on average; the cards of six real exports have 41, those of each 10 to 53."""
        return self.phrase()

    def description(self) -> str:
        text = self.phrase()
        while len(text) < DESCRIPTION:
            text += self.random.choice((". ", ", ", "\n- ", ": ")) + self.phrase()
        return text[:DESCRIPTION]
