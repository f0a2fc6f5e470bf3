extension RecordReader {
  /// Reads one record of delimited values (RFC 4180).
  ///
  /// Fields may be quoted, with quotes doubled inside and line breaks allowed; lines end in LF, CRLF or
  /// CR; blank lines are passed over; spaces around an unquoted field are dropped.
  /// - Complexity: linear in the bytes; a record at the window's end is read again from its beginning.
  func nextDelimited(_ separator: UInt8) throws(DataError) -> Bool {
    while true {
      switch try cut(separator) {
      case .record: return true
      case .blank: continue
      case .end: return false
      case .short:
        guard try window.extend() else {
          throw .lineTooLong(file: file, row: line, limit: ByteWindow.limit)
        }
      }
    }
  }

  private enum Cut {
    case record
    case blank
    case end
    /// The window ends before the record does.
    case short
  }

  private func cut(_ separator: UInt8) throws(DataError) -> Cut {
    let (quote, newline, carriage) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    let bytes = window.base
    let (end, isAtEnd) = (window.end, window.isAtEnd)
    var position = window.start
    guard position < end else { return isAtEnd ? .end : .short }
    var count = 0
    var lines = 0
    while true {
      var field = Field(start: position, end: position, isQuoted: false, isPresent: true)
      // Spaces before a quote are no part of the field.
      var opening = position
      while opening < end, bytes[opening] == 0x20 { opening += 1 }
      if opening == end, !isAtEnd { return .short }
      if opening < end, bytes[opening] == quote {
        position = opening + 1
        field.start = position
        field.isQuoted = true
        while true {
          guard position < end else {
            guard isAtEnd else { return .short }
            throw .unclosedQuote(file: file, row: line)
          }
          let byte = bytes[position]
          position += 1
          if byte == quote {
            if position == end, !isAtEnd { return .short }
            guard position < end, bytes[position] == quote else { break }
            position += 1
          } else if byte == newline {
            lines += 1
          }
        }
        field.end = position - 1
        while position < end, bytes[position] == 0x20 { position += 1 }
        if position < end, bytes[position] != separator, bytes[position] != newline,
          bytes[position] != carriage
        {
          throw .textAfterQuote(file: file, row: line, column: count + 1)
        }
      } else {
        while position < end, bytes[position] != separator, bytes[position] != newline,
          bytes[position] != carriage
        {
          position += 1
        }
        field.end = position
        while field.start < field.end, isBlank(bytes[field.start]) { field.start += 1 }
        while field.end > field.start, isBlank(bytes[field.end - 1]) { field.end -= 1 }
      }
      if position == end, !isAtEnd { return .short }
      if count < fields.count { fields[count] = field } else { fields.append(field) }
      count += 1
      if position < end, bytes[position] == separator {
        position += 1
        continue
      }
      if position < end {
        // CR before LF is part of one line's end, which may lie across the window's.
        if bytes[position] == carriage {
          if position + 1 == end, !isAtEnd { return .short }
          if position + 1 < end, bytes[position + 1] == newline { position += 1 }
        }
        position += 1
      }
      break
    }
    row = line
    line += lines + 1
    window.start = position
    fieldCount = count
    let isBlankLine = count == 1 && !fields[0].isQuoted && fields[0].start == fields[0].end
    return isBlankLine ? .blank : .record
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
