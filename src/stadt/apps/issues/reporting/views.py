"""Pages of the report flow."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """`/melden/neu/`: tell the city."""
    return render(request, "issues/report.html")
