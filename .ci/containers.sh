#!/usr/bin/env bash
# Runs a command against a private Docker engine that holds the two test images, and takes the engine away again.
# As root, on Debian or Ubuntu; needs Debian's packages and no container registry.
# usage: .ci/containers.sh COMMAND…
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo "containers.sh: starting a Docker engine needs root" >&2; exit 3; }

export DEBIAN_FRONTEND=noninteractive
if ! command -v dockerd >/dev/null || ! command -v debootstrap >/dev/null || ! command -v docker >/dev/null; then
  apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends docker.io debootstrap < /dev/null > /dev/null
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/walktalk-docker.XXXXXX")
engine=''
stop() {
  trap '' TERM INT
  if [ -n "$engine" ]; then
    docker ps -q 2>/dev/null | xargs -r docker kill > /dev/null 2>&1 || true
    kill -TERM "$engine" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$engine" 2>/dev/null || break; sleep 0.1; done
    kill -KILL -- "-$engine" 2>/dev/null || true
  fi
  # What a killed engine leaves mounted must go before its folder can.
  grep -o " $work/[^ ]*" /proc/mounts 2>/dev/null | sort -r | xargs -r umount -l 2>/dev/null || true
  rm -rf "$work" 2>/dev/null || true
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# A proxy that answers on this machine's loopback is out of a container's reach; builds therefore use the host's network.
export DOCKER_HOST=unix://$work/docker.sock
start_engine() {
  setsid dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/pid" --host "$DOCKER_HOST" "$@" \
    > "$work/dockerd.log" 2>&1 < /dev/null &
  engine=$!
  for _ in $(seq 300); do
    docker version > /dev/null 2>&1 && return 0
    kill -0 "$engine" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
# The overlay driver where the kernel lets it, else the slow one that works anywhere.
if ! start_engine && ! start_engine --storage-driver=vfs; then
  echo "containers.sh: the Docker engine could not start:" >&2
  tail -n 15 "$work/dockerd.log" >&2
  exit 3
fi
echo "Docker engine $(docker version --format '{{.Server.Version}}'), API $(docker version --format '{{.Server.APIVersion}}')"

mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
debootstrap --variant=minbase bookworm "$work/rootfs" ${mirror:+"$mirror"} > "$work/debootstrap.log" 2>&1 \
  || { tail -n 15 "$work/debootstrap.log" >&2; echo "containers.sh: debootstrap failed" >&2; exit 3; }
# The same package settings (mirrors, proxies) as this machine has.
cp -a /etc/apt/apt.conf.d/. "$work/rootfs/etc/apt/apt.conf.d/" 2>/dev/null || true
tar -C "$work/rootfs" -c . | docker import - walktalk-test/debian:bookworm > /dev/null
rm -rf "$work/rootfs"
for image in postgres rabbitmq; do
  DOCKER_BUILDKIT=0 docker build --network=host --tag "walktalk-test/$image" "$here/images/$image" > "$work/$image.log" 2>&1 \
    || { tail -n 20 "$work/$image.log" >&2; echo "containers.sh: image $image could not be built" >&2; exit 3; }
  echo "built walktalk-test/$image"
done

export DOCKER_API_VERSION=1.41 TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
export WALKTALK_TEST_SERVERS=docker WALKTALK_TEST_POSTGRES_IMAGE=walktalk-test/postgres WALKTALK_TEST_RABBITMQ_IMAGE=walktalk-test/rabbitmq
unset WALKTALK_TEST_POSTGRES WALKTALK_TEST_RABBITMQ
"$@"
