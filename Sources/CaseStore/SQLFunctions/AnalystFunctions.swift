import Foundation
import GRDB
import PacketDecoding

/// The functions that ad hoc statements may call beside SQLite's own: SCHEMA.md, "Functions", says
/// what each takes and answers. Views and shipped investigations need none of them.
///
/// Each is bounded by what SQLite holds of its arguments, and none traps, whatever they are.
extension CaseReader {
  /// Adds the functions to this connection.
  ///
  /// - Parameter hexDump: The octets of a packet in hexadecimal; `nil` where there are none. It must
  ///   not ask this reader anything.
  /// - Throws: `CaseError`.
  public func addFunctions(hexDump: @escaping (_ packetID: Int64) -> String?) throws {
    try configure { database in
      try database.addFunction("ip_in", arguments: 2, AnalystFunction.isInNetwork)
      try database.addFunction("ip_is_private", arguments: 1, AnalystFunction.isPrivate)
      try database.addFunction("domain_parent", arguments: 2, AnalystFunction.domainParent)
      try database.addFunction("entropy", arguments: 1, AnalystFunction.entropy)
      try database.addFunction("time", arguments: 1, AnalystFunction.time)
      try database.addAggregate("percentile", arguments: 2) { Percentile() }
      // What a source gives can change, so that it is no function of its argument alone.
      try database.addFunction("hexdump", arguments: 1, isPure: false) { call in
        switch call.kind(0) {
        case .null: break
        case .integer: if let text = hexDump(call.integer(0)) { call.answer(text) }
        default: call.fail("hexdump: takes a packet_id, which is an integer")
        }
      }
    }
  }

  /// The names of these functions, with their arguments.
  public static let functionNames = [
    "ip_in(address, network)", "ip_is_private(address)", "domain_parent(name, labels)",
    "entropy(text)", "time(ts)", "percentile(value, p)", "hexdump(packet_id)",
  ]
}

private enum AnalystFunction {
  static func isInNetwork(_ call: FunctionCall) {
    guard call.kind(0) != .null, call.kind(1) != .null else { return }
    var network = call.kept(1, as: NetworkPrefix.self)
    if network == nil {
      network = call.withOctets(1) { NetworkPrefix(text: $0) }
      if let network { call.keep(network, 1) }
    }
    guard let network else {
      return call.fail(
        "ip_in: '\(call.text(1).prefix(60))' is no network; write it as 192.0.2.0/24 or "
          + "2001:db8::/32")
    }
    guard let address = call.withOctets(0, { NetworkAddress(text: $0) }) else { return }
    call.answer(network.contains(address))
  }

  static func isPrivate(_ call: FunctionCall) {
    guard call.kind(0) != .null, let address = call.withOctets(0, { NetworkAddress(text: $0) })
    else { return }
    call.answer(address.isPrivate)
  }

  static func domainParent(_ call: FunctionCall) {
    guard call.kind(0) != .null, call.kind(1) != .null else { return }
    guard call.kind(1) == .integer, call.integer(1) >= 1 else {
      return call.fail("domain_parent: takes a number of labels from 1")
    }
    call.answer(parent(of: call.octets(0), labels: call.integer(1)))
  }

  /// The last labels of a name, without its final dot. A dot behind a backslash parts no labels:
  /// RFC 1035, section 5.1.
  private static func parent(of name: [UInt8], labels: Int64) -> String {
    var dots: [Int] = []
    var index = 0
    while index < name.count {
      if name[index] == UInt8(ascii: "\\") {
        index += 1
      } else if name[index] == UInt8(ascii: ".") {
        dots.append(index)
      }
      index += 1
    }
    // The root alone keeps its dot.
    if name.count == 1 && dots == [0] { return "." }
    var end = name.count
    if dots.last == name.count - 1 {
      end = name.count - 1
      dots.removeLast()
    }
    let start = labels <= dots.count ? dots[dots.count - Int(labels)] + 1 : 0
    return String(decoding: name[min(start, end)..<end], as: UTF8.self)
  }

  static func entropy(_ call: FunctionCall) {
    guard call.kind(0) != .null else { return }
    var counts = [Int](repeating: 0, count: 256)
    for octet in call.octets(0) { counts[Int(octet)] += 1 }
    if call.kind(0) != .blob, counts[128...].contains(where: { $0 > 0 }) {
      var scalars: [Unicode.Scalar: Int] = [:]
      for scalar in call.text(0).unicodeScalars { scalars[scalar, default: 0] += 1 }
      counts = Array(scalars.values)
    }
    let total = Double(counts.reduce(0, +))
    // In the order of the counts, so that equal texts give the same bits of the sum.
    call.answer(
      counts.filter { $0 > 0 }.sorted().reduce(0.0) { sum, count in
        let share = Double(count) / total
        return sum - share * log2(share)
      })
  }

  static func time(_ call: FunctionCall) {
    switch call.kind(0) {
    case .null: break
    case .integer: call.answer(TimeText.text(of: call.integer(0), basis: .utc))
    // What SQLite's time() is, in its own words.
    default: call.answer(asSQL: "SELECT strftime('%H:%M:%S', ?1)")
    }
  }
}

/// `percentile(value, p)`: linear interpolation between the two values closest to rank
/// p / 100 × (n − 1), as numpy's default and SQLite's extension of that name have it.
private final class Percentile: Aggregate {
  /// 128 MiB of values.
  private static let mostValues = 16_777_216

  private var values: [Double] = []
  private var percent: Double?
  private var hasFailed = false

  func add(_ call: FunctionCall) {
    guard !hasFailed else { return }
    func fail(_ message: String) {
      hasFailed = true
      values = []
      call.fail("percentile: \(message)")
    }
    let given = call.real(1)
    guard [.integer, .real].contains(call.kind(1)), given >= 0, given <= 100 else {
      return fail("takes a percentage from 0 to 100")
    }
    if let percent, percent != given { return fail("takes one percentage for all rows of a group") }
    percent = given
    switch call.kind(0) {
    case .null: return
    case .integer, .real: values.append(call.real(0))
    case .text, .blob: return fail("takes numbers; of text, say CAST (… AS REAL)")
    }
    if values.count > Self.mostValues {
      fail("takes at most \(Self.mostValues) values in a group; choose a part of the rows")
    }
  }

  func finish(_ call: FunctionCall) {
    guard let percent, !values.isEmpty else { return }
    values.sort()
    let rank = percent / 100 * Double(values.count - 1)
    let lower = min(max(0, Int(rank)), values.count - 1)
    let upper = min(lower + 1, values.count - 1)
    let share = rank - Double(lower)
    // Equal ends need no way between them, which infinite ones have not.
    call.answer(
      share == 0 || values[lower] == values[upper]
        ? values[lower] : values[lower] + (values[upper] - values[lower]) * share)
  }
}
