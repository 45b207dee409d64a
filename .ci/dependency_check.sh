#!/bin/sh
# Scratch apps that depend on the package: by path (debug), and by the tag of a clone (release), each on products of its
# own. An app of indicators links neither BLAS nor FFTW. Needs no network.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

app() { # folder, dependency, package identity, product; the program comes from standard input
  mkdir -p "$1/Sources/App"
  cat >"$1/Package.swift" <<END
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "app", platforms: [.macOS(.v15)],
  dependencies: [$2],
  targets: [
    .executableTarget(name: "App", dependencies: [.product(name: "$4", package: "$3")])
  ])
END
  cat >"$1/Sources/App/main.swift"
}

run() { # folder, configuration, what it is
  echo "$3, $2"
  swift run --package-path "$1" -c "$2" -q App
}

app "$folder/by-path" ".package(name: \"martlet\", path: \"$root\", traits: [])" martlet Martlet <<'END'
import Martlet

// Without the traits: own products and transforms.
let matrix: NDArray = [[1.0, 2], [3, 4]]
let swap: NDArray = [[0.0, 1], [1, 0]]
let product = matrix.matmul(swap)
print(product, product.rfft().shape)
precondition(product.doubles == [2, 1, 4, 3])
END
run "$folder/by-path" debug "everything, without traits, by path"

# What is committed becomes the tag.
git clone --quiet "$root" "$folder/martlet"
git -C "$folder/martlet" tag --force 0.1.0 >/dev/null

app "$folder/by-tag" ".package(url: \"file://$folder/martlet\", exact: \"0.1.0\")" martlet MartletIndicators <<'END'
import MartletIndicators

let close = (0..<60).map { bar in
  let step = Double(bar * 37 % 23)
  return 100 + step - Double(bar) / 7
}
let rsi = Series(close).rsi(14).values()
print("rsi", rsi[-1])
precondition(rsi[13].isNaN && rsi[14] > 0 && rsi[-1] < 100)
END
run "$folder/by-tag" release "indicators, by tag"
binary=$(swift build --package-path "$folder/by-tag" -c release --show-bin-path)/App
if command -v readelf >/dev/null; then
  ! readelf -d "$binary" | grep -E 'NEEDED.*(blas|fftw)' || exit 1
  strip -o "$folder/App" "$binary"
  echo "stripped: $(stat -c %s "$folder/App") bytes; it needs" \
    $(readelf -d "$binary" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
fi
