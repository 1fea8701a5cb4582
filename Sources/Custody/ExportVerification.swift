import CaptureReading
import CaseStore
import Evidence
import Foundation

/// Re-checks what `wirecase export` wrote: the file against its manifest, the manifest against the
/// case, and each packet that it lists against the packet's source.
public struct ExportVerification {
  private let reader: CaseReader
  private let sources: [CaptureSource]
  /// Digests of sources are not taken again for each manifest.
  private let caseFile: (sha256: String, size: Int64)?

  public init(_ reader: CaseReader) throws {
    self.reader = reader
    sources = try CaptureSource.all(reader)
    caseFile = ContentDigest.ofFile(reader.path)
  }

  /// Every check of one manifest, in the order: the exported file, the case, its packets.
  ///
  /// - Parameter path: Of the manifest; the exported file stands beside it.
  /// - Throws: `EvidenceError.unreadableManifest`; `SQLFault` when the case cannot be read on.
  public func checks(manifest path: String) throws -> [Check] {
    let manifest = try ExportManifest(path: path)
    let name = URL(filePath: manifest.file.path).lastPathComponent
    let exported = path.lastIndex(of: "/").map { path[...$0] + name } ?? name
    let file = Self.file(manifest, at: exported)
    var checks = [file, ofCase(manifest)]
    let captures = captures(manifest)
    checks += captures.checks
    if file.state != .missing {
      checks += try packets(manifest, at: exported, captures.byNumber)
    }
    return checks
  }

  private static func file(_ manifest: ExportManifest, at path: String) -> Check {
    guard FileManager.default.fileExists(atPath: path) else {
      return Check("export", path, .missing, "no such file beside the manifest")
    }
    guard let (sha256, size) = ContentDigest.ofFile(path) else {
      return Check("export", path, .missing, "cannot be read")
    }
    if (sha256, size) == (manifest.file.sha256, manifest.file.size) {
      return Check("export", path, .unchanged)
    }
    return Check(
      "export", path, .changed,
      "\(size) octets with SHA-256 \(sha256), where \(manifest.file.size) with "
        + "\(manifest.file.sha256) were written")
  }

  /// A case goes on: later captures and runs are no change of what was exported.
  private func ofCase(_ manifest: ExportManifest) -> Check {
    let isSame = caseFile?.sha256 == manifest.caseFile.sha256
    return Check(
      "exported case", reader.path, isSame ? .unchanged : .grown,
      isSame
        ? ""
        : "has changed since \(manifest.exportedAt), when its SHA-256 was "
          + "\(manifest.caseFile.sha256); its log tells by what")
  }

  /// The captures of the manifest as the case has them now, by the number they had then.
  private func captures(
    _ manifest: ExportManifest
  ) -> (byNumber: [Int64: CaptureSource], checks: [Check]) {
    var found: [Int64: CaptureSource] = [:]
    var checks: [Check] = []
    for capture in manifest.captures {
      if let source = sources.first(where: { $0.sha256 == capture.sha256 }) {
        found[capture.captureID] = source
      } else {
        checks.append(
          Check(
            "exported capture", capture.name, .changed,
            "the case holds no capture of SHA-256 \(capture.sha256), from which packets were "
              + "written"))
      }
    }
    return (found, checks)
  }

  // MARK: - Packets

  /// What one packet is: digest of its octets, length on the wire, time.
  private struct Content: Equatable {
    var sha256: String
    var length: Int64
    var time: Int64?
  }

  private func packets(
    _ manifest: ExportManifest, at path: String, _ captures: [Int64: CaptureSource]
  ) throws -> [Check] {
    guard let listed = manifest.packets else {
      return [
        Check(
          "exported packets", path, .missing,
          "\(manifest.packetCount) packets are not listed one by one, and not compared")
      ]
    }
    let written: [Content]
    do { written = try Self.contents(of: path, atMost: listed.count) } catch {
      return [Check("exported packets", path, .changed, "\(error)")]
    }
    guard written.count == listed.count else {
      return [
        Check(
          "exported packets", path, .changed,
          "holds \(written.count > listed.count ? "more than \(listed.count)" : "\(written.count)") "
            + "packets, where \(listed.count) are listed")
      ]
    }
    let octets = SourceOctets(sources, in: reader)
    var checks: [Check] = []
    var compared = 0
    // In the order of the identifiers in the case, so that each source is passed over once.
    let order = zip(listed, written).compactMap { packet, content in
      captures[packet.packetID >> 32].map {
        (name: PacketName(id: $0.captureID << 32 | packet.number), content: content)
      }
    }.sorted { $0.name.id < $1.name.id }
    for (name, content) in order {
      guard let row = try PacketRow(name, in: reader) else {
        checks.append(
          Check("exported packet", name.description, .changed, "the case does not hold it"))
        continue
      }
      var source = Content(sha256: "", length: row.place.length, time: row.time ?? 0)
      let isThere = try octets.withOctets(of: row) { span in
        var digest = ContentDigest()
        digest.add(span)
        source.sha256 = digest.hexadecimal
      }
      guard isThere else { continue }
      compared += 1
      if source != content {
        checks.append(
          Check(
            "exported packet", name.description, .changed,
            "its octets, length or time in \(path) are not those of its source"))
      }
    }
    octets.close()
    for (id, loss) in octets.losses.sorted(by: { $0.key < $1.key }) {
      let name = sources.first { $0.captureID == id }?.name ?? ""
      checks.append(
        Check(
          "exported packets", name, loss.isChanged ? .changed : .missing,
          "\(loss.packets) cannot be compared: \(loss.reason)"))
    }
    return checks.isEmpty
      ? [Check("exported packets", path, .unchanged, "\(compared) as in their sources")] : checks
  }

  /// The packets of an exported file, in its order; one more than `count` where there are more.
  private static func contents(of path: String, atMost count: Int) throws -> [Content] {
    let reader = try CaptureReader(location: .file(path: path), format: .pcapng)
    var contents: [Content] = []
    while contents.count <= count,
      try reader.next({ packet, octets in
        var digest = ContentDigest()
        digest.add(octets)
        contents.append(
          Content(sha256: digest.hexadecimal, length: packet.length, time: packet.timestamp))
      })
    {}
    return contents
  }
}
