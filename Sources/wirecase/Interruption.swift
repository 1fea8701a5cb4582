import Foundation
import Synchronization

/// SIGINT and SIGTERM as a question that a long task asks: has somebody asked for the end?
enum Interruption {
  private static let asked = Atomic<Bool>(false)

  /// From now on, until it is stopped, the first of either signal is an answer; a second one ends
  /// the program, as without this.
  static func begin() {
    // Made here, so that the handler only stores: a signal may come at any instruction.
    asked.store(false, ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { number in
        _ = signal(number, SIG_DFL)
        Interruption.asked.store(true, ordering: .sequentiallyConsistent)
      }
    }
  }

  static var isAsked: Bool { asked.load(ordering: .sequentiallyConsistent) }

  /// Both signals end the program again.
  static func end() {
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }
}
