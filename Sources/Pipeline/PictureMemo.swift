internal import Pictures
internal import Synchronization

/// Unit pictures by what they depend on, but for titles and places. Nodes of a fleet run the same services: their
/// picture is laid out once, whichever node comes first.
final class PictureMemo: Sendable {
  /// Where nodes differ more than this, remembering helps little and takes much room.
  private static let limit = 64

  private let known = Mutex<[UnitPictureKey: UnitPicturePieces]>([:])

  /// The picture with its title and places.
  func svg(of picture: UnitPicture) -> [UInt8] {
    let key = UnitPictureKey(picture)
    if let pieces = known.withLock({ $0[key] }) { return picture.svg(of: pieces) }
    let pieces = picture.pieces
    known.withLock { if $0.count < Self.limit { $0[key] = pieces } }
    return picture.svg(of: pieces)
  }
}
