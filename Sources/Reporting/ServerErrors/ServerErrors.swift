import CaseStore

/// A server that answers, but with errors of its own: what there is to tell where no service failed to
/// answer, and what stands beside that where one did.
protocol ServerErrors {
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

extension FindingsSurvey {
  /// The servers that investigations found to answer with errors: those of DNS first, since the others are
  /// reached by it.
  ///
  /// - Throws: `SQLFault`.
  func serverErrors(_ reader: CaseReader) throws -> [any ServerErrors] {
    let dns = try rows(of: "dns-error-rates").compactMap { try DNSErrorRate($0, reader) }
    let tls = try rows(of: "tls-failures").compactMap { try TLSFailures($0, reader) }
    let http = try rows(of: "http-error-rates").compactMap { try HTTPErrors($0, reader) }
    return dns + tls + http
  }
}
