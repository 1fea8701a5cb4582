import ArgumentParser
import CaptureReading
import CaseStore
import Evidence
import Foundation
import Investigations
import Reporting

/// The contract's exit codes.
extension ExitCode {
  /// `--fail-on` was met, or `verify` found a change.
  static let findings = ExitCode(1)
  static let usage = ExitCode(2)
  /// Some sources could not be read or were cut short; the rest is in the case.
  static let partly = ExitCode(3)
  /// Nothing could be read.
  static let nothing = ExitCode(4)
  /// The case cannot be opened, is not a case, is newer, or is locked.
  static let caseUnusable = ExitCode(5)
  /// A fault of the program's own.
  static let fault = ExitCode(70)
}

/// What commands print, and where.
enum Terminal {
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
  /// Whether somebody types, and sees what is printed.
  static var isInteractive: Bool { inputIsTerminal && outputIsTerminal }

  /// One line on standard error, from the program.
  static func say(_ message: String) {
    let line = TabularOutput.harmless("wirecase: \(message)") + "\n"
    show(line)
  }

  /// Text on standard error as it is. Nobody may be reading there (`2>&1 | head`): that must not
  /// end what the program is doing.
  static func show(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Nobody reads standard output any more (`| head`).
  struct ReaderHasGone: Error {}

  /// Text on standard output.
  ///
  /// - Throws: `ReaderHasGone`, which ends a command quietly; `ValidationError` where the output is
  ///   a file that cannot be written.
  static func print(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      if cause?.domain == NSPOSIXErrorDomain, cause?.code == Int(EPIPE) { throw ReaderHasGone() }
      let reason = cause?.localizedFailureReason.map { ": \($0)" } ?? ""
      throw ValidationError(
        "standard output: cannot be written\(reason); check the file and the space on its disk")
    }
  }

  /// Lets `work` print as far as anybody reads it: for commands whose exit code says more than
  /// that.
  static func whileRead(_ work: () throws -> Void) throws {
    do { try work() } catch is ReaderHasGone {}
  }
}

/// Runs a command's work and turns what it throws into one line and an exit code.
func reportingErrors(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let code as ExitCode {
    throw code
  } catch is Terminal.ReaderHasGone {
    // Whoever closed the pipe has read enough.
  } catch let error as CaseError {
    Terminal.say(error.description)
    throw ExitCode.caseUnusable
  } catch let error as ReadingError {
    Terminal.say(error.description)
    throw ExitCode.usage
  } catch let error as LiveError {
    Terminal.say(error.description)
    throw ExitCode.nothing
  } catch let error as SQLFault {
    Terminal.say(error.description)
    throw ExitCode.usage
  } catch let error as EvidenceError {
    Terminal.say(error.description)
    throw ExitCode.usage
  } catch let error as IncidentFileError {
    Terminal.say(error.description)
    throw ExitCode.usage
  } catch let error as InvestigationError {
    Terminal.say(error.description)
    throw ExitCode.usage
  } catch let error as ValidationError {
    throw error
  } catch {
    Terminal.say("unexpected: \(error); please report this")
    throw ExitCode.fault
  }
}
