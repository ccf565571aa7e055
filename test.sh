#!/usr/bin/env bash
# Everything that is tested, with one command: see --help.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
Usage: ./test.sh [options]
Installs what the tests need and this machine lacks (as root on Debian or Ubuntu; otherwise it says what to install),
builds the solution once and runs every test project (the AppHost's where Aspire's packages can be restored; else a line says so).
The last line is "N passed, N failed"; failures end it with 1.

  --filter TEXT      only tests whose class or method name contains TEXT (may be given more than once)
  --project TEXT     only test projects whose name contains TEXT (may be given more than once)
  --no-build         run what was built last
  --no-install       install nothing
  --help             this text

PostgreSQL and RabbitMQ come from the first of: WALKTALK_TEST_POSTGRES and WALKTALK_TEST_RABBITMQ (connection
strings); a Docker engine (Testcontainers; WALKTALK_TEST_POSTGRES_IMAGE, WALKTALK_TEST_RABBITMQ_IMAGE); installed
binaries, started privately. WALKTALK_TEST_SERVERS=docker|native leaves no choice. The browser is
WALKTALK_TEST_BROWSER, or Chromium's headless shell, which takes a third of the time, or the Chromium or Chrome that is
installed. WALKTALK_TEST_SCREENSHOTS=1 leaves a picture of each page of the stories in artifacts/screenshots (half as
long again).
TEXT
}

filters=() build=yes install=yes projects=()
while [ $# -gt 0 ]; do
  case $1 in
    --filter) filters+=("${2:?--filter needs a text}"); shift ;;
    --project) projects+=("${2:?--project needs a text}"); shift ;;
    --no-build) build='' ;;
    --no-install) install='' ;;
    --help|-h) usage; exit 0 ;;
    *) echo "test.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

