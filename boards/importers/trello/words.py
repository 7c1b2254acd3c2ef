"""What Trello's words mean here: colours, and what a list's name says about its place in the work."""

COLOURS = {
    "green": "green",
    "yellow": "yellow",
    "orange": "orange",
    "red": "red",
    "purple": "purple",
    "blue": "blue",
    "sky": "teal",
    "lime": "green",
    "pink": "pink",
    "black": "gray",
    "teal": "teal",
    "magenta": "pink",
}
DONE = ("done", "complete", "finished", "closed", "shipped", "released", "完了", "完成", "クローズ", "완료", "끝", "종료")
RUNNING = ("doing", "progress", "wip", "review", "qa", "test", "ready to merge", "作業中", "進行", "진행", "작업 중", "작업중", "검토")
LATER = ("backlog", "idea", "icebox", "someday", "future", "later", "wishlist", "백로그", "아이디어", "나중", "보류")


def colour(name: str) -> str:
    """`lime_dark` and `lime_light` are shades of `lime`; no colour at all is gray."""
    return COLOURS.get(name.removesuffix("_dark").removesuffix("_light"), "gray")


def category(name: str) -> str:
    folded = name.casefold()
    for meaning, words in (("backlog", LATER), ("done", DONE), ("in_progress", RUNNING)):
        if any(_holds(folded, word) for word in words):
            return meaning
    return "todo"


def _holds(text: str, word: str) -> bool:
    """Latin words as whole words ("done", not "abandoned"), others anywhere."""
    if not word.isascii():
        return word in text
    return f" {word}" in f" {text}".replace("_", " ").replace("/", " ").replace("-", " ")
