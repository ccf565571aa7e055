#!/usr/bin/env bash
# A private PostgreSQL and a private RabbitMQ from installed binaries: loopback only, free ports, own folder.
# Prints "postgres=…" and "rabbitmq=…" (connection strings) and then "ready", runs until it is told to stop
# (TERM, INT) or its owner is gone, and takes both servers with it. As root PostgreSQL runs as user postgres,
# because it refuses root.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: private-servers.sh [--folder DIR] [--owner PID] [--volatile] [--only postgres|rabbitmq] [--check]
  --folder DIR   keep the data there; without it a new folder under $TMPDIR, removed at the end
  --owner PID    stop when that process is gone (default: the parent)
  --volatile     no fsync: faster, for tests that are not about durability
  --only NAME    one of the two
  --check        only say whether the binaries are there (exit 0) or what to install (exit 1)
TEXT
}

folder='' owner=$PPID volatile='' only='' check=''
while [ $# -gt 0 ]; do
  case $1 in
    --folder) folder=$2; shift ;;
    --owner) owner=$2; shift ;;
    --volatile) volatile=yes ;;
    --only) only=$2; shift ;;
    --check) check=yes ;;
    --help|-h) usage; exit 0 ;;
    *) echo "private-servers.sh: unknown option $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

wants() { [ -z "$only" ] || [ "$only" = "$1" ]; }

postgres_bin() {
  local newest
  newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
  if [ -n "$newest" ] && [ -x "$newest/initdb" ]; then echo "$newest"
  elif command -v initdb >/dev/null; then dirname "$(readlink -f "$(command -v initdb)")"
  fi
}

