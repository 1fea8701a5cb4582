/// Where a printed packet stands in its text, by line number from 1.
public struct PrintedLineRecord: Equatable, Sendable {
  public var packetNumber: Int64
  public var firstLine: Int64
  public var lastLine: Int64
  public init(packetNumber: Int64, firstLine: Int64, lastLine: Int64) {
    (self.packetNumber, self.firstLine, self.lastLine) = (packetNumber, firstLine, lastLine)
  }
}
