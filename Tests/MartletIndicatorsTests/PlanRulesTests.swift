import CMartletKernels
import Martlet
import TestSupport
import Testing

/// Plans keep their rules, and a plan that breaks one is found out.
struct PlanRulesTests {
  static let bars = Bars.unconnected
  static let shapes = [1, 8, 64].flatMap { width in
    [false, true].flatMap { inPlace in
      ElementType.reals.map {
        ProgramShape(
          width: width, rows: inPlace ? nil : 8, element: $0, readsInputsInPlace: inPlace)
      }
    }
  }

  @Test func everyPlanKeepsThem() throws {
    var plans = try Choices.all().map { $0.series(of: Self.bars) }
    plans += Pattern.all.map { [Self.bars.pattern($0)] }
    plans += (0..<300).map { [RandomFormula.make(9000 + $0, Self.bars).series] }
    plans += [plans.flatMap { $0 }]
    for plan in plans {
      let schedule = Schedule(plan.map(\.value))
      #expect(ScheduleRules(schedule).problem == nil)
      for shape in Self.shapes {
        #expect(LayoutRules(Layout(schedule, shape), schedule, shape).problem == nil)
      }
    }
  }

  static let schedule = Schedule(
    [
      bars.close.rsi(14), bars.close.macd().histogram, bars.close.linReg(20).forecast.shift(3),
      Recurrence(seed: bars.close) { 0.5 * $0 + 0.5 * bars.close.sma(3) }.series,
      bars.close.rollingMedian(5),
    ].map(\.value))

  /// What is broken, and a word of what is found.
  static let breaks: [(String, @Sendable (inout ScheduleRules) -> Void)] = [
    ("before", { $0.steps.swapAt(0, $0.steps.count - 2) }),
    ("nothing makes", { $0.inputSlots = [] }),
    ("is there twice", { $0.constantSlots += $0.inputSlots }),
    ("made already", { $0.steps[1].outputs = $0.steps[0].outputs }),
    ("bars ahead", { $0.steps[0].inputs[0].lag = -1 }),
    ("inputs", { $0.steps[0].inputs.removeLast() }),
    ("results are made", { $0.lookbacks.append(3) }),
    (
      "a loop of",
      { rules in
        for k in rules.steps.indices {
          if case .loop = rules.steps[k].action { rules.steps[k].action = .loop(1000) }
        }
      }
    ),
    (
      "begins at bar",
      { rules in
        let late = rules.steps.indices.first { rules.steps[$0].start > 0 }!
        rules.steps[late].start = 0
      }
    ),
  ]

  @Test(arguments: breaks.indices)
  func aBrokenScheduleIsFound(number: Int) {
    var rules = ScheduleRules(Self.schedule)
    #expect(rules.problem == nil)
    let (word, spoil) = Self.breaks[number]
    spoil(&rules)
    #expect(rules.problem?.contains(word) == true, "\(rules.problem ?? "nothing found")")
  }

  static let layoutBreaks: [(String, @Sendable (inout LayoutRules) -> Void)] = [
    ("in two hands", { $0.regions[1] = $0.regions[0] }),
    ("no state of its own", { $0.regions.removeAll { $0.rows == 3 } }),
    ("bytes of state", { $0.stateBytes -= 64 }),
    ("a register of", { $0.registerBytes = 64 }),
    ("another lag", { $0.references[0].lag += 1 }),
    ("steps for", { $0.steps.removeLast() }),
    (
      "writes over",
      { rules in
        // Every register is the first one.
        let registers = rules.references.indices.filter { rules.references[$0].space == 0 }
        let first = rules.references[registers[0]].offset
        for k in registers { rules.references[k].offset = first }
      }
    ),
  ]

  @Test(arguments: layoutBreaks.indices)
  func aBrokenLayoutIsFound(number: Int) {
    let shape = ProgramShape(width: 8, rows: 8, element: .float64, readsInputsInPlace: false)
    var rules = LayoutRules(Layout(Self.schedule, shape), Self.schedule, shape)
    #expect(rules.problem == nil)
    let (word, spoil) = Self.layoutBreaks[number]
    spoil(&rules)
    #expect(rules.problem?.contains(word) == true, "\(rules.problem ?? "nothing found")")
  }
}
