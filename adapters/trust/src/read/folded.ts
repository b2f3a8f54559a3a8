/** Characters that some file systems leave out of a name: `.g\u{200c}it` is `.git` there. */
const IGNORED = /[\u{200c}-\u{200f}\u{202a}-\u{202e}\u{206a}-\u{206f}\u{feff}]/gu

/**
 * A name as the most careless file system would compare it: no case, no invisible characters, no dots and spaces at the
 * end. What is one file somewhere is one file here, whatever this machine does.
 */
export function folded(name: string): string {
  const known = /^[ -~]*$/.test(name) ? name : name.normalize("NFKC").replaceAll(IGNORED, "")
  const plain = known.toLowerCase().replace(/[. ]+$/, "")
  return plain === "git~1" ? ".git" : plain
}
