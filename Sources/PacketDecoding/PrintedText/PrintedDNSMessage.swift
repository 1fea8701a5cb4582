/// A DNS message as tcpdump prints it: RFC 1035, section 4.
///
/// A query is `35084+ [1au] A? example.com. (24)`, a response `3076 NXDomain*- 0/1/1 A 192.0.2.1,
/// … (70)`. Behind the identifier stand the opcode and response code unless they are 0, and marks:
/// `+` recursion desired, `*` authoritative, `-` recursion not available, `|` truncated, `%`
/// checking disabled, `$` authentic data. `[b2&3=0x500]` is the whole second 16 bits of a query
/// that has others of them set than a query should. Counts that are not the usual ones of a query
/// are `[2q]`, `[1a]`, `[1n]`, `[1au]`; a response's are `answers/authority/additional`.
struct PrintedDNSMessage: Sendable {
  var identifier: UInt16
  var isResponse = false
  var opcode: UInt8 = 0
  var responseCode: UInt16?
  /// The octets that stand for the marks behind the identifier.
  private(set) var marks: [UInt8] = []
  /// The header's second 16 bits, where they are printed.
  private(set) var flags: UInt16?
  private(set) var counts = Counts()
  /// The question's name without its final dot: empty for the root.
  private(set) var questionName: Range<Int>?
  private(set) var questionType: UInt16?
  private(set) var questionClass: UInt16?
  /// The records of each section, one range each.
  private(set) var answers: [Range<Int>] = []
  private(set) var authority: [Range<Int>] = []
  private(set) var additional: [Range<Int>] = []
  /// Octets of the message.
  private(set) var length: Int32?
  /// Whether tcpdump found the message to end before its records do.
  private(set) var isCut = false

  /// What the header counts; `nil` where the line does not say.
  struct Counts: Sendable {
    var questions: UInt16?
    var answers: UInt16?
    var authority: UInt16?
    var additional: UInt16?
  }

  /// IANA's numbers (Domain Name System Parameters) under tcpdump's names; a name that another
  /// one begins with comes after it.
  private static let opcodes: [(String, UInt8)] = [
    (" inv_q", 1), (" stat", 2), (" op3", 3), (" notify", 4), (" op5", 5), (" updateDA", 11),
    (" updateMA", 13), (" updateA", 9), (" updataA", 9), (" updateD", 10), (" updateM", 12),
    (" update", 5), (" op6", 6), (" op7", 7), (" op8", 8), (" zoneInit", 14), (" zoneRef", 15),
  ]
  private static let responseCodes: [(String, UInt16)] = [
    (" FormErr", 1), (" ServFail", 2), (" NXDomain", 3), (" NotImp", 4), (" Refused", 5),
    (" YXDomain", 6), (" YXRRSet", 7), (" NXRRSet", 8), (" NotAuth", 9), (" NotZone", 10),
    (" NoChange", 15),
  ]

  /// Reads a message; `nil` when none stands there.
  ///
  /// - Parameter isResponsePort: Whether it comes from DNS's port: then a message whose text does
  ///   not tell, since it is cut, is a response.
  init?(_ text: inout PrintedText, isResponsePort: Bool) {
    text.skipBlanks()
    guard let identifier = text.takeNumber(as: UInt16.self) else { return nil }
    self.identifier = identifier
    if let known = Self.opcodes.first(where: { text.take($0.0) }) { opcode = known.1 }
    if let known = Self.responseCodes.first(where: { text.take($0.0) }) {
      responseCode = known.1
    } else if text.take(" Resp") {
      responseCode = text.takeNumber(as: UInt16.self)
    }
    while let octet = text.next, "+*-|%$".utf8.contains(octet) {
      marks.append(octet)
      text.move(to: text.position + 1)
    }
    guard text.isAtEnd || text.next.map(PrintedText.isBlank) == true else { return nil }
    let hasBrackets = readBrackets(&text)
    if text.take("q: ") {
      guard readQuestion(&text) else { return nil }
      text.skipBlanks()
    }
    let hasCounts = readCounts(&text)
    isResponse =
      hasCounts || responseCode != nil || marks.contains { "*-|".utf8.contains($0) }
      || !hasBrackets && !has("+") && isCut && isResponsePort
    if !isResponse {
      counts.questions = counts.questions ?? 1
      while readQuestion(&text) { text.skipBlanks() }
      if questionName == nil && counts.questions != 0 && !isCut && !text.starts(with: "[|") {
        return nil
      }
    }
    readRecords(&text)
    if isResponse {
      counts.questions = counts.questions ?? (isCut && !hasCounts ? nil : 1)
    } else {
      counts.answers = counts.answers ?? (opcode == 1 ? 1 : 0)
      counts.authority = counts.authority ?? 0
      counts.additional = counts.additional ?? 0
    }
  }

