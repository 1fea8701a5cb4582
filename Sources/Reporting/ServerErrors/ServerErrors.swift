import CaseStore

/// A server that answers, but with errors of its own: what there is to tell where no service failed to
/// answer, and what stands beside that where one did.
protocol ServerErrors {
  /// The investigation whose rows tell of them.
  static var investigation: String { get }
  /// Whether a row of it is worth telling.
  static func isTold(_ row: SQLRow) -> Bool
  /// - Parameter row: One that is told; what else there is to say of it is looked up.
  /// - Throws: `SQLFault`.
  init?(_ row: SQLRow, _ reader: CaseReader) throws
  /// What they are, for a title: `errors of the DNS server 192.0.2.53`.
  var title: String { get }
  /// What the server did, with counts.
  var sentence: String { get }
  /// Packets that show it, with what each is.
  var exhibits: [(caption: String, packet: Int64)] { get }
  /// What may be behind it, the likeliest first.
  func causes(_ times: ReportTimes) -> [Report.Cause]
  /// What would decide between them.
  var conclusion: [String] { get }
  /// What to do about it.
  var steps: [Report.Step] { get }
}

/// A server's port, and the host name that it was asked for there.
struct NamedServer {
  var address: String
  var port: Int64
  /// Harmless; `nil` where none was named.
  var name: String?

  /// Such as `192.0.2.80 port 443 (www.example)`.
  var text: String { "\(address) port \(port)" + (name.map { " (\($0))" } ?? "") }

  /// As a URI and `openssl` write it: IPv6 in brackets.
  var authority: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// The servers that investigations found to answer with errors: of each kind those with the most, and how many
/// others there are.
struct FailingServers {
  private(set) var told: [any ServerErrors] = []
  /// What is left out, such as `3 more of tls-failures`.
  private var others: [String] = []

  /// Rows of one investigation that are told.
  private static let mostTold = 5

  /// Those of DNS first, since the others are reached by it.
  ///
  /// - Throws: `SQLFault`.
  init(_ survey: FindingsSurvey, _ reader: CaseReader) throws {
    try add(DNSErrorRate.self, survey, reader)
    try add(TLSFailures.self, survey, reader)
    try add(HTTPErrors.self, survey, reader)
  }

  private mutating func add<Kind: ServerErrors>(
    _ kind: Kind.Type, _ survey: FindingsSurvey, _ reader: CaseReader
  ) throws {
    let rows = survey.rows(of: Kind.investigation)
    let errors = rows.filter(Kind.isTold)
    told += try errors.prefix(Self.mostTold).compactMap { try Kind($0, reader) }
    let left = errors.count - Self.mostTold
    guard left > 0 else { return }
    let isAll = rows.count < FindingsSurvey.mostKept
    others.append("\(isAll ? "" : "at least ")\(grouped(left)) more of \(Kind.investigation)")
  }

  var isEmpty: Bool { told.isEmpty }

  /// What each server did, and how many are left out.
  var sentences: [String] {
    let left =
      others.isEmpty ? [] : ["Left out here: \(listed(others)); 'wirecase run' lists them."]
    return told.map(\.sentence) + left
  }
}
