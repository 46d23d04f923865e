"""What a page reads once is read again by the next page, by a request that writes, and outside of requests."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stadt.core.once import OnceMiddleware, once_a_page


def counting() -> tuple[Callable[[], int], list[int]]:
    calls: list[int] = []

    @once_a_page
    def read() -> int:
        calls.append(1)
        return len(calls)

    return read, calls


def make_page(read: Callable[[], int], method: str) -> list[int]:
    """What a page sees that asks twice."""
    seen: list[int] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend((read(), read()))
        return HttpResponse()

    request = HttpRequest()
    request.method = method
    OnceMiddleware(view)(request)
    return seen


def test_one_page_reads_once_and_the_next_page_reads_again() -> None:
    read, _ = counting()
    assert make_page(read, "GET") == [1, 1]
    assert make_page(read, "GET") == [2, 2]


def test_a_request_that_writes_reads_each_time() -> None:
    read, _ = counting()
    assert make_page(read, "POST") == [1, 2]


def test_outside_of_requests_each_call_reads() -> None:
    read, calls = counting()
    read()
    read()
    assert len(calls) == 2
