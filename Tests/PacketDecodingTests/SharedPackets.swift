import CaptureReading
import Foundation

/// Packets of the captures in the folder `shared` beside the repository.
enum SharedPackets {
  struct Packet {
    var capture: String
    var number: Int64
    var linkType: Int32
    var length: Int64
    var octets: [UInt8]
  }

  /// Every packet of every capture.
  static let all: [Packet] = {
    let found = FileManager.default.enumerator(
      at: SharedFiles.place("captures"), includingPropertiesForKeys: nil)
    guard let found else { return [] }
    let files = found.compactMap { $0 as? URL }
      .filter { ["pcap", "pcapng"].contains($0.pathExtension) }.sorted { $0.path < $1.path }
    return files.flatMap(packets)
  }()

  /// What can be read of `file`; some are refused or damaged on purpose.
  private static func packets(_ file: URL) -> [Packet] {
    var packets: [Packet] = []
    do {
      let reader = try CaptureReader(location: .file(path: file.path), filter: nil)
      while try reader.next({ packet, bytes in
        packets.append(
          Packet(
            capture: file.lastPathComponent, number: packet.number, linkType: packet.linkType,
            length: packet.length, octets: bytes.withUnsafeBytes { Array($0) }))
      }) {}
    } catch {
      print("read in part: \(error)")
    }
    return packets
  }
}
