import CaseStore

/// Two places of which one saw questions that the other did not: a row of `dns-lost-between`.
struct LostBetween {
  var client: String
  /// Queries seen at the one place alone, and never answered; those of them that were refused.
  var lost: Int
  var refused: Int
  /// Those that met nothing: neither an answer nor an error.
  var vanished: Int { max(0, lost - refused) }
  /// Such as `interface 1 of router.pcapng`.
  var seenAt: String
  var missedAt: String
  /// Whether both places are interfaces of one capture: then its own host dropped the questions.
  var isOneCapture: Bool

  /// The rows about a service, those that name the place best first.
  static func rows(_ rows: [SQLRow], about key: ServiceKey) -> [LostBetween] {
    rows.filter { row in
      row["server"].text == key.address && key.clock == 0 && key.port == 53
        && row["transport"].text == (key.ipProtocol == 6 ? "tcp" : "udp")
    }.compactMap(LostBetween.init).enumerated().sorted { left, right in
      left.element.isOneCapture != right.element.isOneCapture
        ? left.element.isOneCapture : left.offset < right.offset
    }.map(\.element)
  }

  private init?(_ row: SQLRow) {
    guard let client = row["client"].text, let lost = row["lost"].integer,
      let seen = row["seen_name"].text, let missed = row["missed_name"].text
    else { return nil }
    isOneCapture = row["seen_capture_id"] == row["missed_capture_id"]
    self.client = TabularOutput.harmless(client)
    self.lost = max(0, Int(clamping: lost))
    refused = max(0, Int(clamping: row["refused"].integer ?? 0))
    let names = [seen, missed].map(TabularOutput.harmless)
    seenAt =
      isOneCapture ? "interface \(row["seen_interface"].integer ?? 0) of \(names[0])" : names[0]
    missedAt =
      isOneCapture ? "interface \(row["missed_interface"].integer ?? 0) of \(names[1])" : names[1]
  }

  /// Such as `between interface 1 of router.pcapng and interface 0 of router.pcapng`.
  var place: String { "between \(seenAt) and \(missedAt)" }
}