# Debian's wrapper in /usr/sbin changes the user and hides the log, so the script behind it comes first.
rabbitmq_server() {
  if [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then echo /usr/lib/rabbitmq/bin/rabbitmq-server
  else command -v rabbitmq-server || true
  fi
}

missing=()
if wants postgres; then [ -n "$(postgres_bin)" ] || missing+=("PostgreSQL (Debian/Ubuntu: apt-get install postgresql)"); fi
if wants rabbitmq; then
  { [ -n "$(rabbitmq_server)" ] && command -v epmd >/dev/null; } || missing+=("RabbitMQ (Debian/Ubuntu: apt-get install rabbitmq-server)")
fi
if [ ${#missing[@]} -gt 0 ]; then
  printf 'not installed: %s\n' "${missing[@]}" >&2
  exit 1
fi
[ -z "$check" ] || exit 0

temporary=''
if [ -z "$folder" ]; then
  temporary=yes
  folder=$(mktemp -d "${TMPDIR:-/tmp}/walktalk-servers.XXXXXX")
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
chmod 755 "$folder"

if [ ! -s "$folder/password" ]; then
  (umask 077; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' > "$folder/password")
fi
password=$(cat "$folder/password")

# Below the range the kernel hands out by itself; what answers is taken.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

postgres_pid='' rabbitmq_pid='' epmd_pid=''

stop() {
  trap '' TERM INT HUP
  if [ -n "$postgres_pid" ]; then
    # Fast shutdown goes to the postmaster alone; it tells its own children.
    kill -INT "$(head -1 "$folder/postgres/data/postmaster.pid" 2>/dev/null || echo "$postgres_pid")" 2>/dev/null || true
  fi
  [ -z "$rabbitmq_pid" ] || kill -TERM "$rabbitmq_pid" 2>/dev/null || true
  local waited=0
  for pid in $postgres_pid $rabbitmq_pid; do
    while kill -0 "$pid" 2>/dev/null && [ $waited -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
    kill -KILL -- "-$pid" 2>/dev/null || true
  done
  [ -z "$epmd_pid" ] || kill -KILL "$epmd_pid" 2>/dev/null || true
  [ -z "$temporary" ] || rm -rf "$folder"
}
trap stop EXIT
trap 'exit 143' TERM HUP
trap 'exit 130' INT

fail() { echo "private-servers.sh: $1" >&2; tail -n 20 "$2" >&2 || true; exit 1; }

start_postgres() {
  local bin home=$folder/postgres port as=()
  bin=$(postgres_bin)
  mkdir -p "$home"
  if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); chown postgres "$home"; fi
  cd "$home"
  if [ ! -s data/PG_VERSION ]; then
    install -m 600 "$folder/password" initial-password
    if [ "$(id -u)" = 0 ]; then chown postgres initial-password; fi
    "${as[@]}" "$bin/initdb" -D "$home/data" -U walktalk --pwfile="$home/initial-password" --auth-host=scram-sha-256 \
      -E UTF8 --locale=C.UTF-8 ${volatile:+--no-sync} > "$home/initdb.log" 2>&1 || fail 'initdb failed' "$home/initdb.log"
    rm -f initial-password
  fi
  port=$(free_port)
  local options=(-p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400)
  if [ -n "$volatile" ]; then options+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off); fi
  setsid "${as[@]}" "$bin/postgres" -D "$home/data" "${options[@]}" > "$folder/postgres.log" 2>&1 < /dev/null &
  postgres_pid=$!
  postgres_line="postgres=Host=127.0.0.1;Port=$port;Username=walktalk;Password=$password;Database=postgres"
  postgres_ready() { "$(postgres_bin)/pg_isready" -q -h 127.0.0.1 -p "$1"; }
  postgres_port=$port
}

start_rabbitmq() {
  local home=$folder/rabbitmq port name
  mkdir -p "$home/home" "$home/data" "$home/log"
  port=$(free_port); epmd_port=$(free_port)
  rm -f "$home"/log/*.log
  # The node's name stays with its data; a second node elsewhere has an epmd of its own, so names cannot clash.
  name=walktalk@localhost
  printf '%s' "$password" > "$home/home/.erlang.cookie.new"
  chmod 400 "$home/home/.erlang.cookie.new"
  mv -f "$home/home/.erlang.cookie.new" "$home/home/.erlang.cookie"
  echo '[].' > "$home/enabled_plugins"
  : > "$home/rabbitmq-env.conf"
  cat > "$home/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$port
default_user = walktalk
default_pass = $password
log.file.level = info
CONF
  ERL_EPMD_ADDRESS=127.0.0.1 setsid epmd -port "$epmd_port" > "$home/epmd.log" 2>&1 < /dev/null &
  epmd_pid=$!
  # Erlang's schedulers would spin while idle; on a small machine that time belongs to the tests.
  HOME=$home/home \
  ERL_EPMD_PORT=$epmd_port ERL_EPMD_ADDRESS=127.0.0.1 \
  RABBITMQ_NODENAME=$name RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT=$port RABBITMQ_DIST_PORT=$(free_port) \
  RABBITMQ_MNESIA_BASE=$home/data RABBITMQ_LOG_BASE=$home/log RABBITMQ_PID_FILE=$home/pid \
  RABBITMQ_CONFIG_FILE=$home/rabbitmq.conf RABBITMQ_ADVANCED_CONFIG_FILE=$home/advanced.config \
  RABBITMQ_CONF_ENV_FILE=$home/rabbitmq-env.conf RABBITMQ_ENABLED_PLUGINS_FILE=$home/enabled_plugins \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none' \
    setsid "$(rabbitmq_server)" > "$folder/rabbitmq.log" 2>&1 < /dev/null &
  rabbitmq_pid=$!
  rabbitmq_line="rabbitmq=amqp://walktalk:$password@127.0.0.1:$port/"
}

alive_or_fail() { kill -0 "$1" 2>/dev/null || fail "$2 stopped while starting" "$3"; }

if wants rabbitmq; then start_rabbitmq; fi
if wants postgres; then start_postgres; fi
if wants postgres; then
  for _ in $(seq 300); do postgres_ready "$postgres_port" && break; alive_or_fail "$postgres_pid" PostgreSQL "$folder/postgres.log"; sleep 0.1; done
  postgres_ready "$postgres_port" || fail 'PostgreSQL was not ready after 30 s' "$folder/postgres.log"
  echo "$postgres_line"
fi
if wants rabbitmq; then
  for _ in $(seq 900); do
    grep -qs 'Server startup complete' "$folder"/rabbitmq/log/*.log && break
    alive_or_fail "$rabbitmq_pid" RabbitMQ "$folder/rabbitmq.log"; sleep 0.1
  done
  grep -qs 'Server startup complete' "$folder"/rabbitmq/log/*.log || fail 'RabbitMQ was not ready after 90 s' "$folder/rabbitmq.log"
  echo "$rabbitmq_line"
fi
echo ready

while kill -0 "$owner" 2>/dev/null; do
  for pid in $postgres_pid $rabbitmq_pid; do
    kill -0 "$pid" 2>/dev/null || { echo "private-servers.sh: a server stopped by itself; see $folder/*.log" >&2; exit 1; }
  done
  sleep 0.5
done
