"""HEAD for the API, whose framework knows each method by its name alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenancy.origin import split_workspace


class HeadAsGet:
    """Answers what GET would, without the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD" or not split_workspace(request.path_info)[1].startswith("/api/"):
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        return without_body(response)


def without_body(response: HttpResponse) -> HttpResponse:
    headers = dict(response.items())
    if not response.streaming:
        headers["Content-Length"] = str(len(response.content))
    response.close()
    return HttpResponse(status=response.status_code, headers=headers)
