import CaptureReading
import CaseStore

/// The lines of a log that a packet was read from.
public enum PrintedPacket {
  /// What the lines came to.
  public enum Found: Equatable, Sendable {
    case lines([String])
    /// Why there are none, in words.
    case nothing(String)
  }

  /// Reads lines of a printed capture's source again: as the case keeps it, or else the file.
  ///
  /// - Parameter range: Their numbers, from 1.
  public static func lines(
    _ range: ClosedRange<Int64>, of source: CaptureSource, in caseReader: CaseReader
  ) -> Found {
    if !source.isEmbedded {
      switch source.state() {
      case .missing(let reason), .changed(let reason): return .nothing(reason)
      case .same: break
      }
    }
    do {
      let reader =
        source.isEmbedded
        ? try CaptureReader(source.packed(in: caseReader), format: .tcpdumpText)
        : try CaptureReader(location: .file(path: source.place ?? ""), format: .tcpdumpText)
      var lines: [String] = []
      while let line = reader.nextLine(), line.number <= range.upperBound {
        if range.contains(line.number) { lines.append(line.text) }
        // The faults of long lines are in the case.
        if line.number % 10_000 == 0 { _ = reader.takeFaults() }
      }
      if lines.isEmpty, let fault = reader.takeFaults().last { return .nothing(fault.message) }
      return .lines(lines)
    } catch {
      return .nothing(error.description)
    }
  }
}
