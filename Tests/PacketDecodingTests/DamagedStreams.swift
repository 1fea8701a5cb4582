/// A sequence of numbers that is the same each time: xorshift, Marsaglia 2003.
struct Numbers {
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  mutating func next(below limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(max(1, limit)))
  }

  mutating func element<Element>(of elements: [Element]) -> Element {
    elements[next(below: elements.count)]
  }
}

/// Connections whose segments hold messages that were damaged, the same each time.
struct DamagedStreams {
  /// The messages, whole.
  let messages: [[UInt8]]
  /// Octets that mean something to the reader.
  let signs: [UInt8]
  private var numbers = Numbers()

  init(_ messages: [String], signs: String) {
    (self.messages, self.signs) = (messages.map { Array($0.utf8) }, Array(signs.utf8))
  }

  /// A connection with a message in each segment, from either end; some of the client's octets are lost.
  mutating func next(port: Int, segments: Int) -> DecodedStream {
    var stream = DecodedStream(port: port)
    for _ in 0..<segments {
      let octets = message()
      if numbers.next(below: 9) == 0 { stream.lose(.client, 7) }
      stream.send(numbers.next(below: 2) == 0 ? .client : .server, octets)
    }
    return stream
  }

  private mutating func message() -> [UInt8] {
    var octets = numbers.element(of: messages)
    for _ in 0..<numbers.next(below: 4) {
      let place = numbers.next(below: octets.count)
      switch numbers.next(below: 5) {
      case 0: octets[place] ^= 1 << UInt8(numbers.next(below: 8))
      case 1: octets[place] = numbers.element(of: signs)
      case 2: octets.removeSubrange(place..<min(octets.count, place + numbers.next(below: 9)))
      case 3: octets.insert(contentsOf: numbers.element(of: messages).prefix(9), at: place)
      default: octets.insert(contentsOf: numbers.element(of: messages).suffix(20), at: place)
      }
      if octets.isEmpty { octets = [0x0a] }
    }
    return octets
  }
}
