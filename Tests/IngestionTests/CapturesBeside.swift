import CaseFixtures
import Testing

extension Trait where Self == ConditionTrait {
  /// Runs the test where those folders or files of captures lie beside the repository, and is
  /// shown as skipped, with the reason, where they do not.
  static func besideCaptures(_ names: String...) -> Self {
    .enabled(
      if: names.allSatisfy { Places.shared($0) != nil },
      "../shared/captures does not hold \(names.joined(separator: " and "))")
  }
}
