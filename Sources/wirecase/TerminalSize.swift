import Foundation
import Reporting

extension Terminal {
  /// What tables may use of standard output: a terminal's width, and colour where it has it and
  /// nobody asked for none (https://no-color.org).
  static var layout: TerminalLayout {
    guard outputIsTerminal else { return .plain }
    let environment = ProcessInfo.processInfo.environment
    let isColourless =
      !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return TerminalLayout(width: outputWidth, hasColour: !isColourless)
  }

  /// Columns of the terminal that standard output is; `nil` where it does not say.
  private static var outputWidth: Int? {
    var size = winsize()
    // The kernel fills in a structure of ours, which lives until the call is over.
    let isKnown = unsafe withUnsafeMutablePointer(to: &size) {
      unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), $0) == 0
    }
    return isKnown && size.ws_col > 0 ? Int(size.ws_col) : nil
  }
}
