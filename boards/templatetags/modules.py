"""Tells the browser of all the modules of a folder at once, instead of letting it find them one import after another."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def module_preloads(*folders: str) -> SafeString:
    """`<link rel="modulepreload">` for each module directly in the static folders."""
    names = [name for folder in folders for name in modules_in(folder)]
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(name),) for name in names))


@cache
def modules_in(folder: str) -> tuple[str, ...]:
    found = finders.find(folder)
    if not found:
        raise ValueError(f"There is no static folder {folder}")
    return tuple(f"{folder}/{path.name}" for path in sorted(Path(found).glob("*.js")))
