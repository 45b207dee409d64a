#!/bin/sh
# The C bodies alone, without Swift, on every instruction set there is:
#   run.sh release     as SwiftPM compiled them for `make test-release`: the hashes must be those of hashes.txt
#   run.sh sanitized   the same under the address and the undefined behaviour sanitizer
#   run.sh objects     only compiles what `sanitized` watches
#   run.sh arm64       the same for arm64, emulated (clang, and the Debian packages of `make setup-ci`)
#   run.sh record      writes hashes.txt anew, after a change that is meant to change bits
# A NaN is a NaN: its sign and payload, which processors choose, do not count.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
what=${1:-release}
work=$root/.build/native/$what

build() { # folder, compiler, flags, …
  make -s -C "$here" -j "$(getconf _NPROCESSORS_ONLN)" BUILD="$root/.build/native/$1" COMPILER="$2" FLAGS="$3" "$4" $5
}

build_release() {
  swift build -c release --package-path "$root" --scratch-path "$root/.build/tests-release" --target CMartletKernels -Xswiftc -enable-testing \
    >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
  bin=$(swift build -c release --package-path "$root" --scratch-path "$root/.build/tests-release" --show-bin-path)
  build release clang -O2 OBJECTS="$(echo "$bin"/CMartletKernels.build/*.o)" ''
}

build_sanitized() { # target
  # What this processor has not is compiled, but not watched: that would take minutes.
  kept=
  if [ -r /proc/cpuinfo ] && ! grep -q avx512vl /proc/cpuinfo; then kept='isa_avx512 network_avx512 network_bfloat16'; fi
  build sanitized clang '-O0 -g -fsanitize=address,undefined -fno-sanitize-recover=all' KEPT="$kept" "$1"
}

# Runs the driver on every instruction set that it finds here.
run() { # driver, what comes before it
  rm -f "$work"/[0-9].txt
  isa=0
  while :; do
    status=0
    ${2:-} "$1" $isa >"$work/$isa.txt" 2>"$work/$isa.log" || status=$?
    if [ $status = 3 ]; then
      rm "$work/$isa.txt"
      return
    fi
    if [ $status != 0 ]; then
      echo "$what: instruction set $isa ended with $status after" >&2
      tail -n 1 "$work/$isa.txt" >&2
      head -n 40 "$work/$isa.log" >&2
      exit 1
    fi
    isa=$((isa + 1))
  done
}

check() {
  for found in "$work"/[0-9].txt; do
    isa=$(basename "$found" .txt)
    # Networks have one hash where products are fused and another where they are not.
    absent=fused
    ! grep -q ' fused ' "$found" || absent=plain
    if ! grep -v " $absent " "$here/hashes.txt" | diff - "$found" >"$work/difference"; then
      echo "$what: on instruction set $isa other hashes (>) than in hashes.txt (<)" >&2
      head -n 40 "$work/difference" >&2
      exit 1
    fi
    echo "instruction set $isa: $(wc -l <"$found") hashes"
  done
}

mkdir -p "$work"
case $what in
release)
  build_release
  run "$root/.build/native/release/driver"
  check
  ;;
sanitized)
  build_sanitized ''
  run "$work/driver"
  check
  ;;
objects) build_sanitized objects ;;
arm64)
  build arm64 'clang --target=aarch64-linux-gnu -static' -O2 KEPT= ''
  run "$work/driver" qemu-aarch64
  check
  ;;
record)
  build_release
  run "$root/.build/native/release/driver"
  # The first has no fused products, the second has.
  { cat "$work/0.txt"; grep ' fused ' "$work/1.txt"; } >"$here/hashes.txt"
  ;;
*)
  sed -n '3,7s/^# *//p' "$0" >&2
  exit 64
  ;;
esac
