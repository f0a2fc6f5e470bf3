#!/usr/bin/env bash
# Builds the book: sets up the machine, compiles, runs the chapters, weaves the report.
# `./build.sh --help` tells the ways to call it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
./build.sh                       every chapter, then figures/report.html and figures/report.pdf
./build.sh CHAPTER...            those chapters, each with its page figures/CHAPTER/index.html
./build.sh --profile PROFILE     smoke (seconds), course (the default), full (an hour or more);
                                 may stand before chapters
./build.sh test                  set-up, format lint, layer check, all tests
./build.sh check                 reruns every chapter from an empty store into .runs/check and
                                 compares the result with the committed records
./build.sh --help                this text
TEXT
  echo
  echo "Chapters: ${chapters[*]}"
}

say() { printf '%s\n' "$*" >&2; }
usage_error() { say "build.sh: $1"; say "./build.sh --help lists what there is. Nothing was started."; exit 64; }

# The word among $2... that is nearest to $1 by edit distance.
nearest() {
  local word=$1; shift
  printf '%s\n' "$@" | awk -v a="$word" '
    function least(x, y, z) { if (y < x) x = y; return z < x ? z : x }
    { b = $0; n = length(a); m = length(b)
      for (j = 0; j <= m; j++) previous[j] = j
      for (i = 1; i <= n; i++) {
        current[0] = i
        for (j = 1; j <= m; j++)
          current[j] = least(previous[j] + 1, current[j-1] + 1,
            previous[j-1] + (substr(a, i, 1) != substr(b, j, 1)))
        for (j = 0; j <= m; j++) previous[j] = current[j]
      }
      if (NR == 1 || previous[m] < best) { best = previous[m]; word = b } }
    END { print word }'
}

# --- The command line ------------------------------------------------------------------------

chapters=()
for folder in chapters/[0-9][0-9]-*/; do
  name=$(basename "$folder")
  chapters+=("${name#[0-9][0-9]-}")
done
profiles=(smoke course full)
profile=course
command=build
selected=()

while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --profile | --profile=*)
      if [ "$1" = --profile ]; then
        [ $# -ge 2 ] || usage_error "--profile needs one of: ${profiles[*]}."
        profile=$2; shift
      else
        profile=${1#--profile=}
      fi
      [[ " ${profiles[*]} " == *" $profile "* ]] ||
        usage_error "there is no profile '$profile'. Did you mean '$(nearest "$profile" "${profiles[@]}")'?" ;;
    test | check) command=$1 ;;
    -*) usage_error "there is no flag '$1'. Did you mean '$(nearest "$1" --profile --help)'?" ;;
    *)
      [[ " ${chapters[*]} " == *" $1 "* ]] ||
        usage_error "there is no chapter '$1'. Did you mean '$(nearest "$1" "${chapters[@]}" test check)'?"
      selected+=("$1") ;;
  esac
  shift
done
if [ $command != build ]; then
  [ ${#selected[@]} -eq 0 ] || usage_error "'$command' takes no chapters."
  [ $profile = course ] || usage_error "'$command' takes no profile."
fi

# --- Set-up ----------------------------------------------------------------------------------

packages=(
  libcairo2-dev libpango1.0-dev libharfbuzz-dev          # drawing, text, font subsets
  libcmark-gfm-dev libcmark-gfm-extensions-dev           # Markdown
  libnlopt-dev                                           # L-BFGS for the fits
  libsqlite3-dev                                         # the run store
  pkg-config
  fonts-inter fonts-texgyre fonts-texgyre-math fonts-jetbrains-mono
  hyphen-en-us                                           # where words may be broken
)
# Read the printed book back, in tests only.
test_packages=(qpdf poppler-utils)

missing_packages() {
  local name
  [ $command != test ] || packages+=("${test_packages[@]}")
  for name in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = 'install ok installed' ] || echo "$name"
  done
}

set_up() {
  if ! command -v swift >/dev/null; then
    say "build.sh: 'swift' is not on the PATH. Install Swift 6.3 or newer (https://www.swift.org/install)."
    exit 69
  fi
  local version
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
  read -r major minor <<<"${version:-0 0}"
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    say "build.sh: Swift 6.2 or newer is needed; this is $major.$minor (https://www.swift.org/install)."
    exit 69
  fi
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    other_system
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "build.sh: these packages are missing; install them as root, then run this again:"
      say "  apt-get install ${missing[*]}"
      exit 69
    fi
    root=(sudo)
  fi
  say "Installing: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${root[@]}" apt-get update &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "build.sh: apt-get could not install: ${missing[*]} (its last lines stand above; all: $log)."
    exit 69
  fi
  rm -f "$log"
}

# Without apt there is no set-up to do here: say what is not found, and stop.
other_system() {
  local absent=() module
  if ! command -v pkg-config >/dev/null; then
    absent+=("pkg-config")
  else
    for module in cairo pangocairo pangoft2 harfbuzz-subset libcmark-gfm nlopt sqlite3; do
      pkg-config --exists "$module" || absent+=("$module")
    done
  fi
  [ ${#absent[@]} -gt 0 ] || return 0
  say "build.sh: this is not a Debian system, so nothing was installed. Not found (names of pkg-config):"
  say "  ${absent[*]}"
  say "Install the development files of Cairo, Pango, HarfBuzz (with hb-subset), cmark-gfm, NLopt and"
  say "SQLite, the fonts Inter, TeX Gyre Pagella, TeX Gyre Pagella Math and JetBrains Mono, and"
  say "Hunspell's hyphenation patterns hyph_en_US.dic; set BOOK_FONT_PATH to the folders of the fonts"
  say "and the patterns (separated by ':'), then run this again."
  exit 69
}

# --- The commands ----------------------------------------------------------------------------

seconds_since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'; }

compile() {
  local start
  start=$(date +%s.%N)
  local target
  for target in "$@"; do swift build -c release --product "$target" >&2; done
  say "compiled in $(seconds_since "$start") s"
}

# run_chapter NAME [FLAG...]
run_chapter() {
  local name=$1 start
  shift
  start=$(date +%s.%N)
  "$(swift build -c release --show-bin-path)/$name" "$@"
  say "$name: $(seconds_since "$start") s"
}

build() {
  local all=0 name
  if [ ${#selected[@]} -eq 0 ]; then
    selected=("${chapters[@]}")
    all=1
  fi
  compile "${selected[@]}" report
  for name in "${selected[@]}"; do run_chapter "$name" --profile "$profile"; done
  # The report binds the committed records, which are those of the course profile.
  if [ $all = 1 ] && [ "$profile" = course ]; then
    "$(swift build -c release --show-bin-path)/report"
  fi
}

run_tests() {
  swift format lint --strict --recursive --parallel Package.swift Sources Tests chapters
  swift build --build-tests --explicit-target-dependency-import-check error
  swift test --skip-build
}

check() {
  local scratch=.runs/check name differs=0
  rm -rf "$scratch"
  mkdir -p "$scratch"
  compile "${chapters[@]}"
  for name in "${chapters[@]}"; do
    run_chapter "$name" --store "$scratch/runs.sqlite" --out "$scratch/$name"
    if diff -r -x build.json -x index.html -x '*.png' -x '*.pdf' "figures/$name" "$scratch/$name" \
      >"$scratch/$name.diff"; then
      say "$name: equal to the committed record, byte for byte"
    else
      differs=1
      say "$name: differs from the committed record; see $scratch/$name.diff"
    fi
  done
  [ $differs = 0 ] || exit 1
}

set_up
case $command in
  build) build ;;
  test) run_tests ;;
  check) check ;;
esac