  func has(_ mark: String) -> Bool { marks.contains { mark.utf8.contains($0) } }

  /// A bit of the header's second 16: printed for a query, or zero because it is not.
  func queryBit(_ mask: UInt16) -> Bool { (flags ?? 0) & mask != 0 }

  /// `[b2&3=0x500] [1a] [2q] [1n] [1au]`
  ///
  /// - Returns: Whether a form stood there that only queries have.
  private mutating func readBrackets(_ text: inout PrintedText) -> Bool {
    var isQuery = false
    while true {
      text.skipBlanks()
      if text.take("[|") {
        isCut = true
        _ = text.takeWord()
        return isQuery
      }
      guard text.starts(with: "["),
        let inside = text.takeBracketed(UInt8(ascii: "["), UInt8(ascii: "]"))
      else { return isQuery }
      var part = text.part(inside)
      if part.take("b2&3=") {
        flags = part.takeHexadecimal().map { UInt16(truncatingIfNeeded: $0) }
        isQuery = true
      } else if let number = part.takeNumber(as: UInt16.self) {
        if part.take("q") { counts.questions = number }
        if part.take("au") {
          (counts.additional, isQuery) = (number, true)
        } else if part.take("a") {
          (counts.answers, isQuery) = (number, true)
        } else if part.take("n") {
          (counts.authority, isQuery) = (number, true)
        }
      }
    }
  }

  /// `1/0/1 `
  private mutating func readCounts(_ text: inout PrintedText) -> Bool {
    let start = text.position
    guard let answers = text.takeNumber(as: UInt16.self), text.take("/"),
      let authority = text.takeNumber(as: UInt16.self), text.take("/"),
      let additional = text.takeNumber(as: UInt16.self)
    else {
      text.move(to: start)
      return false
    }
    (counts.answers, counts.authority, counts.additional) = (answers, authority, additional)
    return true
  }

  /// `A? www.example.com. `, `PTR (QU)? _x._tcp.local. `, `A CHAOS? . `; keeps the first.
  private mutating func readQuestion(_ text: inout PrintedText) -> Bool {
    text.skipBlanks()
    let start = text.position
    guard let mark = text.firstIndex(of: "?", before: start + 40),
      text.octet(at: mark + 1) == nil || text.octet(at: mark + 1) == UInt8(ascii: " ")
    else { return false }
    var head = text.part(start..<mark)
    let typeWord = head.takeWord()
    guard let type = PrintedDNSType.number(text, typeWord) else { return false }
    head.skipBlanks()
    let questionClass = PrintedDNSType.classNumber(&head)
    text.move(to: mark + 1)
    text.skipBlanks()
    let name = PrintedDNSName.take(&text)
    if questionName == nil {
      (questionName, questionType) = (name, type)
      self.questionClass = questionClass
    }
    return true
  }

  /// The records up to the message's length in parentheses: `A 192.0.2.1, A 192.0.2.2 ns: …`.
  private mutating func readRecords(_ text: inout PrintedText) {
    var section = \PrintedDNSMessage.answers
    while true {
      text.skipBlanks()
      if text.take(",") { continue }
      if text.take("ns: ") {
        section = \.authority
        continue
      }
      if text.take("ar: ") {
        section = \.additional
        continue
      }
      if text.take("[|") {
        isCut = true
        _ = text.takeWord()
        return
      }
      if let length = Self.takeLength(&text) {
        self.length = length
        return
      }
      let record = Self.takeRecord(&text)
      guard !record.isEmpty else { return }
      self[keyPath: section].append(record)
    }
  }

  /// `(70)` at the end of the message.
  private static func takeLength(_ text: inout PrintedText) -> Int32? {
    let start = text.position
    guard text.take("("), let length = text.takeNumber(as: Int32.self), text.take(")"),
      text.isAtEnd || text.next.map(PrintedText.isBlank) == true
    else {
      text.move(to: start)
      return nil
    }
    return length
  }

  /// One record, up to what ends it outside quotes.
  private static func takeRecord(_ text: inout PrintedText) -> Range<Int> {
    let start = text.position
    var isQuoted = false
    while let octet = text.next {
      if octet == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted {
        if octet == UInt8(ascii: ","), text.octet(at: text.position + 1) == UInt8(ascii: " ") {
          break
        }
        if octet == UInt8(ascii: " "), endsRecord(text) { break }
      }
      text.move(to: text.position + 1)
    }
    return start..<text.position
  }

  /// Whether what follows the blank at the position is no part of a record.
  private static func endsRecord(_ text: PrintedText) -> Bool {
    var text = text
    text.take(" ")
    return text.starts(with: "ns: ") || text.starts(with: "ar: ") || text.starts(with: "[|")
      || takeLength(&text) != nil
  }
}
