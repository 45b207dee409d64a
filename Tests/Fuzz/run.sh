#!/bin/sh
# Fuzzes the readers of MartletIO for so many seconds (default 60): run.sh [SECONDS [BUILD-FOLDER [SEEDS]]]
# Findings are left in the build folder as crash-*, timeout-* and oom-*. SEEDS is a folder or a file
# pattern in Seeds, such as 'npy-*', to start from instead of all.
set -eu
seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
sources=$(cd "$here/../../Sources" && pwd)
build=${2:-$here/../../.build/fuzz}
pattern=${3:-*}
mkdir -p "$build/corpus" "$build/seeds"
cd "$build"
rm -f seeds/*
for seed in "$here"/Seeds/$pattern; do cp "$seed" seeds/; done
# The kernels as Tests/Native watches them.
"$here/../Native/run.sh" objects
# A kept folder may hold objects of files that are gone.
objects=
for file in "$sources"/CMartletKernels/*.c; do
  objects="$objects $here/../../.build/native/sanitized/kernels/$(basename "$file" .c).o"
done
printf 'module CMartletKernels {\n  umbrella "%s"\n  export *\n}\n' "$sources/CMartletKernels/include" \
  > CMartletKernels.modulemap
modules="-Xcc -fmodule-map-file=$build/CMartletKernels.modulemap"
for map in "$sources"/C*/module.modulemap; do modules="$modules -Xcc -fmodule-map-file=$map"; done
settings="-swift-version 6 -package-name martlet -O -g -parse-as-library -wmo
  -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature ExistentialAny -D LZ4 -D Zstd $modules"
for module in MartletCore MartletArrays; do
  swiftc $settings -sanitize=address -module-name $module -emit-module -emit-object -I . \
    -emit-module-path $module.swiftmodule -o $module.o $(find "$sources/$module/" -name '*.swift')
done
swiftc $settings -sanitize=fuzzer,address -module-name MartletFuzz -I . \
  $(find "$sources/MartletIO/" -name '*.swift') "$here/FuzzTarget.swift" MartletCore.o MartletArrays.o $objects \
  -lz -llz4 -lzstd -lm -o fuzz
exec ./fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 -max_len=4096 \
  -dict="$here/dictionary.txt" -print_final_stats=1 corpus seeds