docker_answers() { command -v docker > /dev/null && timeout 20 docker version > /dev/null 2>&1; }
native_missing() { ! tests/Fixtures/private-servers.sh --check > /dev/null 2>&1; }
postgres_missing() { ! tests/Fixtures/private-servers.sh --check --only postgres > /dev/null 2>&1; }
can_install() { [ -n "$install" ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; }
browser() {
  local candidate
  for candidate in "${WALKTALK_TEST_BROWSER:-}" chromium-headless-shell chromium google-chrome google-chrome-stable chromium-browser; do
    if [ -n "$candidate" ] && command -v "$candidate" > /dev/null; then command -v "$candidate"; return; fi
  done
  return 1
}

# Which way the servers come. Docker before the installed binaries, as TestServers does it.
servers=${WALKTALK_TEST_SERVERS:-}
if [ -n "${WALKTALK_TEST_POSTGRES:-}" ] && [ -n "${WALKTALK_TEST_RABBITMQ:-}" ]; then servers=given
elif [ -z "$servers" ]; then if docker_answers; then servers=docker; else servers=native; fi
fi

command -v dotnet > /dev/null || { echo "test.sh: the .NET SDK of global.json is missing: https://dot.net" >&2; exit 1; }

packages=()
if [ "$servers" = native ] && native_missing; then packages+=(postgresql rabbitmq-server)
# The test of a fail-over starts a primary and a standby of its own, whatever the others use.
elif postgres_missing && can_install; then packages+=(postgresql); fi
# Any browser will do; continuous integration takes the trouble to have the quick one.
shell=''
if ! browser > /dev/null || { [ "${CI:-}" = true ] && [ -z "${WALKTALK_TEST_BROWSER:-}" ] && can_install && ! command -v chromium-headless-shell > /dev/null; }; then
  shell=chromium-headless-shell
fi
if [ ${#packages[@]} -gt 0 ] || [ -n "$shell" ]; then
  if ! can_install; then
    echo "test.sh: not installed: ${packages[*]} $shell. As root on Debian or Ubuntu this script installs them." >&2
    exit 1
  fi
  echo "Installing ${packages[*]} $shell …"
  export DEBIAN_FRONTEND=noninteractive
  # The packages' own services are not wanted: the tests start private servers. Debian asks this file before it starts one.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod 755 $policy
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  log=$(mktemp)
  apt() { apt-get -o DPkg::Lock::Timeout=300 -y "$@" < /dev/null >> "$log" 2>&1; }
  # A machine that was interrupted in the middle of an installation is put right first.
  get() { apt --no-install-recommends install "$@"; }
  { apt update && { [ ${#packages[@]} = 0 ] || get "${packages[@]}" || { apt -f install && get "${packages[@]}"; }; } \
    && { [ -z "$shell" ] || get "$shell" || browser > /dev/null || get chromium; }; } \
    || { [ ${#packages[@]} = 0 ] && browser > /dev/null; } \
    || { tail -n 25 "$log" >&2; echo "test.sh: the installation failed" >&2; exit 1; }
  rm -f "$log"
  if [ "$(cat $policy 2>/dev/null)" = $'#!/bin/sh\nexit 101' ]; then rm -f $policy; fi
  trap - EXIT
fi
WALKTALK_TEST_BROWSER=$(browser) || { echo "test.sh: no browser; install Chromium or Chrome, or set WALKTALK_TEST_BROWSER" >&2; exit 1; }
export WALKTALK_TEST_BROWSER DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# No process of a test lives long enough to win back what the runtime spends on watching it (a quarter of the processor time of the stories),
# and hardening its compiler's memory against an attacker (W^X) is a sixth of the time of a start.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

selected() {
  [ ${#projects[@]} -gt 0 ] || return 0
  local wanted
  for wanted in "${projects[@]}"; do case $1 in *"$wanted"*) return 0 ;; esac; done
  return 1
}

# AppHost and its tests only where Aspire's packages are to be had: nothing else in the solution needs them.
solution=WalkTalk.Services.slnf absent=''
if [ -z "$build" ]; then
  [ -x tests/AppHost.Tests/bin/Debug/net10.0/WalkTalk.AppHost.Tests ] || absent="it was not built"
elif selected AppHost.Tests; then
  absent=$({ dotnet restore WalkTalk.Platform.sln -v q -nologo < /dev/null || true; } | grep -m1 -oE '(NU1(101|102|103|301|603):|Could not resolve SDK) [^[]*') \
    && absent="its packages cannot be restored ($absent)" || solution=WalkTalk.Platform.sln
fi

# Debug: what `dotnet run` builds too, so one build serves the tests and the processes that the stories start.
if [ -n "$build" ]; then
  echo "Building …"
  dotnet build $solution -v q -nologo < /dev/null
fi

scratch=$(mktemp -d)
servers_pid=''
finish() {
  [ -z "$servers_pid" ] || { kill -TERM "$servers_pid" 2>/dev/null && wait "$servers_pid" 2>/dev/null; } || true
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One pair of servers for all test processes; each fixture has its own database and names its own queues.
if [ "$servers" = native ]; then
  tests/Fixtures/private-servers.sh --volatile --owner $$ > "$scratch/servers" 2> "$scratch/servers.err" < /dev/null &
  servers_pid=$!
  until grep -qx ready "$scratch/servers"; do
    kill -0 "$servers_pid" 2>/dev/null || { cat "$scratch/servers.err" >&2; echo "test.sh: the private servers did not start" >&2; exit 1; }
    sleep 0.2
  done
  WALKTALK_TEST_POSTGRES=$(sed -n 's/^postgres=//p' "$scratch/servers")
  WALKTALK_TEST_RABBITMQ=$(sed -n 's/^rabbitmq=//p' "$scratch/servers")
  export WALKTALK_TEST_POSTGRES WALKTALK_TEST_RABBITMQ
fi
echo "Servers: $servers. Browser: $WALKTALK_TEST_BROWSER"

# What hangs fails, with the log of what had run until then.
arguments=(--no-ansi --progress off --output Detailed --ignore-exit-code 8 --timeout 30m)
for filter in ${filters[@]+"${filters[@]}"}; do
  arguments+=(--filter-query "/*/*/*$filter*/*" --filter-query "/*/*/*/*$filter*")
done

passed=0 failed=0 skipped=0
run() {
  local name=$1 log="$scratch/$1.log" test=tests/$1/bin/Debug/net10.0/WalkTalk.$1 code=0 p f s
  [ -x "$test" ] || { echo "$name: not built"; failed=$((failed + 1)); return; }
  # Many tests wait for something that is asked again each second: others use the time. A story has processes of its own.
  local threads=2x
  [ "$name" != EndToEnd.Tests ] || threads=1x
  "$test" "${arguments[@]}" --max-threads $threads > "$log" 2>&1 < /dev/null || code=$?
  count() { sed -n "s/^ *$1: *\([0-9]*\)\$/\1/p" "$log" | tail -1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  # A process that died without a summary is a failure, whatever it had passed before.
  if [ -z "$f" ] || { [ "$code" != 0 ] && [ "$f" = 0 ]; }; then f=1; fi
  if [ "$f" != 0 ] || [ "$code" != 0 ]; then grep -v '^passed ' "$log" || true; fi
  grep -h ' for the tests: ' "$log" | sed 's/^/  /' || true
  echo "$name: ${p:-0} passed, $f failed${s:+$([ "$s" = 0 ] || echo ", $s skipped")} ($((SECONDS - began)) s)"
  passed=$((passed + ${p:-0})) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
}

# The stories in a browser last: a broken part shows more plainly in its own project.
for project in $(ls -d tests/*.Tests | xargs -n1 basename | grep -v -x EndToEnd.Tests) EndToEnd.Tests; do
  selected "$project" || continue
  if [ "$project" = AppHost.Tests ] && [ -n "$absent" ]; then echo "$project: left out, $absent"; continue; fi
  began=$SECONDS
  run "$project"
done

# Whoever adds a test sees here what the run's time goes to.
echo "Slowest:"
sed -nE 's/^passed (WalkTalk\.)?(.*) \(([^()]*)\)$/\3|\2/p' "$scratch"/*.log 2> /dev/null | awk -F'|' '{
  seconds = 0; parts = split($1, part, " ")
  for (i = 1; i <= parts; i++) seconds += part[i] * (part[i] ~ /ms$/ ? 0.001 : part[i] ~ /s$/ ? 1 : 60)
  printf "%8.1f s  %s\n", seconds, $2 }' | sort -rn | sed 8q || true

echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ]
