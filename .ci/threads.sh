#!/bin/sh
# The tests that share memory between threads, under the thread sanitizer: workers, lazy arrays, random graphs,
# sessions, panels, streams and the modes of the catalog.
set -eu
cd "$(dirname "$0")/.."
log=.build/thread.log
mkdir -p .build
swift build --build-tests --sanitize=thread --scratch-path .build/thread >$log 2>&1 || { tail -n 40 $log; exit 1; }
export TSAN_OPTIONS="suppressions=$PWD/.ci/threads.txt"
suites='WorkersTests|CrewTests|LazyArrayTests|RandomGraphTests|CatalogModesTests|SessionTests|StreamStateTests|PanelTests|LivePredictorTests'
# A graph of many thousand nodes is one thread's work, and takes minutes here.
if ! swift test --skip-build --sanitize=thread --scratch-path .build/thread --filter "$suites" \
  --skip aDeepGraphIsNoTrouble >$log 2>&1 || grep -q 'WARNING: ThreadSanitizer' $log; then
  grep -A 40 -m 3 -E 'WARNING: ThreadSanitizer|✘' $log || tail -n 40 $log
  exit 1
fi
grep 'Test run with' $log
