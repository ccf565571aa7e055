#!/usr/bin/env bash
# The platform as separate processes over RabbitMQ and PostgreSQL, for people without Aspire: see --help.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
Usage: ./run-separate.sh [options]
Starts the services and the gateway, each as a process of its own, over RabbitMQ and PostgreSQL. Ctrl-C stops all.

  --services=a,b          only these of booking, feedback, notification, reporting (default: all)
  --port=N                the gateway's port; the services take the next four (default: 5080)
  --data=DIR              keys, logs and the private servers' data (default: walktalk-data/separate)
  --database-prefix=TEXT  put before the databases' names, for more than one platform on a server
  --no-build              start what was built last
  --help                  this text

RabbitMQ and PostgreSQL are those of WALKTALK_RABBITMQ (amqp://user:password@host:port/) and WALKTALK_POSTGRES
(Host=…;Port=…;Username=…;Password=…, a user who may create databases). What is not given is started privately from
the installed binaries and keeps its data in DIR. Every other variable reaches the processes as it is: OTEL_* for
telemetry, Smtp__* and Notify__* for messages, Auth__* for another issuer of staff tokens than the gateway.
TEXT
}

known=(booking feedback notification reporting)
chosen=("${known[@]}") port=5080 data=walktalk-data/separate prefix='' build=yes
for argument in "$@"; do
  case $argument in
    --services=*) IFS=, read -ra chosen <<< "${argument#*=}" ;;
    --port=*) port=${argument#*=} ;;
    --data=*) data=${argument#*=} ;;
    --database-prefix=*) prefix=${argument#*=} ;;
    --no-build) build='' ;;
    --help|-h) usage; exit 0 ;;
    *) echo "run-separate.sh: unknown option $argument" >&2; usage >&2; exit 2 ;;
  esac
done
for service in ${chosen[@]+"${chosen[@]}"}; do
  case " ${known[*]} " in *" $service "*) ;; *) echo "run-separate.sh: there is no service '$service'; known: ${known[*]}" >&2; exit 2 ;; esac
done

project_of() { if [ "$1" = gateway ]; then echo gateway; else echo "services/${1^}"; fi; }
address_of() {
  local i
  if [ "$1" = gateway ]; then echo "http://localhost:$port"; return; fi
  for i in "${!known[@]}"; do if [ "${known[$i]}" = "$1" ]; then echo "http://localhost:$((port + 1 + i))"; fi; done
}

if [ -n "$build" ]; then
  for name in ${chosen[@]+"${chosen[@]}"} gateway; do dotnet build "$(project_of "$name")" -v q -nologo < /dev/null; done
fi

# With nothing set up messages go into the inbox, text messages too, and so a mobile number is a contact.
if [ -z "${Contact__Sms-}${Smtp__Host-}${Notify__ApiKey-}" ] && [[ " ${chosen[*]-} " == *' notification '* ]]; then export Contact__Sms=true; fi

mkdir -p "$data/logs"
data=$(cd "$data" && pwd)

# Keys that protect contact data outlive the processes, or what they protected is lost. In production they come from a vault.
key() {
  if [ ! -s "$data/keys/$1" ]; then
    (umask 077; mkdir -p "$data/keys"; head -c 32 /dev/urandom | base64 | tr -d '\n' > "$data/keys/$1")
  fi
  cat "$data/keys/$1"
}
# Booking signs attendance tokens with a key of its own kind; on one line, like any setting.
attendance_key() {
  if [ ! -s "$data/keys/attendance" ]; then
    command -v openssl > /dev/null || { echo "run-separate.sh: openssl is needed once, to make a signing key" >&2; exit 1; }
    (umask 077; mkdir -p "$data/keys"; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 2> /dev/null | tr '\n' ' ' > "$data/keys/attendance")
  fi
  cat "$data/keys/attendance"
}

