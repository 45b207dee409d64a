import Martlet
import Testing

struct SlotAllocatorTests {
  private enum Kind: Int, CaseIterable { case small, wide, block }

  /// Values of three kinds that live for a while, in random order: no two share a slot, a slot keeps its kind, and
  /// there are no more than values of a kind that live at once.
  @Test(arguments: 0..<20 as Range<UInt64>) func livesDoNotMeet(_ seed: UInt64) {
    var random = Generator(state: seed)
    var slots = SlotAllocator<Kind>()
    for _ in 0..<2 {
      var living: [(slot: Int, kind: Kind)] = []
      var most: [Kind: Int] = [:]
      for _ in 0..<300 {
        if !living.isEmpty, Int.random(in: 0..<9, using: &random) < 4 {
          let gone = living.remove(at: Int.random(in: living.indices, using: &random))
          slots.release(gone.slot)
        } else {
          let kind = Kind.allCases.randomElement(using: &random)!
          let slot = slots.take(kind)
          #expect(!living.contains { $0.slot == slot })
          living.append((slot, kind))
          most[kind] = max(most[kind] ?? 0, living.count { $0.kind == kind })
        }
        for value in living { #expect(slots.kind(of: value.slot) == value.kind) }
      }
      #expect(slots.count == most.values.reduce(0, +))
      slots.removeAll()
      #expect(slots.count == 0)
    }
  }

  @Test func theLastOneLeftIsTakenFirst() {
    var slots = SlotAllocator<AnySlot>()
    let taken = (0..<4).map { _ in slots.take(AnySlot()) }
    #expect(taken == [0, 1, 2, 3])
    for slot in [2, 0, 3] { slots.release(slot) }
    let again = (0..<4).map { _ in slots.take(AnySlot()) }
    #expect(again == [3, 0, 2, 4])
  }

  @Test func slotsThatAreNotThereAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var slots = SlotAllocator<AnySlot>()
      slots.release(slots.take(AnySlot()) + 1)
    }
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }
}
