/** What a terminal keeps of a line, in bytes without the newline; it drops the rest and says nothing. */
const TERMINAL_LINE_BYTES = 4_095
export const CUT = `  The terminal keeps no more than ${TERMINAL_LINE_BYTES} bytes of a line, so the end of this one is lost. Nothing was sent.
  Put line breaks into it (a line that ends in \\ goes on), or name a file to read, or pipe it: skein -p < file`

/** A character that did not fit whole leaves up to three bytes unused. */
export function isCut(line: string): boolean {
  return line.length * 3 >= TERMINAL_LINE_BYTES && Buffer.byteLength(line) > TERMINAL_LINE_BYTES - 4
}
