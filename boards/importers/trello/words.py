"""What Trello's words mean here: colours, and what a list's name says about its place in the work."""

import re

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
# Latin words are looked for as whole words' beginnings ("done", not "abandoned"), others anywhere.
MEANINGS = {
    "backlog": r"\b(backlog|idea|icebox|someday|future|later|wishlist)|백로그|아이디어|나중|보류",
    "done": r"\b(done|complete|finished|closed|shipped|released)|完了|完成|クローズ|완료|끝|종료",
    "in_progress": r"\b(doing|progress|wip|review|qa|test|merge)|作業中|進行|진행|작업 ?중|검토",
}


def colour(name: str) -> str:
    """`lime_dark` and `lime_light` are shades of `lime`; no colour at all is gray."""
    return COLOURS.get(name.removesuffix("_dark").removesuffix("_light"), "gray")


def category(name: str) -> str:
    text = name.casefold().replace("_", " ")
    return next((meaning for meaning, words in MEANINGS.items() if re.search(words, text)), "todo")
