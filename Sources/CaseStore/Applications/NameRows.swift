import PacketDecoding

extension NameMessage: ApplicationRow {
  static let table = "fact_name_message"
  static let columns = 16

  func add(to row: inout ApplicationColumns) {
    row.add(name.rawValue)
    row.add(message.identifier)
    row.add(message.isResponse)
    row.add(message.opcode)
    row.add(message.responseCode)
    row.add(message.truncated)
    row.add(message.questionName)
    row.add(message.questionType)
    row.add(questions)
    row.add(message.questionCount)
    row.add(message.answerCount)
    row.add(message.authorityCount)
    row.add(message.additionalCount)
    row.add(message.answers)
    row.add(message.authority)
    row.add(message.additional)
  }
}
