import Correlation
import GRDB
import PacketDecoding
import Schema

/// Makes derivations from facts: flows, ICMP links, DNS transactions.
///
/// What a capture says by itself was derived while it was read (`FactBatch`). What several
/// conversations say together is made here, for the keys that they share alone; with every key
/// touched, all derivations are made from nothing, and are the same.
struct Deriving {
  private let database: Database
  private let assembler: FlowAssembler

  init(_ database: Database) throws {
    self.database = database
    assembler = FlowAssembler(knownServices: try Self.knownServices(database))
  }

  /// The ports of known services: `protocol number << 16 | port`.
  static func knownServices(_ database: Database) throws -> Set<UInt32> {
    let rows = try Row.fetchAll(database, sql: "SELECT ip_proto, port FROM lookup_service")
    return Set(
      rows.map { UInt32(clamping: $0[0] as Int64) << 16 | UInt32(clamping: $0[1] as Int64) })
  }

  /// The tables that it fills.
  static let tables = [
    "derived_flow", "derived_flow_member", "derived_dns_transaction", "derived_dns_retry",
    "derived_icmp_link", "derived_duplicate", "derived_clock_offset",
  ]

  /// What a capture brought that derivations follow from.
  struct Addition: Sendable {
    /// The smallest stream id that it added; 0 derives everything anew.
    var firstStream: Int64
    /// Whether its conversations were not written as flows with its facts.
    var isUnassembled = false
    /// Captures whose questions were not matched while they were read.
    var unmatched: [Int64] = []
    /// Further conversation keys whose questions are to be matched anew.
    var keys: Set<Int64> = []
    /// Whether its sightings were told while it was read.
    var areSightingsTold = false
  }

  /// Makes every derivation anew, from the facts alone.
  func deriveEverything() throws {
    for table in Self.tables { try database.execute(sql: "DELETE FROM \(table)") }
    let captures = try Int64.fetchAll(database, sql: "SELECT capture_id FROM fact_capture")
    try derive(Addition(firstStream: 0, unmatched: captures))
  }

  /// Brings the derivations up to date after facts were added.
  func derive(_ addition: Addition) throws {
    try touchNothing(keepingTold: addition.areSightingsTold)
    if addition.isUnassembled { try assembleFlows(from: addition.firstStream) }
    if addition.areSightingsTold { try tellSightingsLeft() }
    try database.execute(
      sql: Schema.deriving(.touched), arguments: ["first_new": addition.firstStream])
    try deriveTouched(addition)
  }

