/// A form of capture that can be read.
public enum CaptureFormat: String, Sendable, CaseIterable {
  /// The classic format of libpcap: draft-ietf-opsawg-pcap.
  case pcap
  /// The block format: draft-ietf-opsawg-pcapng.
  case pcapng
  /// What tcpdump prints, one packet a line, its details on indented lines.
  case tcpdumpText = "tcpdump-text"
}

/// Where the octets of a capture come from.
public enum CaptureLocation: Sendable, Equatable {
  /// A regular file, a named pipe or a device.
  case file(path: String)
  /// Descriptor 0 of this process; it can be read once.
  case standardInput

  /// How messages name the place: the path as given, or `standard input`.
  public var name: String {
    switch self {
    case .file(let path): path
    case .standardInput: "standard input"
    }
  }
}
