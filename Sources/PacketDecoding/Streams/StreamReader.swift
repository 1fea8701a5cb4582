/// The two ends of a connection; which of them is the client is for a protocol to tell.
enum StreamSide: Sendable {
  /// The end whose address, or else port, is the lower one.
  case lower
  case upper

  var other: StreamSide { self == .lower ? .upper : .lower }
}

/// Something of each end.
struct BothSides<Value: Sendable>: Sendable {
  private var lower: Value
  private var upper: Value

  init(_ value: Value) { (lower, upper) = (value, value) }

  subscript(side: StreamSide) -> Value {
    get { side == .lower ? lower : upper }
    _modify { if side == .lower { yield &lower } else { yield &upper } }
  }
}

/// Reads what one TCP connection carries: both directions of it, each in order and without what was sent twice.
protocol StreamReader: Sendable {
  var name: ProtocolName { get }

  /// Reads octets that one end sent, from where the last reading of that end stopped.
  ///
  /// Each octet is hostile, and the beginning may be in the middle of anything: what cannot be a message is
  /// passed over by calling it consumed.
  ///
  /// - Parameter context: The packet that brought the last of the octets; records are its.
  mutating func read(
    _ octets: RawSpan, from side: StreamSide, _ context: PayloadContext,
    into batch: inout RecordBatch
  ) -> StreamReading

  /// Hears that octets of that end were not captured: what comes next may begin anywhere.
  mutating func lose(from side: StreamSide)
}

extension StreamReader {
  mutating func lose(from side: StreamSide) {}
}

/// How far a reader got.
struct StreamReading {
  /// Octets that need not come again. None stands for a message that goes on in what follows: then all come
  /// again, with more.
  var consumed: Int
  /// Octets behind those that are passed over unseen; they may not be there yet.
  var skipped = 0
  /// Octets that must be there before it is worth reading on; 0 when it is not known.
  var wanted = 0
  /// Whether a message was read.
  var foundMessage = false
  var next = Next.readOn

  enum Next {
    case readOn
    /// Nothing is read any more of either direction; what follows is of the same protocol.
    case stop
    /// Another protocol goes on from here, in both directions.
    case become(any StreamReader)
    /// Some other protocol goes on from here: it is to be told by what it looks like.
    case identify
  }

  static func more(wanted: Int = 0) -> StreamReading { StreamReading(consumed: 0, wanted: wanted) }
}
