#!/bin/sh
# Tests that share memory between threads, under the thread sanitizer: workers and their pool, buffers, lazy arrays,
# sessions, panels and forks of a stream. Those of whole catalogs and of random graphs take too long there.
set -eu
cd "$(dirname "$0")/.."
log=.build/thread.log
mkdir -p .build
swift build --build-tests --sanitize=thread --scratch-path .build/thread >$log 2>&1 || { tail -n 40 $log; exit 1; }
# More than there are processors.
export MARTLET_THREADS=4
export TSAN_OPTIONS="suppressions=$PWD/.ci/threads.txt allocator_may_return_null=1"
suites="WorkersTests|WorkerPoolTests|BufferTests|LazyArrayTests|SessionTests|PanelTests|forksRunAtTheSameTime"
# Searches over parameters, whose sets several threads run over one market.
suites="$suites|MartletBacktestingTests.GridTests"
# Graphs of many thousand nodes are one thread's work, and take minutes here.
if ! swift test --skip-build --sanitize=thread --scratch-path .build/thread --filter "$suites" \
  --skip 'aDeepGraphIsNoTrouble|longChainsAreReleased' >$log 2>&1 || grep -q 'WARNING: ThreadSanitizer' $log; then
  grep -A 40 -m 3 -E 'WARNING: ThreadSanitizer|✘' $log || tail -n 40 $log
  exit 1
fi
grep 'Test run with' $log
