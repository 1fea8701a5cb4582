import Foundation

/// What the user's words for sources came to.
public struct CaptureSearch: Sendable {
  /// In the order of the words; inside a folder by path, octet by octet.
  public var found: [CaptureLocation] = []
  /// The words, and the files and folders below them, that cannot be read, and why.
  public var failures: [ReadingError] = []
  /// Files below the folders that do not look like captures.
  public var passedOver = 0
}

/// The locations that a user's words mean: `-` is standard input, a folder all captures below it,
/// anything else a file.
///
/// Whether a file in a folder is a capture is told by its content, decompressed; one that is named as
/// captures are is taken all the same, so that its reader says what is wrong with it. Hidden files and
/// folders are left out, links followed, and no folder entered twice. A file that is named itself
/// is taken as it is; reading it says what is wrong with it.
public func captureLocations(for arguments: [String]) -> CaptureSearch {
  var search = CaptureSearch()
  for argument in arguments {
    if argument == "-" {
      search.found.append(.standardInput)
      continue
    }
    do throws(ReadingError) {
      if try SourceFile.status(path: argument).kind == .folder {
        search.addCaptures(below: argument)
      } else {
        search.found.append(.file(path: argument))
      }
    } catch {
      search.failures.append(error)
    }
  }
  return search
}

extension CaptureSearch {
  /// Adds the captures below a folder.
  fileprivate mutating func addCaptures(below folder: String) {
    let before = (found: found.count, failures: failures.count, passedOver: passedOver)
    var entered: Set<SourceFile.Status.Identity> = []
    // The next path is the last; entries are pushed in reverse so that they are met in order.
    var paths = [folder]
    while let path = paths.popLast() {
      do throws(ReadingError) {
        let status = try SourceFile.status(path: path)
        switch status.kind {
        case .folder where entered.insert(status.identity).inserted:
          paths += try Self.entries(of: path).reversed()
        case .file where entered.insert(status.identity).inserted:
          let isTaken =
            if Self.isNamedAsCapture(path) { true } else { try Self.isCapture(path) }
          if isTaken {
            found.append(.file(path: path))
          } else {
            passedOver += 1
          }
        case .folder, .file:
          // Met already, through another link.
          break
        case .other:
          // A pipe or a device: looking at it would take octets from it, or wait for ever.
          passedOver += 1
        }
      } catch .missing {
        // A link to nothing.
        passedOver += 1
      } catch {
        failures.append(error)
      }
    }
    if found.count == before.found && failures.count == before.failures {
      failures.append(
        .folderWithoutCaptures(name: folder, passedOver: passedOver - before.passedOver))
    }
  }

  /// The paths of what a folder holds, hidden names left out, in the order of their octets.
  private static func entries(of folder: String) throws(ReadingError) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(name: folder, reason: error.localizedDescription)
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return names.filter { !$0.hasPrefix(".") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .map { prefix + $0 }
  }

  /// Whether the name promises a capture, such as `office.pcap3.gz`: that it is none is to be known.
  private static func isNamedAsCapture(_ path: String) -> Bool {
    path.lowercased().firstMatch(of: /\.(pcap|pcapng|cap)[0-9]*(\.(gz|zst))?$/) != nil
  }

  /// Whether the content looks like a capture, one in a variant that is not read included: the
  /// user is to know of it.
  private static func isCapture(_ path: String) throws(ReadingError) -> Bool {
    do throws(ReadingError) {
      switch CaptureContent(try ByteSource(.file(path: path))) {
      case .capture, .refused: return true
      case .otherText, .binary: return false
      }
    } catch .empty {
      return false
    }
  }
}
