import Martlet
import Testing

@testable import MartletNetworks

/// A layout that breaks a rule is found out; every other test of networks in a debug build shows that real ones keep
/// them.
struct NetworkRulesTests {
  private static func layout() -> (NetworkLayout, first: Int, second: Int) {
    var builder = NetworkBuilder([.rows(width: 8)])
    let x = builder.inputActivations[0]
    let a = builder.softmax(x)
    let b = builder.softmax(builder.add(builder.activate(a, .tanh), x))
    let out = builder.add(builder.softmax(b), a)
    let operations = Fusion.fused(builder, keeping: [out.id])
    var layout = NetworkLayout(operations, builder.values, kept: [out.id])
    layout.run()
    return (layout, a.id, b.id)
  }

  @Test func brokenLayoutsAreFound() {
    let (whole, a, b) = Self.layout()
    #expect(whole.problem == nil)
    var layout = whole
    layout.positions[a].slot = layout.positions[b].slot
    #expect(layout.problem?.contains("another has") == true, "\(layout.problem ?? "nothing")")
    layout = whole
    layout.positions[a].column = 100
    #expect(layout.problem?.contains("does not fit") == true)
    layout = whole
    layout.positions[a].slot = 99
    #expect(layout.problem?.contains("has no place") == true)
    layout = whole
    layout.positions[b].isBlock.toggle()
    #expect(layout.problem?.contains("does not fit") == true)
    layout = whole
    layout.groups.removeLast()
    #expect(layout.problem?.contains("steps are in groups") == true)
    layout = whole
    layout.groups.append(layout.groups[0])
    #expect(layout.problem?.contains("begins at step") == true)
  }
}
