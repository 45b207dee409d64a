#!/bin/sh
# Fuzzes the readers of MartletIO for so many seconds (default 60): run.sh [SECONDS [BUILD-FOLDER]]
# Findings are left in the build folder as crash-*, timeout-* and oom-*.
set -eu
seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../Sources
build=${2:-$here/../../.build/fuzz}
mkdir -p "$build/corpus"
cd "$build"
swiftc -swift-version 6 -package-name martlet -O -parse-as-library -module-name MartletArrays -emit-module -emit-object \
  -emit-module-path MartletArrays.swiftmodule -wmo -o MartletArrays.o \
  "$sources"/MartletArrays/Errors/*.swift "$sources"/MartletArrays/NDArray/*.swift \
  "$sources"/MartletArrays/Execution/Buffer.swift
swiftc -swift-version 6 -package-name martlet -O -parse-as-library -wmo -sanitize=fuzzer,address -module-name MartletFuzz \
  -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature InternalImportsByDefault \
  -I . -Xcc -fmodule-map-file="$sources/CMartletZlib/module.modulemap" \
  $(find "$sources/MartletIO/" -name '*.swift') "$here/FuzzTarget.swift" MartletArrays.o -lz -o fuzz
exec ./fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 -max_len=4096 \
  -dict="$here/dictionary.txt" -print_final_stats=1 corpus "$here/Seeds"
