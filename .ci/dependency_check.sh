#!/bin/sh
# A scratch app that depends on the package: by path (debug), and by the tag of a clone (release).
# Needs no network.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

app() { # folder, dependency, package identity
  mkdir -p "$1/Sources/App"
  cat >"$1/Package.swift" <<END
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "app", platforms: [.macOS(.v15)],
  dependencies: [$2],
  targets: [
    .executableTarget(name: "App", dependencies: [.product(name: "Martlet", package: "$3")])
  ])
END
  cat >"$1/Sources/App/main.swift" <<'END'
import Martlet

let close = (0..<60).map { bar in
  let step = Double(bar * 37 % 23)
  return 100 + step - Double(bar) / 7
}
let rsi = Series(close).rsi(14).values()
print("rsi", rsi[-1])
precondition(rsi[13].isNaN && rsi[14] > 0 && rsi[-1] < 100)
END
}

run() { # folder, configuration, what it is
  echo "$3, $2"
  swift run --package-path "$1" -c "$2" -q App
}

app "$folder/by-path" ".package(name: \"martlet\", path: \"$root\")" martlet
run "$folder/by-path" debug "by path"

# What is committed becomes the tag.
git clone --quiet "$root" "$folder/martlet"
git -C "$folder/martlet" tag --force 0.1.0 >/dev/null

app "$folder/by-tag" ".package(url: \"file://$folder/martlet\", exact: \"0.1.0\")" martlet
run "$folder/by-tag" release "by tag"
