/// A dictionary that forgets what was not used longest when it is full.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var index: [Key: Int32] = [:]
  private var entries: [(key: Key, value: Value)] = []
  private var recency = RecencyOrder()
  private let limit: Int

  init(limit: Int) { self.limit = max(1, limit) }

  var count: Int { index.count }

  /// Reading is use as well; what is set to `nil` is removed.
  subscript(key: Key) -> Value? {
    mutating get {
      guard let slot = index[key] else { return nil }
      recency.touch(slot)
      return entries[Int(slot)].value
    }
    set {
      guard let newValue else {
        _ = remove(key)
        return
      }
      if let slot = index[key] {
        entries[Int(slot)].value = newValue
        recency.touch(slot)
        return
      }
      if index.count >= limit { _ = remove(entries[Int(recency.oldest)].key) }
      let slot = recency.add()
      if Int(slot) == entries.count {
        entries.append((key, newValue))
      } else {
        entries[Int(slot)] = (key, newValue)
      }
      index[key] = slot
    }
  }

  mutating func remove(_ key: Key) -> Value? {
    guard let slot = index.removeValue(forKey: key) else { return nil }
    recency.remove(slot)
    return entries[Int(slot)].value
  }
}
