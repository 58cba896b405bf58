#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: a PostgreSQL server, a
# browser, GDAL, which opens the files that we export, CBC, which solves the siting
# questions that we export, poppler and python-docx, which read our PDF and Word files,
# tilemaker, whose tiles ours are compared with, and a font with Chinese characters,
# without which a page tested in the browser shows boxes.
# Looks for what these provide, not for Debian's packages, so that a machine of
# another kind may bring its own.
set -euo pipefail
cd "$(dirname "$0")"

# Not installed from Debian, whose Node is too old to build the client.
command -v npm >/dev/null || {
  echo "setup: the tests need Node 20 with npm" >&2
  exit 1
}

missing=()
./postgres-bin.sh >/dev/null 2>&1 || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
command -v cbc >/dev/null || missing+=(coinor-cbc)
command -v tilemaker >/dev/null || missing+=(tilemaker)
command -v ogrinfo >/dev/null || missing+=(gdal-bin)
command -v pdfinfo >/dev/null || missing+=(poppler-utils)
python3 -c 'import docx' 2>/dev/null || /usr/bin/python3 -c 'import docx' 2>/dev/null || missing+=(python3-docx)
[ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ] || missing+=(fonts-noto-cjk fontconfig)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=(env)
elif sudo -n true 2>/dev/null; then
  as_root=(sudo)
else
  as_root=()
fi
if [ ${#as_root[@]} = 0 ] || ! command -v apt-get >/dev/null; then
  echo "setup: the tests need what Debian's packages ${missing[*]} provide; install it as root, for example with" >&2
  echo "  apt-get install ${missing[*]}" >&2
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { # quiet unless it fails
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
  }
}
echo "setup: installing ${missing[*]}" >&2
apt update
apt install --no-install-recommends -y "${missing[@]}"
