/// Why something could not be drawn.
public enum RenderingError: Error, Equatable, CustomStringConvertible {
  /// A font's file is in none of the folders.
  case missingFont(file: String, package: String, searched: [String])
  /// A font's file is there but fontconfig or HarfBuzz cannot read it.
  case unreadableFont(path: String)
  /// A library refused.
  case library(call: String, message: String)
  /// An id that cannot stand in an SVG file.
  case invalidID(String)
  /// A link or an entry of the outline leads nowhere.
  case missingDestination(String)
  /// A drawing's text that is no SVG of the kind that figures are written in.
  case unreadableDrawing(reason: String)

  /// What must hold, what was found, where, and what to do.
  public var description: String {
    switch self {
    case .missingFont(let file, let package, let searched):
      "Figures need the font \(file), which is in none of the folders "
        + searched.joined(separator: ", ")
        + ". Install the Debian package \(package), or name the folder that has it in "
        + "\(FontBook.environmentVariable) (folders separated by colons)."
    case .unreadableFont(let path):
      "\(path) must be an OpenType font and could not be read as one. Reinstall its package, or "
        + "take its folder out of \(FontBook.environmentVariable)."
    case .library(let call, let message):
      "\(call) must succeed; it answered '\(message)'. This is a fault of the installed library or "
        + "a lack of memory; run ./build.sh test to see whether other figures fail too."
    case .invalidID(let id):
      "A figure's id must begin with a letter and hold only letters, digits and hyphens; found "
        + "'\(id)'. Give another name to the figure."
    case .missingDestination(let name):
      "A link of the document leads to '\(name)', but no page has that place. Give the place that "
        + "name, or take the link away."
    case .unreadableDrawing(let reason):
      "The drawing must be an SVG of paths, circles, groups and repeated glyphs, as figures are "
        + "written; \(reason). Draw the figure anew."
    }
  }
}
