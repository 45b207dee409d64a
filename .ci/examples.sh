#!/bin/sh
# Builds the example programs, runs each on small data, compares the modes, and refuses bad input.
set -eu
cd "$(dirname "$0")/.."
make examples
bin=$(swift build -c release --package-path Examples --show-bin-path)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 .ci/small_market.py "$folder/market.csv"
gzip -k "$folder/market.csv"

python3 .ci/samples_check.py "$bin"
"$bin/catalog"
"$bin/catalog" --json | python3 -c 'import json, sys; n = len(json.load(sys.stdin)); print(n, "indicators as JSON"); sys.exit(n != 111)'
for what in all patterns features111; do
  "$bin/indicators" --input "$folder/market.csv" --indicators "$what" --output "$folder/batch.csv"
  for mode in stream chunk:7 chunk:1000; do
    "$bin/indicators" --input "$folder/market.csv.gz" --indicators "$what" --mode "$mode" --output "$folder/$mode.csv" >"$folder/log"
    cmp "$folder/batch.csv" "$folder/$mode.csv"
    echo "$what, --mode $mode: the same file as batch"
  done
  "$bin/indicators" --input "$folder/market.csv" --indicators "$what" --last --output "$folder/last.csv" >"$folder/log"
  for mode in stream chunk:50; do
    "$bin/indicators" --input "$folder/market.csv" --indicators "$what" --last --mode "$mode" --output "$folder/last-$mode.csv" >"$folder/log"
    cmp "$folder/last.csv" "$folder/last-$mode.csv"
    echo "$what, --last --mode $mode: the same file as batch"
  done
done
for type in float64 float32; do
  "$bin/indicators" --input "$folder/market.csv" --indicators "rsi(14),macd(fast=12,slow=26,signal=9)" --dtype "$type" \
    --threads 2 --output "$folder/$type.npz" >"$folder/log"
  "$bin/stream" --input "$folder/market.csv" --indicators all --dtype "$type"
done
symbol=$(sed -n 2p "$folder/market.csv" | cut -d, -f1)
for file in chart.svg chart.html; do
  "$bin/indicators" --input "$folder/market.csv" --indicators "all" --chart "$symbol" --bars 100 --output "$folder/$file"
done
python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$folder/chart.svg"
echo "trend:"
"$bin/trend" --input "$folder/market.csv" --profile lts --top 3 --output "$folder/trend.npz"
"$bin/trend" --input "$folder/market.csv.gz" --robustness wide --scan --top 3 --output "$folder/trend.csv"

echo "backtest:"
"$bin/backtest" --input "$folder/market.csv" --strategy vote --top 2 --costs fee=0.0005 --stop-loss 5% \
  --report "$folder/backtest.html" --output "$folder/backtest.npz"
"$bin/backtest" --input "$folder/market.csv.gz" --strategy sma --grid fast=5:10:5,slow=20:40:20 --top 3 \
  --minimum-trades 5 --trials "$folder/trials.csv" --walk-forward train=120,test=60 --output "$folder/grid.npz"
cp "$folder/trials.csv" "$folder/trials.whole.csv"
head -c $(($(wc -c <"$folder/trials.whole.csv") / 2)) "$folder/trials.whole.csv" >"$folder/trials.csv"
"$bin/backtest" --input "$folder/market.csv.gz" --strategy sma --grid fast=5:10:5,slow=20:40:20 --top 3 \
  --minimum-trades 5 --trials "$folder/trials.csv" --resume > /dev/null
cmp "$folder/trials.csv" "$folder/trials.whole.csv"
echo "models:"
"$bin/predict" --architecture transformer --seed 1 --input "$folder/market.csv" --output "$folder/signals.csv" \
  --write-model "$folder/model.npz" --top 5
"$bin/predict" --model "$folder/model.npz" --input "$folder/market.csv.gz" --threads 1 --output "$folder/again.csv" >"$folder/log"
cmp "$folder/signals.csv" "$folder/again.csv"
echo "the model that was written: the same signals"
"$bin/predict" --model "$folder/model.npz" --input "$folder/market.csv" --quantize int8 --top 3
"$bin/predict" --architecture residual_mlp --symbols 40 --bars 200 --top 3 --by 0
"$bin/predict" --architecture indicator_transformer --symbols 12 --bars 200 --top 3
python3 .ci/small_samples.py "$folder/samples.npz"
"$bin/infer" --model "$folder/model.npz" --input "$folder/samples.npz" --output "$folder/outputs.npz"
"$bin/infer" --model "$folder/model.npz" --input "$folder/samples.npz" --output "$folder/batches.npz" --batch 7 --threads 2
cmp "$folder/outputs.npz" "$folder/batches.npz"
"$bin/infer" --model "$folder/model.npz" --input "$folder/samples.npz" --output "$folder/small.npz" --precision int8
"$bin/demo" --symbols 40 --bars 400
"$bin/demo" --data "$folder/market.csv.gz"
python3 .ci/pages_check.py "$bin"
python3 .ci/bad_input.py "$bin"
