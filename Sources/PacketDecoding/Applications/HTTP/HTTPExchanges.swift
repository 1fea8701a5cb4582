/// The requests of a connection that wait for responses, which come in the requests' order: RFC 9112, 9.3.2.
struct HTTPExchanges: Sendable {
  /// Requests that wait at the most; with more, no response is told whose it is.
  private static let most = 1024

  struct Request: Sendable {
    var message: MessagePlace
    /// Nanoseconds, of the packet that completed its head.
    var time: Int64?
    var isHead: Bool
    var isConnect: Bool
    var login: MessagePlace?
  }

  /// `nil` stands for requests that were perhaps not captured.
  private var waiting: [Request?] = []
  private var client: StreamSide?
  private var hasLost = BothSides(false)
  private var hasBegun = BothSides(false)
  private var isTooMany = false

  /// Whether that end has sent a message.
  func hasBegun(_ side: StreamSide) -> Bool { hasBegun[side] }

  /// Whether what that end sent last asks for a tunnel.
  func hasConnect(from side: StreamSide) -> Bool {
    guard side == client, let last = waiting.last else { return false }
    return last?.isConnect ?? false
  }

  mutating func add(_ request: Request, from side: StreamSide) {
    hasBegun[side] = true
    if client != side { waiting = hasLost[side] ? [nil] : [] }
    client = side
    if waiting.count >= Self.most { isTooMany = true }
    if isTooMany { waiting = [] } else { waiting.append(request) }
  }

  /// The request that the next response from that end is for.
  ///
  /// - Parameter isInterim: Whether another response to it will follow.
  mutating func answer(from side: StreamSide, isInterim: Bool) -> Request? {
    hasBegun[side] = true
    guard side != client, let first = waiting.first else { return nil }
    if first == nil {
      // It may be for a request that was not captured, or for the next that was: no more is told until a
      // request comes after it.
      waiting = []
    } else if !isInterim {
      waiting.removeFirst()
    }
    return first
  }

  /// Hears that octets of that end were not captured.
  mutating func lose(from side: StreamSide) {
    hasLost[side] = true
    guard let client else { return }
    if side != client {
      waiting = []
    } else if waiting.isEmpty || waiting.last.map({ $0 != nil }) ?? false {
      waiting.append(nil)
    }
  }
}

/// Where the body of a message ends: RFC 9112, 6.3.
enum HTTPBody {
  case none
  case octets(Int)
  case chunks
  /// At the end of the connection.
  case toEnd
  /// Nobody can tell.
  case unknown
  /// There are no messages any more: RFC 9110, 7.8 and 9.3.6.
  case tunnel

  init(_ head: HTTPHead, _ answered: HTTPExchanges.Request?) {
    if let status = head.status {
      let isTunnel = status == 101 || status / 100 == 2 && answered?.isConnect ?? false
      if isTunnel {
        self = .tunnel
        return
      }
      if status < 200 || status == 204 || status == 304 || answered?.isHead ?? false {
        self = .none
        return
      }
    }
    switch (head.coding, head.contentLength) {
    case (.chunked, _): self = .chunks
    case (.other, _): self = head.status == nil ? .unknown : .toEnd
    case (nil, _) where head.isLengthWrong: self = .unknown
    case (nil, let length?): self = .octets(Int(clamping: length))
    case (nil, nil): self = head.status == nil ? .none : .toEnd
    }
  }
}
