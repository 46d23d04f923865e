"""Lists the packages a city runs on as a CycloneDX document (JSON, 1.6), and refuses licences that do not fit the EUPL.

Run it with `python tools/parts.py` for the document, `python tools/parts.py --check` for the licences. The packages are those
of `requirements/run.txt`; name, version and hashes come from there, licences from the installed packages' own metadata.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from finding import ROOT, Finding, report

PINS = ROOT / "requirements" / "run.txt"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?: ; ([^\\]+))?", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

# Words of licences that may be distributed together with, or used by, a work under EUPL-1.2 (its appendix and the
# permissive ones).
FITTING = re.compile(
    r"^(?:\(|\)|AND|OR|WITH|0BSD|Apache-2\.0|BSD-[23]-Clause|CC0-1\.0|CNRI-Python|EUPL-1\.2|HPND|ISC|LGPL-[23]\.[01]-(?:only|or-later)"
    r"|MIT|MIT-0|MIT-CMU|MPL-2\.0|PSF-2\.0|PostgreSQL|Python-2\.0|Unlicense|Zlib|ZPL-2\.1|LLVM-exception)$"
)
# What packages wrote before there was a field with SPDX expressions, in SPDX's words.
OLD_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD-3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
CLASSIFIER = "License :: OSI Approved :: "
# Packages whose metadata say nothing usable, with what their licence file says.
SAID_ELSEWHERE: dict[str, str] = {
    "pyrage": "MIT",
}


@dataclass(frozen=True)
class Pin:
    """A pinned package; `marker` says where it is needed."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(text: str) -> Iterator[Pin]:
    """The packages of a requirements file with hashes."""
    found = list(PIN.finditer(text))
    for match, end in zip(found, [*(m.start() for m in found[1:]), len(text)], strict=True):
        hashes = tuple(HASH.findall(text[match.end() : end]))
        yield Pin(match[1].lower(), match[2], (match[3] or "").strip(), hashes)


def licence_of(name: str) -> str:
    """The licence of an installed package as an SPDX expression, or an empty string where it says none."""
    if name in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[name]
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ""
    return _said(found)


def _said(found: Distribution) -> str:
    data = found.metadata
    if "License-Expression" in data:  # asked first: some versions of the reader know no default
        return str(data["License-Expression"])
    classifiers = [
        str(c).removeprefix(CLASSIFIER) for c in data.get_all("Classifier") or () if CLASSIFIER in str(c)
    ]
    words = [OLD_WORDS.get(word, word) for word in classifiers] or [
        str((data.get_all("License") or [""])[0]).strip()
    ]
    return " OR ".join(dict.fromkeys(OLD_WORDS.get(word, word) for word in words))


def fits(expression: str) -> bool:
    """Whether every word of an SPDX expression is one that fits, or one alternative does."""
    alternatives = re.split(r"\bOR\b", expression) if "(" not in expression else [expression]
    return any(
        all(FITTING.match(word) for word in re.findall(r"[^\s()]+", part)) and part.strip() != ""
        for part in alternatives
    )


def check(root: Path) -> Iterator[Finding]:
    """Installed packages whose licence does not fit or is not told."""
    for pin in pins((root / "requirements" / "run.txt").read_text("utf-8")):
        licence = licence_of(pin.name)
        if not licence and pin.marker:
            continue  # for another system; checked there
        if not fits(licence):
            yield Finding(
                "requirements/run.txt",
                1,
                "licence",
                f"{pin.name} is under {licence or 'no licence it tells'!r}",
            )


def bill(text: str) -> Bom:
    """The parts of the platform."""
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, text))  # the same parts give the same document
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC)
    for pin in pins(text):
        expression = licence_of(pin.name)
        licences = [LicenseExpression(expression)] if expression and fits(expression) else []
        bom.components.add(
            Component(
                name=pin.name,
                version=pin.version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{pin.name}@{pin.version}",
                purl=PackageURL("pypi", None, pin.name, pin.version),
                licenses=licences or ([DisjunctiveLicense(name=expression)] if expression else None),
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=text) for text in pin.hashes[:1]],
            )
        )
    return bom


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(report("licences", check(ROOT)))
    document = make_outputter(bill(PINS.read_text("utf-8")), OutputFormat.JSON, SchemaVersion.V1_6)
    print(document.output_as_string(indent=1))
