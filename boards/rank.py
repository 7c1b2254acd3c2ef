"""Order as text: a key between any two keys, compared byte by byte (COLLATE "C").

A key is a whole part and a fraction, in base 62. The first letter of the whole part gives its length ("a" one digit,
"b" two, ... and "Z" one digit below "a0", "Y" two, ...), so appending counts upward in few characters, and only
inserting between neighbours makes a key longer. Idea: D. Greenspan, "Implementing fractional indexing" (2020).
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LOWEST, HIGHEST = DIGITS[0], DIGITS[-1]
FIRST = "a0"
# Nothing sorts below it, so it is never given out without a fraction.
LEAST = "A" + LOWEST * 26
# A column whose keys grow past this is numbered anew, in the transaction that noticed.
LONG = 40
# Whose the new keys are in the log (actor's type and id): nobody has moved those tickets.
NUMBERED_BY = ("system", "order")


def whole_length(head: str) -> int:
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2


def whole_part(key: str) -> str:
    return key[: whole_length(key[0])]


def step(whole: str, up: bool) -> str | None:
    """The next whole part up or down; None past the last one there is."""
    head, digits = whole[0], list(whole[1:])
    turn, fresh = (HIGHEST, LOWEST) if up else (LOWEST, HIGHEST)
    for index in reversed(range(len(digits))):
        if digits[index] != turn:
            digits[index] = DIGITS[DIGITS.index(digits[index]) + (1 if up else -1)]
            return head + "".join(digits)
        digits[index] = fresh
    edge, over = ("Z", "a") if up else ("a", "Z")
    if head == edge:
        return over + fresh
    if head == ("z" if up else "A"):
        return None
    head = chr(ord(head) + (1 if up else -1))
    return head + fresh * (whole_length(head) - 1)


def fraction_between(low: str, high: str | None) -> str:
    """A fraction above `low` and below `high` (None: one); neither ends in the lowest digit."""
    shared = 0
    if high is not None:
        while shared < len(high) and (low[shared : shared + 1] or LOWEST) == high[shared]:
            shared += 1
    if shared and high is not None:
        return high[:shared] + fraction_between(low[shared:], high[shared:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if high and len(high) > 1:
        return high[0]
    return DIGITS[first] + fraction_between(low[1:], None)


def between(low: str | None, high: str | None) -> str:
    """A key above `low` and below `high`; None is no bound. Raises ValueError when `low >= high`."""
    if low is not None and high is not None and low >= high:
        raise ValueError(f"no key between {low!r} and {high!r}")
    if low is None:
        return below(high) if high is not None else FIRST
    whole = whole_part(low)
    if high is not None and whole_part(high) == whole:
        return whole + fraction_between(low[len(whole) :], high[len(whole) :])
    following = step(whole, up=True)
    if following is not None and (high is None or following < high):
        return following
    return whole + fraction_between(low[len(whole) :], None)


def below(high: str) -> str:
    whole = whole_part(high)
    lower = whole if whole < high else step(whole, up=False)
    if lower is None:
        raise ValueError(f"no key below {high!r}")
    if lower == LEAST:
        return LEAST + fraction_between("", high[len(whole) :] if whole == LEAST else None)
    return lower


def evenly(count: int, after: str | None = None) -> list[str]:
    """`count` keys in order, as short as can be, all above `after`."""
    keys: list[str] = []
    for _ in range(count):
        after = between(after, None)
        keys.append(after)
    return keys
