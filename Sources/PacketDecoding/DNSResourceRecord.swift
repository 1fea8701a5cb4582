/// The protocols that have DNS's messages, and what differs in them.
enum DNSDialect {
  /// DNS itself, and LLMNR (RFC 4795, 2.1).
  case domain
  /// RFC 6762: a message may ask several questions; the highest bit of a class asks for a unicast answer
  /// (5.4), or flushes caches (10.2).
  case multicast
  /// RFC 1002, 4.2: names of NetBIOS, and types of its own.
  case netBIOS

  /// The class without what else its field says.
  func group(_ field: UInt16) -> UInt16 { self == .multicast ? field & 0x7fff : field }
}

/// Reads the sections of a DNS message, one after the other: RFC 1035, 4.1.2 and 4.1.3.
struct DNSSectionReader {
  /// Where the message starts and ends in the span, and how far it has been read.
  var message: Int
  var end: Int
  var offset: Int
  /// Where the message's text starts in the batch.
  private let textStart: Int
  private let dialect: DNSDialect
  /// Every question as text, where there are several and the dialect keeps them.
  private(set) var questions: TextRange?
  /// What stopped reading.
  var problem: StaticString = "the message ends within its sections"

  /// Octets of text kept of one message's records. A message of 64 KiB can, by compression, name
  /// far more than it holds; no honest one comes near.
  private static let textLimit = 64 * 1024

  /// The question's type and class.
  private static let questionTail = 4
  /// Type 2, class 2, TTL 4, data length 2.
  private static let recordHeader = 10

  init(message: Int, end: Int, offset: Int, textStart: Int, dialect: DNSDialect) {
    (self.message, self.end, self.offset) = (message, end, offset)
    (self.textStart, self.dialect) = (textStart, dialect)
  }

  /// Reads the name that a section goes on with.
  private mutating func readName(
    _ bytes: RawSpan, into text: inout [UInt8]
  ) -> (text: TextRange, end: Int)? {
    guard offset < end else { return nil }
    var name = DNSName.read(bytes, message: message, end: end, at: offset, into: &text)
    if dialect == .netBIOS, let found = name {
      name?.text = NetBIOSName.decode(found.text, in: &text)
    }
    if name == nil { problem = "a name that runs out of the message, loops or is too long" }
    return name
  }

  /// Reads `count` questions and keeps the first; of multicast DNS, all.
  mutating func readQuestions(
    _ bytes: RawSpan, _ count: UInt16, into record: inout DNSRecord, _ text: inout [UInt8]
  ) -> Bool {
    let start = text.count
    let keepsAll = dialect == .multicast && count > 1
    defer {
      if keepsAll, text.count > start {
        questions = TextRange(start: start, count: text.count - start)
      }
    }
    var index = 0
    while index < Int(count) {
      let kept = text.count
      if keepsAll, index > 0 { text.append(contentsOf: "; ".utf8) }
      guard let name = readName(bytes, into: &text) else {
        text.removeSubrange(kept...)
        return false
      }
      guard name.end + Self.questionTail <= end else {
        offset = end
        if index == 0 { record.questionName = name.text }
        return false
      }
      if index == 0 {
        record.questionName = name.text
        record.questionType = bytes.bigEndian(at: name.end, as: UInt16.self)
        record.questionClass = bytes.bigEndian(at: name.end + 2, as: UInt16.self).map(dialect.group)
      }
      if keepsAll, text.count - textStart <= Self.textLimit {
        text.append(UInt8(ascii: " "))
        DNSType.append(bytes.bigEndian(at: name.end, as: UInt16.self) ?? 0, to: &text)
      } else if index > 0 {
        text.removeSubrange(kept...)
      }
      offset = name.end + Self.questionTail
      index += 1
    }
    return true
  }

  /// Reads `count` resource records and keeps their text under `section`: `[owner] TTL type data`,
  /// parted by `; `; the owner only where it is not the question's name, the class only where it
  /// is not IN. An OPT record is kept as the fields that it stands for.
  mutating func readRecords(
    _ bytes: RawSpan, _ count: UInt16, into record: inout DNSRecord,
    _ section: WritableKeyPath<DNSRecord, TextRange?>, _ text: inout [UInt8]
  ) -> Bool {
    let start = text.count
    defer {
      if text.count > start {
        record[keyPath: section] = TextRange(start: start, count: text.count - start)
      }
    }
    var index = 0
    while index < Int(count) {
      let kept = text.count
      if kept > start { text.append(contentsOf: "; ".utf8) }
      let ownerStart = text.count
      guard let owner = readName(bytes, into: &text) else {
        text.removeSubrange(kept...)
        return false
      }
      guard owner.end + Self.recordHeader <= end,
        let type = bytes.bigEndian(at: owner.end, as: UInt16.self),
        let recordClass = bytes.bigEndian(at: owner.end + 2, as: UInt16.self).map(dialect.group),
        let timeToLive = bytes.bigEndian(at: owner.end + 4, as: UInt32.self),
        let length = bytes.bigEndian(at: owner.end + 8, as: UInt16.self)
      else {
        text.removeSubrange(kept...)
        offset = end
        return false
      }
      let data = owner.end + Self.recordHeader
      guard data + Int(length) <= end else {
        text.removeSubrange(kept...)
        problem = "a record's data reach beyond the end of the message"
        return false
      }
      offset = data + Int(length)
      index += 1
      if type == DNSType.opt {
        // RFC 6891, 6.1.2 and 6.1.3: the class is a size, the TTL's first octet rcode bits.
        record.ednsPayloadSize = recordClass
        record.responseCode = record.responseCode.map { $0 | UInt16(timeToLive >> 24) << 4 }
        text.removeSubrange(kept...)
        continue
      }
      if kept - textStart > Self.textLimit {
        text.removeSubrange(kept...)
        continue
      }
      if isQuestionName(record, text, ownerStart) {
        text.removeSubrange(ownerStart...)
      } else {
        text.append(UInt8(ascii: " "))
      }
      text.append(decimal: UInt64(timeToLive))
      text.append(UInt8(ascii: " "))
      if recordClass != 1 {
        DNSType.appendClass(recordClass, to: &text)
        text.append(UInt8(ascii: " "))
      }
      if dialect == .netBIOS, NetBIOSName.append(type, bytes, data, offset, to: &text) { continue }
      DNSType.append(type, to: &text)
      DNSData.append(type, bytes, data, offset, message: message, to: &text)
    }
    return true
  }

  /// Whether the text from `ownerStart` is the question's name.
  private func isQuestionName(
    _ record: DNSRecord, _ text: [UInt8], _ ownerStart: Int
  ) -> Bool {
    guard let question = record.questionName, Int(question.count) == text.count - ownerStart
    else { return false }
    var index = 0
    while index < Int(question.count) {
      if text[Int(question.start) + index] != text[ownerStart + index] { return false }
      index += 1
    }
    return true
  }
}
