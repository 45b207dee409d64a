import CMartletKernels
import Martlet
import Testing

/// What a kernel keeps of bars that are gone or undefined.
struct MemoryTests {
  private static let windowed = KernelCase.all.filter {
    (Kernel.rollingSum.rawValue...Kernel.rescaledRange.rawValue).contains($0.kernel.rawValue)
      && $0.i[0] < 60
  }

  private static let recurrences = KernelCase.all.filter {
    [
      .average, .gainLossAverages, .adaptiveAverage, .kaufmanAverage, .cumulativeSum,
      .cumulativeProduct, .restartingMaximum, .parabolicSar, .superTrend, .dominantCycle,
      .cyclePhase, .zigZag,
    ].contains($0.kernel)
  }

  /// Random walks on every lane of every input.
  private func walks(_ one: KernelCase) -> [[[Double]]] {
    one.inputs.indices.map { k in
      (0..<InputKind.lanes).map { lane in
        Character.walk.series(InputKind.bars, seed: 1_000 * k + lane)
      }
    }
  }

  @Test(arguments: windowed)
  func aWindowForgetsWhatLeavesIt(one: KernelCase) throws {
    let clean = walks(one)
    // Every lane is hit at another bar, so at every place of a block.
    let hit = { (lane: Int) in 66 + lane % 40 }
    // The past of `rollingBelow` does not count the bar itself.
    let length = one.i[0] + (one.kernel == .rollingBelow ? 1 : 0)
    let reference = try one.runner.run(clean.map { Rows($0, size: 8) }, Setup())
    for intruder in [1e15, -1e15, 1e300, .infinity, -.infinity, .nan] {
      for k in clean.indices {
        var dirty = clean
        for lane in 0..<InputKind.lanes { dirty[k][lane][hit(lane)] = intruder }
        let outputs = try one.runner.run(dirty.map { Rows($0, size: 8) }, Setup())
        for lane in 0..<InputKind.lanes {
          for (output, reference) in zip(outputs, reference) {
            let after = hit(lane) + (isOnlyAtItsBar(one, k) ? 1 : length)
            let wrong = (0..<InputKind.bars).first { bar in
              (bar < hit(lane) || bar >= after)
                && output[bar, lane].bitPattern != reference[bar, lane].bitPattern
                && !(output[bar, lane].isNaN && reference[bar, lane].isNaN)
            }
            #expect(wrong == nil, "\(intruder) in input \(k) at \(hit(lane)), lane \(lane)")
          }
          guard intruder.isNaN && !isOnlyAtItsBar(one, k) else { continue }
          // Of a pair each input has an output of its own.
          let output = outputs[one.kernel == .rollingPair ? k : 0]
          let defined = (hit(lane)..<hit(lane) + length).first { !output[$0, lane].isNaN }
          #expect(defined == nil, "undefined in input \(k), lane \(lane)")
        }
      }
    }
  }

  /// The mean a deviation is taken from is one bar, not a window.
  private func isOnlyAtItsBar(_ one: KernelCase, _ input: Int) -> Bool {
    one.kernel == .rollingDeviation && input == 1
  }

  @Test(arguments: recurrences)
  func aRecurrenceSkipsUndefinedBars(one: KernelCase) throws {
    let clean = walks(one)
    let compact = try one.runner.run(clean.map { Rows($0, size: 8) }, Setup())
    for gap in [Double.nan, .infinity, -.infinity] {
      // Lane by lane, bars are pushed apart at other places.
      let places = (0..<InputKind.lanes).map { lane in
        (0..<InputKind.bars).filter { ($0 * 7 + lane) % 11 > 2 }
      }
      var spread = clean
      for k in clean.indices {
        for lane in 0..<InputKind.lanes {
          var values = [Double](repeating: gap, count: InputKind.bars)
          for (bar, place) in places[lane].enumerated() { values[place] = clean[k][lane][bar] }
          spread[k][lane] = values
        }
      }
      let outputs = try one.runner.run(spread.map { Rows($0, size: 8) }, Setup())
      for (output, compact) in zip(outputs, compact) {
        for lane in 0..<InputKind.lanes {
          var bar = 0
          var wrong: Int?
          for place in 0..<InputKind.bars {
            var want = Double.nan
            if bar < places[lane].count && places[lane][bar] == place {
              want = compact[bar, lane]
              bar += 1
            }
            let got = output[place, lane]
            if got.bitPattern != want.bitPattern && !(got.isNaN && want.isNaN) {
              wrong = wrong ?? place
            }
          }
          #expect(wrong == nil, "lane \(lane), gaps of \(gap)")
        }
      }
    }
  }

  /// Extrema that are told that nothing undefined comes in find what the careful ones find.
  @Test(arguments: windowed.filter { $0.kernel.distinguishesDefined })
  func definedValuesNeedNoCheck(one: KernelCase) throws {
    var trusting = one
    trusting.i[1] = 1
    let clean = walks(one).map { Rows($0, size: 8) }
    let careful = try one.runner.run(clean, Setup())
    let quick = try trusting.runner.run(clean, Setup())
    for (a, b) in zip(careful, quick) {
      for lane in 0..<InputKind.lanes { #expect(sameValues(a.lane(lane), b.lane(lane))) }
    }
  }

  private func sameValues(_ a: [Double], _ b: [Double]) -> Bool {
    zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }
}
