/// The host names that one printed capture uses instead of addresses, each with a number.
///
/// The table stays in memory until the capture ends, so that it has room for no more than
/// `most` names and `mostOctets` octets: the busiest resolver's log of a day names fewer hosts,
/// while a text can be made that names another in every line.
public struct HostNames: Sendable {
  /// The most names that are numbered.
  static let most = 262_144
  /// The most octets that they have in all.
  static let mostOctets = 16 << 20

  private var numbers: [String: Int] = [:]
  private var octets = 0
  /// The names in the order of their numbers.
  public private(set) var names: [String] = []
  /// How often a name was met that got no number.
  public private(set) var refusals: Int64 = 0

  public init() {}

  /// The number of `name`, which is given one when it has none yet; `nil` when the table is full.
  public mutating func number(of name: String) -> Int? {
    if let known = numbers[name] { return known }
    guard names.count < Self.most, name.utf8.count <= Self.mostOctets - octets else {
      refusals += 1
      return nil
    }
    octets += name.utf8.count
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }
}
