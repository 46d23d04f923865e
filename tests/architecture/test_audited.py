"""No verb of a service writes without leaving a row in the audit, and the check notices one that would."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import audited
from finding import ROOT
from source import Source
from stadt.core.registry import registry

from .conftest import Plant

WRITING = "def close_thing(actor, thing):\n    thing.save()\n"
RECORDING = "from stadt.core.audit import record\n\n\ndef _note(actor):\n    record(actor, 'close_thing', 'thing:1')\n"


def rules_broken(tree: Path) -> list[str]:
    return [finding.rule for finding in audited.check(tree)]


def test_every_verb_of_the_tree_leaves_a_row() -> None:
    assert [str(finding) for finding in audited.check(ROOT)] == []


@pytest.mark.parametrize(
    "body",
    [
        "    thing.save()",
        "    Thing.objects.filter(pk=1).update(state='x')",
        "    Thing.objects.create(name='x')",
        "    cursor.execute('DELETE FROM thing')",
    ],
)
def test_a_write_without_a_row_is_found(tree: Path, plant: Plant, body: str) -> None:
    plant("apps/waste/services.py", f"def close_thing(actor, thing):\n{body}\n")
    assert rules_broken(tree) == ["unaudited write"]


def test_an_atomic_function_counts_as_a_write(tree: Path, plant: Plant) -> None:
    plant("apps/waste/services.py", "@transaction.atomic\ndef close_thing(actor):\n    helper(actor)\n")
    assert rules_broken(tree) == ["unaudited write"]


def test_a_package_of_services_is_looked_at_too(tree: Path, plant: Plant) -> None:
    plant("apps/waste/services/__init__.py", "")
    plant("apps/waste/services/closing.py", WRITING)
    assert rules_broken(tree) == ["unaudited write"]


def test_a_private_function_writes_for_the_verb_that_calls_it(tree: Path, plant: Plant) -> None:
    plant(
        "apps/waste/services.py",
        "def close_thing(actor):\n    _do()\n\n\ndef _do():\n    Thing.objects.create(a=1)\n",
    )
    assert rules_broken(tree) == ["unaudited write"]


def test_a_row_may_be_left_by_another_function(tree: Path, plant: Plant) -> None:
    plant("core/audit.py", "def record(actor, verb, subject):\n    pass\n")
    plant("apps/waste/services.py", RECORDING + "\n\n" + WRITING + "    _note(actor)\n")
    assert rules_broken(tree) == []


def test_what_only_reads_and_what_is_no_service_needs_no_row(tree: Path, plant: Plant) -> None:
    plant("apps/waste/services.py", "def count_things(actor):\n    return {}.update({'a': 1})\n")
    plant("apps/waste/jobs.py", WRITING)
    assert rules_broken(tree) == []


def test_an_exception_needs_a_reason_and_goes_when_it_is_not_needed(tree: Path, plant: Plant) -> None:
    plant("apps/waste/services.py", WRITING)
    plant("/tools/audit_exceptions.txt", "src/stadt/apps/waste/services.py::close_thing derived\n")
    assert rules_broken(tree) == []
    plant("/tools/audit_exceptions.txt", "src/stadt/apps/waste/services.py::close_thing\n")
    assert rules_broken(tree) == ["unreadable exception"]
    plant("/tools/audit_exceptions.txt", "src/stadt/apps/waste/services.py::open_thing derived\n")
    assert sorted(rules_broken(tree)) == ["stale exception", "unaudited write"]


def recorded_verbs() -> Iterator[tuple[str, str]]:
    for module in Source(ROOT).modules.values():
        for call in ast.walk(module.tree) if not module.is_test else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "record":
                verb = call.args[1] if len(call.args) > 1 else None
                if isinstance(verb, ast.Constant):
                    yield module.name, str(verb.value)


def test_every_verb_of_the_audit_has_a_title_in_a_manifest() -> None:
    found = list(recorded_verbs())
    assert len(found) > 25
    assert [(module, verb) for module, verb in found if verb not in registry.verbs] == []
