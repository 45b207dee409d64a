import MartletArrays

/// A zone of clocks by its name, as layouts and files have it.
struct NamedZone: Hashable, Sendable {
  /// How layouts call it: `newYork`, `utc`, `+05:30`.
  let name: String
  private let rules: ExchangeZone?
  private let fixed: Int

  static let utc = NamedZone(name: "utc", rules: nil, fixed: 0)

  /// `newYork`, `America/New_York`, `US/Eastern`, `utc`, `+05:30`; nil for anything else.
  init?(_ text: String) {
    let lowercased = text.lowercased()
    if Self.universal.contains(lowercased) {
      self = .utc
      return
    }
    if let known = Self.byName[lowercased] ?? Self.aliases[lowercased].flatMap({ Self.byName[$0] })
    {
      self = known
      return
    }
    var copy = text
    let offset = copy.withUTF8 { bytes -> Int? in
      var reader = ByteReader(bytes)
      guard let seconds = reader.offset(), reader.isAtEnd else { return nil }
      return seconds
    }
    guard let offset else { return nil }
    self.init(name: text, rules: nil, fixed: offset)
  }

  private init(name: String, rules: ExchangeZone?, fixed: Int) {
    (self.name, self.rules, self.fixed) = (name, rules, fixed)
  }

  /// Seconds ahead of UTC at a UTC second.
  func offset(at seconds: Int) -> Int { rules?.offset(at: seconds) ?? fixed }

  /// Zones with changes, by name.
  static let changing: [NamedZone] = ExchangeZone.named.sorted { $0.key < $1.key }.map {
    NamedZone(name: $0.key, rules: $0.value, fixed: 0)
  }

  /// What an error offers.
  static let examples = "utc, newYork, london, tokyo, … or +05:30"

  private static let universal: Set = [
    "utc", "gmt", "z", "etc/utc", "etc/gmt", "zulu", "universal", "uct",
  ]

  private static let byName = Dictionary(
    uniqueKeysWithValues: changing.flatMap { zone in
      [(zone.name.lowercased(), zone), (zone.rules?.name.lowercased() ?? "", zone)]
    })

  private static let aliases = [
    "us/eastern": "newyork", "america/toronto": "newyork", "america/detroit": "newyork",
    "eastern": "newyork", "est5edt": "newyork", "us/central": "chicago", "central": "chicago",
    "cst6cdt": "chicago", "europe/amsterdam": "paris", "europe/brussels": "paris",
    "europe/madrid": "paris", "europe/rome": "paris", "europe/milan": "paris",
    "europe/vienna": "frankfurt", "met": "frankfurt", "asia/calcutta": "mumbai", "japan": "tokyo",
    "hongkong": "hongkong", "prc": "shanghai", "rok": "seoul", "roc": "taipei",
    "singapore": "singapore", "gb": "london", "europe/copenhagen": "stockholm",
    "europe/oslo": "stockholm",
  ]

  /// Seconds ahead of UTC of abbreviations that mean one thing only.
  static let abbreviations: [String: Int] = [
    "EST": -18_000, "EDT": -14_400, "CDT": -18_000, "MST": -25_200, "MDT": -21_600, "PST": -28_800,
    "PDT": -25_200, "CET": 3600, "CEST": 7200, "EET": 7200, "EEST": 10_800, "MSK": 10_800,
    "JST": 32_400, "KST": 32_400, "HKT": 28_800, "SGT": 28_800, "AEST": 36_000, "AEDT": 39_600,
    "NZST": 43_200, "NZDT": 46_800, "WET": 0, "BRT": -10_800,
  ]

  static func == (a: NamedZone, b: NamedZone) -> Bool { a.name == b.name }

  func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
