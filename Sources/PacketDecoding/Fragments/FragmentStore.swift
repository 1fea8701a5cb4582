/// The datagrams whose fragments are being collected, bounded in number, octets and time.
///
/// The one that has waited longest goes first when there is no room: hostile captures open thousands
/// and complete none.
struct FragmentStore: Sendable {
  /// Nanoseconds that a datagram waits for its fragments; RFC 791, 3.2 and RFC 8200, 4.5 allow 60 s,
  /// Linux waits for 30 s.
  static let patience: Int64 = 30_000_000_000
  /// Datagrams, and octets of all of them, that wait at the most.
  static let mostDatagrams = 1024
  static let mostOctets = 8 << 20
  /// Places in the order that are remembered: twice as many as there are datagrams at the most.
  static let mostPlaces = 2 * (mostDatagrams + 1)

  private var datagrams: [DatagramKey: FragmentedDatagram] = [:]
  /// The datagrams in the order in which they came, of those that went as well.
  private var order: [(key: DatagramKey, serial: Int)] = []
  private var nextOldest = 0
  /// Datagrams so far: their serial numbers tell one from a later one of the same key.
  private var serials = 0
  private(set) var octets = 0
  /// The last datagram that was taken out whole, and its ports: copies of its last fragment come after it.
  private var lastWhole: (key: DatagramKey, source: UInt16?, destination: UInt16?)?

  var count: Int { datagrams.count }

  /// Places in the order, also of datagrams that went.
  var placeCount: Int { order.count }

  /// Adds a fragment of the datagram of that key.
  mutating func add(
    _ fragment: Fragment, of key: DatagramKey, _ bytes: RawSpan, packetNumber: Int64, time: Int64?
  ) -> FragmentedDatagram.Outcome {
    if datagrams[key] == nil {
      serials += 1
      if order.count >= Self.mostPlaces { forgetThoseThatWent() }
      order.append((key, serials))
      datagrams[key] = FragmentedDatagram(
        key.protocolNumber == nil ? .ipv6 : .ip, serial: serials, firstPacket: packetNumber,
        time: time)
    }
    let before = datagrams[key]?.held ?? 0
    let outcome = datagrams[key]?.add(fragment, bytes)
    octets += (datagrams[key]?.held ?? 0) - before
    return outcome ?? .kept
  }

  /// The ports of a datagram, as far as they are known.
  func ports(of key: DatagramKey) -> (source: UInt16?, destination: UInt16?) {
    if let datagram = datagrams[key] { return (datagram.sourcePort, datagram.destinationPort) }
    guard let lastWhole, lastWhole.key == key else { return (nil, nil) }
    return (lastWhole.source, lastWhole.destination)
  }

  /// Keeps the ports that the fragment at offset 0 tells, for the others.
  mutating func keepPorts(_ source: UInt16?, _ destination: UInt16?, of key: DatagramKey) {
    datagrams[key]?.sourcePort = source
    datagrams[key]?.destinationPort = destination
  }

  /// Takes a datagram out when nothing of it is missing.
  mutating func takeWhole(_ key: DatagramKey) -> FragmentedDatagram? {
    guard let datagram = datagrams[key], datagram.isWhole else { return nil }
    lastWhole = (key, datagram.sourcePort, datagram.destinationPort)
    return take(key)
  }

  private mutating func take(_ key: DatagramKey) -> FragmentedDatagram? {
    let datagram = datagrams.removeValue(forKey: key)
    octets -= datagram?.held ?? 0
    return datagram
  }

  /// Takes the datagram out that waited longest, when there are too many or it waited for too long; to
  /// be called until it returns `nil`.
  ///
  /// - Parameter time: Nanoseconds, of the packet that is being decoded; `nil` for unknown.
  mutating func takeOverdue(at time: Int64?) -> FragmentedDatagram? {
    while let key = oldest() {
      guard let datagram = datagrams[key] else { return nil }
      var isLate = false
      if let time, let first = datagram.firstTime {
        let (waited, overflow) = time.subtractingReportingOverflow(first)
        isLate = overflow || waited > Self.patience
      }
      guard isLate || datagrams.count > Self.mostDatagrams || octets > Self.mostOctets
      else { return nil }
      return take(key)
    }
    return nil
  }

  /// Takes the oldest one out, at the end of a capture; to be called until it returns `nil`.
  mutating func takeOldest() -> FragmentedDatagram? { oldest().flatMap { take($0) } }

  /// The key of the datagram that came first of those that are left.
  private mutating func oldest() -> DatagramKey? {
    while nextOldest < order.count {
      if isThere(order[nextOldest]) { return order[nextOldest].key }
      nextOldest += 1
    }
    order.removeAll(keepingCapacity: true)
    nextOldest = 0
    return nil
  }

  private func isThere(_ place: (key: DatagramKey, serial: Int)) -> Bool {
    datagrams[place.key]?.serial == place.serial
  }

  /// Those that became whole leave their places behind, for as long as an older one waits.
  private mutating func forgetThoseThatWent() {
    order = order[nextOldest...].filter(isThere)
    nextOldest = 0
  }
}
