/// Where packets were seen: an interface description block of a pcapng file, or the one
/// interface that a pcap file's header implies.
///
/// Source: draft-ietf-opsawg-pcapng, sections 4.2 and 4.6 (statistics).
public struct CaptureInterface: Equatable, Sendable {
  /// From 0, across all sections of the capture.
  public var index: Int32
  /// The section that declares it, from 0.
  public var section: Int32
  /// The LINKTYPE_ value of its packets.
  public var linkType: Int32
  /// The most octets that were kept of a packet; `nil` without a limit.
  public var snapLength: UInt32?
  /// The system's name, such as `eth0` (if_name).
  public var name: String?
  /// What somebody calls it (if_description).
  public var description: String?
  /// The capture filter, when it was written as text.
  public var filter: String?
  /// Of the machine that captured (if_os).
  public var operatingSystem: String?
  /// The device itself (if_hardware).
  public var hardware: String?
  /// What one second is in the timestamps of the file; `nil` when it is more than 64 bits hold.
  public var timestampUnitsPerSecond: UInt64?
  /// Packets that came in while capturing (isb_ifrecv), by the last statistics block.
  public var received: UInt64?
  /// Packets that the interface dropped for lack of resources (isb_ifdrop).
  public var dropped: UInt64?
  /// Packets that the operating system dropped (isb_osdrop).
  public var osDropped: UInt64?

  init(index: Int32, section: Int32, linkType: Int32, snapLength: UInt32) {
    (self.index, self.section, self.linkType) = (index, section, linkType)
    self.snapLength = snapLength == 0 ? nil : snapLength
  }
}

/// A section of a pcapng file: what its header says of the capturing machine.
///
/// Source: draft-ietf-opsawg-pcapng, section 4.1.
public struct CaptureSection: Equatable, Sendable {
  /// Of the machine that wrote it (shb_hardware).
  public var hardware: String?
  /// Of that machine (shb_os).
  public var operatingSystem: String?
  /// The program that wrote the section (shb_userappl).
  public var application: String?
  /// In the order of the file.
  public var comments: [String] = []

  public init(
    hardware: String? = nil, operatingSystem: String? = nil, application: String? = nil
  ) {
    (self.hardware, self.operatingSystem) = (hardware, operatingSystem)
    self.application = application
  }
}

/// A name that a pcapng file gives to an address: section 4.5.
public struct NameResolution: Equatable, Sendable {
  /// What the name is of, most significant octet first.
  public enum Address: Equatable, Sendable {
    case ipv4(UInt32)
    case ipv6(high: UInt64, low: UInt64)
  }
  public var address: Address
  /// As the file spells it; an address may have several.
  public var name: String
}

/// What somebody wrote beside a packet (opt_comment).
public struct PacketComment: Equatable, Sendable {
  /// From 1, as in `RawPacket.number`.
  public var packetNumber: Int64
  /// A packet may have several, in the order of the file.
  public var text: String
}