  /// Tells the sightings of the keys that reading left untold, and touches those of which something
  /// else is told than before.
  private func tellSightingsLeft() throws {
    func touch(_ condition: String) throws {
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO touched SELECT conversation_key FROM sighted_key WHERE \(condition)
          """)
    }
    try touch("is_untold = 1")
    try database.execute(sql: Schema.deriving(.touchedStreams))
    try tellDuplicates()
    try touch("is_untold = 0")
  }

  /// Makes the flows of streams that were added with their facts alone, as those of any capture are
  /// while it is read; what its conversations share with others is looked at afterwards.
  private func assembleFlows(from firstStream: Int64) throws {
    try database.execute(
      sql: "INSERT INTO touched_stream SELECT stream_id FROM fact_stream WHERE stream_id >= ?",
      arguments: [firstStream])
    try makeFlows()
    try database.execute(sql: "DELETE FROM touched_stream")
  }

  /// Brings the derivations up to date where `remove` takes the facts of a capture out.
  func deriveWithout(captureID: Int64, _ remove: () throws -> Void) throws {
    try touchNothing()
    try database.execute(
      sql: Schema.deriving(.touchedByRemoval), arguments: ["capture_id": captureID])
    try database.execute(sql: Schema.deriving(.touchedStreams))
    try database.execute(sql: Schema.deriving(.forgetDuplicates))
    try database.execute(sql: Schema.deriving(.forgetFlows))
    try database.execute(sql: Schema.deriving(.forgetQuestions))
    try database.execute(
      sql: Schema.deriving(.forgetLinksOfCapture), arguments: ["capture_id": captureID])
    try remove()
    // No stream is new.
    try deriveTouched(Addition(firstStream: .max))
  }

  /// Derives a part of a case: its captures stand in the temporary table `part`, and the names of
  /// facts and derivations are those of temporary views and empty tables.
  func derivePart() throws {
    try touchNothing()
    try database.execute(sql: Schema.deriving(.isolate))
    // No stream is new; errors without a link, and the touched keys, are what is looked at.
    try deriveTouched(Addition(firstStream: .max))
  }

  /// - Parameter isKept: Whether what was told of sightings while reading stays.
  private func touchNothing(keepingTold isKept: Bool = false) throws {
    if !isKept { try SightingsTold.begin(database) }
    try database.execute(
      sql: """
        CREATE TEMP TABLE IF NOT EXISTS touched (conversation_key INTEGER PRIMARY KEY);
        CREATE TEMP TABLE IF NOT EXISTS touched_stream (stream_id INTEGER PRIMARY KEY);
        CREATE TEMP TABLE IF NOT EXISTS touched_message (packet_id INTEGER PRIMARY KEY);
        CREATE TEMP TABLE IF NOT EXISTS spread_stream (
          stream_id INTEGER PRIMARY KEY, capture_id INTEGER NOT NULL,
          conversation_key INTEGER NOT NULL, is_from_lower INTEGER NOT NULL,
          place INTEGER NOT NULL, is_printed INTEGER NOT NULL);
        CREATE TEMP TABLE IF NOT EXISTS repeated_stream (
          stream_id INTEGER PRIMARY KEY, packets INTEGER NOT NULL, bytes INTEGER,
          payload_bytes INTEGER, event_ts INTEGER, last_event_ts INTEGER);
        PRAGMA temp.cache_size = -16384;
        DELETE FROM touched; DELETE FROM touched_stream; DELETE FROM touched_message;
        DELETE FROM spread_stream; DELETE FROM repeated_stream
        """)
  }

  private func deriveTouched(_ addition: Addition) throws {
    try database.execute(sql: Schema.deriving(.touchedStreams))
    if !addition.areSightingsTold { try tellDuplicates() }
    try database.execute(sql: Schema.deriving(.repeatedStreams))
    try estimateClocks()
    try makeFlows()
    for capture in addition.unmatched {
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO touched
          SELECT conversation_key FROM fact_stream
          WHERE capture_id = ? AND conversation_key IS NOT NULL
          """, arguments: [capture])
    }
    for key in addition.keys {
      try database.execute(sql: "INSERT OR IGNORE INTO touched VALUES (?)", arguments: [key])
    }
    try linkErrors(firstNewStream: addition.firstStream)
    try database.execute(
      sql: Schema.deriving(.touchedByQuotes), arguments: ["first_new": addition.firstStream])
    // More keys are touched by now.
    try database.execute(sql: Schema.deriving(.touchedStreams))
    try database.execute(sql: Schema.deriving(.touchedMessages))
    try matchQuestions()
    try database.execute(sql: Schema.deriving(.unobserved))
    try touchNothing()
  }

  // MARK: - Duplicates

  /// Tells which packets of touched keys were seen before, at another place.
  private func tellDuplicates() throws {
    try database.execute(sql: Schema.deriving(.forgetDuplicates))
    try database.execute(sql: Schema.deriving(.spreadStreams))
    var search = try SightingSearch(database)
    try search.run()
    try database.execute(sql: Schema.deriving(.repetitions))
  }

  /// Estimates how far the clocks of captures that show the same packets are apart.
  private func estimateClocks() throws {
    try database.execute(sql: "DELETE FROM derived_clock_offset")
    let captures = try Row.fetchAll(database, sql: "SELECT capture_id, sha256 FROM fact_capture")
    let digests = Dictionary(
      uniqueKeysWithValues: captures.map { ($0["capture_id"] as Int64, $0["sha256"] as String) })
    var differences: [Pair: (one: [Int64], other: [Int64])] = [:]
    for capture in digests.keys {
      let rows = try Row.fetchCursor(
        database, sql: Schema.deriving(.clockPairs), arguments: ["capture_id": capture])
      while let row = try rows.next() {
        let other: Int64 = row["other_capture_id"]
        let isFirst = digests[capture] ?? "" < digests[other] ?? ""
        let pair = isFirst ? Pair(one: capture, other: other) : Pair(one: other, other: capture)
        let (time, otherTime): (Int64, Int64) = (row["ts"], row["other_ts"])
        let difference = isFirst ? otherTime &- time : time &- otherTime
        if row["is_from_lower"] {
          differences[pair, default: ([], [])].one.append(difference)
        } else {
          differences[pair, default: ([], [])].other.append(difference)
        }
      }
    }
    for (pair, found) in differences {
      guard let clock = ClockOffset(found) else { continue }
      try database.execute(
        sql: "INSERT INTO derived_clock_offset VALUES (?, ?, ?, ?, ?)",
        arguments: [pair.one, pair.other, clock.offset, clock.spread, clock.packets])
    }
  }

  /// Two captures, by the order of their digests.
  private struct Pair: Hashable {
    var one: Int64
    var other: Int64
  }

  // MARK: - Flows

  /// Puts the flows of touched keys together from their conversations.
  private func makeFlows() throws {
    try database.execute(sql: Schema.deriving(.forgetFlows))
    // Whether a touched conversation is an echo is seen anew.
    try database.execute(
      sql: """
        DELETE FROM echo WHERE conversation_id IN (SELECT stream_id >> 1 FROM touched_stream)
        """)
    let flows = try InsertStatement(database, into: "derived_flow", columns: 8)
    let members = try InsertStatement(database, into: "derived_flow_member", columns: 2)
    let echoes = try InsertStatement(
      database, into: "echo", columns: 2,
      onConflict: "(conversation_id) DO UPDATE SET shown_by = excluded.shown_by")
    // Keys are hashes: more than one pair of ends may have one, if hardly ever.
    var assemblies: [Ends: FlowAssembly] = [:]
    var key: Int64?
    func finish() throws {
      for ends in assemblies.keys {
        if let flow = assemblies[ends]?.finish() { try flows.insert(flow.bind) }
      }
      assemblies.removeAll(keepingCapacity: true)
    }
    let rows = try Row.fetchCursor(database, sql: Schema.deriving(.conversations))
    while let row = try rows.next() {
      let conversation = Conversation(row)
      if let shownBy = row[22] as Int64?,
        conversation.a.packets == 0, conversation.b.packets == 0
      {
        try echoes.insert { row in
          row.bind(1, conversation.id)
          row.bind(2, shownBy)
        }
        continue
      }
      if conversation.key != key { try finish() }
      key = conversation.key
      let ends = Ends(row, of: conversation)
      var assembly = assemblies[ends] ?? FlowAssembly(assembler)
      if let flow = assembly.add(conversation) { try flows.insert(flow.bind) }
      assemblies[ends] = assembly
      if let flow = assembly.currentID, flow != conversation.id {
        try members.insert { row in
          row.bind(1, conversation.id)
          row.bind(2, flow)
        }
      }
    }
    try finish()
    // What was seen before goes on with what was seen first.
    try database.execute(sql: Schema.deriving(.echoes))
  }

  /// The two ends of a conversation, told by which is the lower: its identity beyond the key.
  private struct Ends: Hashable {
    var protocolNumber: Int64?
    var lower: String?
    var lowerPort: Int64?
    var upper: String?
    var upperPort: Int64?

    init(_ row: Row, of conversation: Conversation) {
      protocolNumber = row[2]
      let (source, destination): (String?, String?) = (row[3], row[5])
      let (sourcePort, destinationPort): (Int64?, Int64?) = (row[4], row[6])
      (lower, lowerPort, upper, upperPort) =
        conversation.aIsLower
        ? (source, sourcePort, destination, destinationPort)
        : (destination, destinationPort, source, sourcePort)
    }
  }

  // MARK: - ICMP errors

  /// Links each ICMP error to the packet that it quotes; those whose conversation was added to
  /// are linked anew, since the packet may have come now.
  private func linkErrors(firstNewStream: Int64) throws {
    if try Bool.fetchOne(database, sql: "SELECT 1 FROM derived_icmp_link LIMIT 1") ?? false {
      try database.execute(
        sql: Schema.deriving(.forgetLinks), arguments: ["first_new": firstNewStream])
    }
    try database.execute(sql: Schema.deriving(.icmpLinks))
    try linkPrintedErrors()
  }

  /// Links the errors that do not print what they quote whole.
  private func linkPrintedErrors() throws {
    var linker = PrintedErrorLinker()
    var capture: Int64?
    let rows = try Row.fetchCursor(database, sql: Schema.deriving(.printedPackets))
    while let row = try rows.next() {
      let id: Int64 = row["packet_id"]
      if capture != id >> 32 { linker.begin() }
      capture = id >> 32
      guard let quote = PrintedErrorLinker.Quote(row) else {
        if let packet = PrintedErrorLinker.Packet(row) { linker.add(packet) }
        continue
      }
      guard let original = linker.original(of: quote, at: row["ts"]) else { continue }
      try database.execute(
        sql: "INSERT OR IGNORE INTO derived_icmp_link VALUES (?, ?)", arguments: [id, original])
    }
  }

  // MARK: - DNS

  /// What is added to the times of aligned captures, nanoseconds.
  private func shifts() throws -> [Int64: Int64] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT capture_id, shift_ns FROM custody_alignment WHERE shift_ns <> 0")
    return Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
  }

  /// Matches the questions of touched keys to their answers and refusals.
  private func matchQuestions() throws {
    try database.execute(sql: Schema.deriving(.forgetQuestions))
    let transactions = try InsertStatement(
      database, into: "derived_dns_transaction", columns: 11)
    let retries = try InsertStatement(database, into: "derived_dns_retry", columns: 4)
    var matcher = DNSMatcher()
    // Matching goes by aligned times; what is stored is the recorded time.
    let shifts = try self.shifts()
    func store() throws {
      for var transaction in matcher.transactions {
        if let shift = shifts[transaction.queryPacketID >> 32] {
          transaction.time = transaction.time.map { $0 &- shift }
        }
        try transactions.insert(transaction.bind)
      }
      for retry in matcher.retries { try retries.insert(retry.bind) }
      matcher.transactions.removeAll(keepingCapacity: true)
      matcher.retries.removeAll(keepingCapacity: true)
    }
    var key: Int64?
    let rows = try Row.fetchCursor(database, sql: Schema.deriving(.dnsEvents))
    while let row = try rows.next() {
      let event = DNSEvent(row)
      if key != event.conversation { matcher.finish() }
      key = event.conversation
      matcher.add(event)
      try store()
    }
    matcher.finish()
    try store()
  }
}

extension Deriving.Addition {
  init(_ session: CaptureSession, _ facts: CaptureFacts) {
    self.init(
      firstStream: session.firstConversationID * 2,
      unmatched: facts.isMatched ? [] : [session.captureID], keys: facts.unmatchedKeys,
      areSightingsTold: facts.areSightingsTold)
  }
}
