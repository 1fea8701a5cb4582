/// Reads the sections of a DNS message, one after the other: RFC 1035, 4.1.2 and 4.1.3.
struct DNSSectionReader {
  /// Where the message starts and ends in the span, and how far it has been read.
  var message: Int
  var end: Int
  var offset: Int
  /// Where the message's text starts in the batch.
  private let textStart: Int
  /// What stopped reading.
  var problem: StaticString = "the message ends within its sections"

  /// Octets of text kept of one message's records. A message of 64 KiB can, by compression, name
  /// far more than it holds; no honest one comes near.
  private static let textLimit = 64 * 1024

  /// The question's type and class.
  private static let questionTail = 4
  /// Type 2, class 2, TTL 4, data length 2.
  private static let recordHeader = 10

  init(message: Int, end: Int, offset: Int, textStart: Int) {
    (self.message, self.end, self.offset) = (message, end, offset)
    self.textStart = textStart
  }

  /// Reads the name that a section goes on with.
  private mutating func readName(
    _ bytes: RawSpan, into text: inout [UInt8]
  ) -> (text: TextRange, end: Int)? {
    guard offset < end else { return nil }
    let name = DNSName.read(bytes, message: message, end: end, at: offset, into: &text)
    if name == nil { problem = "a name that runs out of the message, loops or is too long" }
    return name
  }

  /// Reads `count` questions and keeps the first.
  mutating func readQuestions(
    _ bytes: RawSpan, _ count: UInt16, into record: inout DNSRecord, _ text: inout [UInt8]
  ) -> Bool {
    var index = 0
    while index < Int(count) {
      let kept = text.count
      guard let name = readName(bytes, into: &text) else { return false }
      guard name.end + Self.questionTail <= end else {
        offset = end
        if index == 0 { record.questionName = name.text }
        return false
      }
      if index == 0 {
        record.questionName = name.text
        record.questionType = bytes.bigEndian(at: name.end, as: UInt16.self)
        record.questionClass = bytes.bigEndian(at: name.end + 2, as: UInt16.self)
      } else {
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
        let recordClass = bytes.bigEndian(at: owner.end + 2, as: UInt16.self),
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
