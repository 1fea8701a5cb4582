import CaseStore

/// Has the clocks of a case's captures taken into account, and says what came of it.
enum Aligning {
  /// - Parameter reference: The capture whose clock is believed; `nil` for the one that shares most
  ///   packets with others.
  static func align(_ writer: CaseWriter, to reference: String?) throws {
    let aligned = try writer.align(to: reference)
    guard !aligned.isEmpty else {
      return Terminal.say(
        "\(writer.path): no two captures show the same packets within a second, so no clocks were "
          + "compared; where one is known to be further off, 'captures --shift NAME=SECONDS' brings it near"
      )
    }
    for capture in aligned {
      switch capture.shift {
      case nil:
        Terminal.say("\(capture.name): shares no packets with the others; its clock is believed")
      case 0: Terminal.say("\(capture.name): its clock is the reference")
      case let shift?:
        Terminal.say(
          "\(capture.name): \(milliseconds(shift)) ms where its times are compared with others'")
      }
    }
  }

  /// With its sign, and as many digits as nanoseconds need.
  static func milliseconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = String(rest)
    return (nanoseconds < 0 ? "-" : "+") + "\(whole)."
      + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
