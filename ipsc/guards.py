"""What pages of one person share."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For pages of one person, or whose address may carry an attempt: neither stored nor indexed (rule B6).

    Their address leaves the site with no request: the policy for all pages is `same-origin`. A stricter one would make
    browsers send `Origin: null` with the forms, which the protection against forged requests refuses.
    """

    @functools.wraps(view)
    def shown(request: HttpRequest, **kwargs) -> HttpResponse:
        response = view(request, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown
