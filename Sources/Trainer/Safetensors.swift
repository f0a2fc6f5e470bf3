import Foundation

/// Tensors and strings in the safetensors format, as bytes.
///
/// The format: 8 bytes, the header's length, little-endian; the header, a JSON object of tensors by
/// name with `dtype`, `shape` and `data_offsets`, and of strings under `__metadata__`, padded by
/// spaces; then the tensors' values, little-endian, without holes. Only `F32` is written and read.
struct Safetensors: Equatable {
  struct Tensor: Equatable {
    var name: String
    var shape: [Int]
    /// Row by row, without padding.
    var values: [Float]
  }

  var metadata: [String: String] = [:]
  var tensors: [Tensor] = []

  /// The longest header that is read, in bytes; the format's own limit.
  static let longestHeader = 100_000_000

  /// The file's bytes: metadata first, in the order of the keys, then tensors in their own order.
  var bytes: Data {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(HeaderJSON.quoted($0.key)):\(HeaderJSON.quoted($0.value))"
      }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(HeaderJSON.quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    // The values begin at a multiple of 8 bytes, so that a reader may map them.
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }

    var data = Data(capacity: 8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header)
    for tensor in tensors {
      let words = tensor.values.map(\.bitPattern.littleEndian)
      words.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  init(metadata: [String: String] = [:], tensors: [Tensor] = []) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads a file's bytes and refuses whatever the format does not allow; `path` is for the errors.
  init(_ data: Data, path: String) throws(CheckpointError) {
    let data = Data(data)
    guard data.count >= 8 else {
      throw .badHeader(path: path, reason: "it has \(data.count) bytes, too few for a length")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
    guard length <= UInt64(Self.longestHeader) else {
      throw .badHeader(path: path, reason: "it states a header of \(length) bytes")
    }
    let start = 8 + Int(length)
    guard data.count >= start else {
      throw .wrongLength(path: path, expected: start, found: data.count)
    }
    guard data.count > 8, data[8] == UInt8(ascii: "{") else {
      throw .badHeader(path: path, reason: "it does not begin with a brace")
    }

    let members: [HeaderJSON.Member]
    do {
      guard case .object(let object) = try HeaderJSON(data[8..<start]) else {
        throw CheckpointError.badHeader(path: path, reason: "it is no object")
      }
      members = object
    } catch let failure as HeaderJSON.Failure {
      throw .badHeader(path: path, reason: "it \(failure.reason), at byte \(8 + failure.byte)")
    } catch {
      throw .badHeader(path: path, reason: "it is no object")
    }

    var extents: [(entry: Entry, name: String)] = []
    for member in members {
      if member.key == "__metadata__" {
        metadata = try Self.strings(member.value, path: path)
      } else {
        extents.append((try Entry(member, path: path), member.key))
      }
    }
    // Values may stand in another order than names; together they must cover all bytes once.
    var end = 0
    for (entry, name) in extents.sorted(by: {
      $0.entry.range.lowerBound < $1.entry.range.lowerBound
    }) {
      guard entry.range.lowerBound == end else {
        throw .badTensor(
          path: path, tensor: name,
          reason: "its values begin at byte \(entry.range.lowerBound), not at \(end)")
      }
      end = entry.range.upperBound
    }
    guard data.count == start + end else {
      throw .wrongLength(path: path, expected: start + end, found: data.count)
    }
    for (entry, name) in extents {
      let values = data.subdata(in: start + entry.range.lowerBound..<start + entry.range.upperBound)
        .withUnsafeBytes { bytes in
          (0..<bytes.count / 4).map {
            Float(
              bitPattern: UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
          }
        }
      tensors.append(Tensor(name: name, shape: entry.shape, values: values))
    }
  }

  private static func strings(
    _ value: HeaderJSON, path: String
  ) throws(CheckpointError) -> [String: String] {
    guard case .object(let members) = value else {
      throw .badHeader(path: path, reason: "its __metadata__ is no object")
    }
    var result: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        throw .badHeader(path: path, reason: "metadata '\(member.key)' is no string")
      }
      result[member.key] = text
    }
    return result
  }

  /// What the header says of one tensor.
  private struct Entry {
    var shape: [Int] = []
    var range = 0..<0

    init(_ member: HeaderJSON.Member, path: String) throws(CheckpointError) {
      let name = member.key
      func wrong(_ reason: String) -> CheckpointError {
        .badTensor(path: path, tensor: name, reason: reason)
      }
      guard case .object(let fields) = member.value else { throw wrong("it is no object") }
      let known = ["dtype", "shape", "data_offsets"]
      if let extra = fields.first(where: { !known.contains($0.key) }) {
        throw wrong("it has an unknown field '\(extra.key)'")
      }
      func numbers(_ key: String) throws(CheckpointError) -> [Int] {
        guard case .array(let items) = fields.first(where: { $0.key == key })?.value else {
          throw wrong("it has no list '\(key)'")
        }
        var result: [Int] = []
        for item in items {
          guard case .number(let number) = item else {
            throw wrong("'\(key)' holds something other than whole numbers")
          }
          result.append(number)
        }
        return result
      }
      guard case .string(let type) = fields.first(where: { $0.key == "dtype" })?.value else {
        throw wrong("it has no dtype")
      }
      guard type == "F32" else { throw wrong("its dtype is \(type); only F32 is read") }
      shape = try numbers("shape")
      let offsets = try numbers("data_offsets")
      guard offsets.count == 2, offsets[0] <= offsets[1] else {
        throw wrong("its data_offsets are no begin and end")
      }
      var bytes = 4
      for extent in shape {
        let (product, over) = bytes.multipliedReportingOverflow(by: extent)
        guard !over else { throw wrong("its shape \(shape) is too large") }
        bytes = product
      }
      guard offsets[1] - offsets[0] == bytes else {
        throw wrong(
          "its shape \(shape) takes \(bytes) bytes, its data_offsets \(offsets[1] - offsets[0])")
      }
      range = offsets[0]..<offsets[1]
    }
  }
}
