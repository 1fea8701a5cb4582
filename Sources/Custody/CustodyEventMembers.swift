import CaseStore
import Foundation

extension CustodyEvent {
  /// What was changed, by name; nothing where that is no JSON object of texts.
  var members: [String: String] { membersOfJSON(details) }
}

/// The members of a JSON object of texts, by name; none where it is none.
func membersOfJSON(_ text: String) -> [String: String] {
  (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
}