names=() pids=() servers_pid=''
stop() {
  trap '' TERM INT
  local pid
  for pid in ${pids[@]+"${pids[@]}"}; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in ${pids[@]+"${pids[@]}"}; do
    for _ in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
  if [ -n "$servers_pid" ]; then kill -TERM "$servers_pid" 2>/dev/null || true; wait "$servers_pid" 2>/dev/null || true; fi
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

postgres=${WALKTALK_POSTGRES:-} rabbitmq=${WALKTALK_RABBITMQ:-}
only=()
if [ -n "$rabbitmq" ]; then only=(--only postgres); elif [ -n "$postgres" ]; then only=(--only rabbitmq); fi
if [ -z "$postgres" ] || [ -z "$rabbitmq" ]; then
  echo "Starting private servers …"
  : > "$data/servers"
  # In a session of its own, so that Ctrl-C reaches it only through us, after the services have stopped.
  setsid tests/Fixtures/private-servers.sh --folder "$data/servers-data" --owner $$ ${only[@]+"${only[@]}"} > "$data/servers" 2> "$data/logs/servers.log" < /dev/null &
  servers_pid=$!
  until grep -qx ready "$data/servers"; do
    kill -0 "$servers_pid" 2>/dev/null || { cat "$data/logs/servers.log" >&2; exit 1; }
    sleep 0.2
  done
  [ -n "$postgres" ] || { postgres=$(sed -n 's/^postgres=//p' "$data/servers"); postgres=${postgres%;Database=*}; }
  [ -n "$rabbitmq" ] || rabbitmq=$(sed -n 's/^rabbitmq=//p' "$data/servers")
  rm -f "$data/servers"
fi

# The names are those that Aspire sets. A shell cannot export a name with "-", so env does it.
start() {
  local name=$1 log="$data/logs/$1.log" project
  project=$(project_of "$name")
  shift
  (
    cd "$project"
    exec env "ConnectionStrings__$name-db=$postgres;Database=$prefix$name-db" "ConnectionStrings__rabbitmq=$rabbitmq" \
      "Protection__MasterKey=$(key "$name")" "Protection__TransitKey=$(key transit)" "Data=$data/$name" \
      "OTEL_SERVICE_NAME=$name" "ASPNETCORE_URLS=$(address_of "$name")" "$@" \
      dotnet "bin/Debug/net10.0/WalkTalk.$(basename "${project^}").dll"
  ) > "$log" 2>&1 < /dev/null &
  names+=("$name") pids+=($!)
}

# Before the first process: those that start at the same moment must not each make the shared key.
for name in transit gateway ${chosen[@]+"${chosen[@]}"}; do key "$name" > /dev/null; done

# The gateway forwards to every service; a service knows the others for keys and history that they hand out over HTTP.
addresses=()
for service in ${chosen[@]+"${chosen[@]}"}; do addresses+=("services__${service}__http__0=$(address_of "$service")"); done
for service in ${chosen[@]+"${chosen[@]}"}; do
  own=()
  if [ "$service" = booking ]; then own+=("Attendance__PrivateKey=$(attendance_key)"); fi
  start "$service" ${own[@]+"${own[@]}"} "${addresses[@]}" "Auth__Authority=${Auth__Authority:-$(address_of gateway)}" "Notification__PublicUrl=${Notification__PublicUrl:-$(address_of gateway)}" "Feedback__PublicUrl=${Feedback__PublicUrl:-$(address_of gateway)}"
done
start gateway ${addresses[@]+"${addresses[@]}"}

all_alive() {
  local i
  for i in "${!pids[@]}"; do
    if ! kill -0 "${pids[$i]}" 2>/dev/null; then
      echo "run-separate.sh: ${names[$i]} stopped; the end of its log:" >&2
      tail -n 25 "$data/logs/${names[$i]}.log" >&2
      exit 1
    fi
  done
}
healthy() {
  local answer
  exec 3<> "/dev/tcp/localhost/${1##*:}" || return 1
  printf 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  IFS= read -r -t 10 answer <&3 || answer=''
  exec 3>&-
  [[ $answer == *' 200 '* ]]
}
for name in "${names[@]}"; do
  until (healthy "$(address_of "$name")") 2>/dev/null; do all_alive; sleep 0.2; done
done

for name in "${names[@]}"; do printf '%-13s %s\n' "$name" "$(address_of "$name")"; done
echo "logs          $data/logs"
echo "Ready. Ctrl-C stops all."
while :; do all_alive; sleep 1; done
