"""Bringing boards from elsewhere: upload, report, run, undo, and who the placeholders are."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from audit.access import allow
from boards.importers import upload, verbs
from boards.models import Import
from boards.queries import imports
from boards.views.board import page_data
from tenancy.errors import Conflict, Invalid, NotFound, Refusal, refusal_response
from tenancy.ids import uuid7


@allow("board:manage")
def index(request: Any) -> HttpResponse:
    context = {"imports": imports.latest(request.member), "board_data": page_data(request.member)}
    return render(request, "boards/imports/index.html", context)


@csrf_exempt
@allow("board:manage")
def new(request: Any) -> HttpResponse:
    """Exempt until it is said where the file goes: the form's token stands in the body, with the file."""
    request.upload_handlers = [upload.ToDisk(request, by=request.member)]
    return upload_form(request)


@csrf_protect
def upload_form(request: Any) -> HttpResponse:
    if request.method != "POST":
        return upload_page(request)
    try:
        row = from_form(request)
    except Refusal as refusal:
        return upload_page(request, refusal)
    return redirect_to(request, row)


def from_form(request: Any) -> Import:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid.field("file", _("Choose a file."))
    return upload.keep_file(file.path, file.name, by=request.member)


def upload_page(request: Any, refusal: Refusal | None = None) -> HttpResponse:
    context = {"upload_id": uuid7(), "refusal": refusal, "board_data": page_data(request.member)}
    return render(request, "boards/imports/new.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["PUT"])
@allow("board:manage")
def add_slice(request: Any, upload_id: UUID) -> HttpResponse:
    """A slice from the script: the answer says how much is there, or where the import is once it is all."""
    try:
        offset, total = (as_size(request.headers.get(name, "")) for name in ("Upload-Offset", "Upload-Length"))
        there = upload.add_slice(upload_id, request, offset=offset, total=total, by=request.member)
        if there < total:
            return JsonResponse({"offset": there})
        part = upload.part_path(upload_id, request.member)
        row = upload.keep_file(part, request.GET.get("name", ""), by=request.member)
    except Refusal as refusal:
        return refusal_response(request, refusal)
    return JsonResponse({"location": address(request, row)}, status=201)


@allow("board:manage")
def show(request: Any, import_id: UUID) -> HttpResponse:
    """The whole page, or for the script that looks again only the part that changes."""
    row = imports.one(request.member, import_id)
    context = imports.detail(row, request.member) | {"board_data": page_data(request.member)}
    name = "_state" if request.headers.get("HX-Request") == "true" else "show"
    response = render(request, f"boards/imports/{name}.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allow("board:manage")
def start(request: Any, import_id: UUID) -> HttpResponse:
    row = imports.one(request.member, import_id)
    attempt(request, lambda: verbs.start(row))
    return redirect_to(request, row)


@require_POST
@allow("board:manage")
def undo(request: Any, import_id: UUID) -> HttpResponse:
    row = imports.one(request.member, import_id)
    attempt(request, lambda: verbs.take_back(row, by_id=request.member.id))
    return redirect_to(request, row)


@require_POST
@allow("board:manage")
def discard(request: Any, import_id: UUID) -> HttpResponse:
    row = imports.one(request.member, import_id)
    attempt(request, lambda: verbs.discard(row))
    return redirect("boards:imports", request.member.tenant_slug)


@require_POST
@allow("member:manage")
def say_who(request: Any, import_id: UUID) -> HttpResponse:
    """Each field of the form is named after a placeholder and holds the member it is, or nothing."""
    row = imports.one(request.member, import_id)
    named = {person.pk: request.POST.get(str(person.pk)) for person in imports.placeholders_of(row)}
    for placeholder_id, member_id in named.items():
        if member_id:
            verbs.say_who(placeholder_id, as_uuid(member_id), by=request.member)
    messages.success(request, _("Saved."))
    return redirect_to(request, row)


def as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def as_size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Invalid
    return int(text)


def attempt(request: Any, verb: Any) -> None:
    """What another was faster with is said, and the page shows how things are."""
    try:
        verb()
    except Conflict as conflict:
        messages.error(request, str(conflict.message))


def address(request: Any, row: Import) -> str:
    return reverse("boards:import", args=[request.member.tenant_slug, row.pk])


def redirect_to(request: Any, row: Import) -> HttpResponse:
    return redirect(address(request, row))
