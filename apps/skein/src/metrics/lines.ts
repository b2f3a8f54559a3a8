import { type Json, parseObject } from "@skein/protocol/json"

/** A line this long is not kept in memory: it counts as one that could not be read. */
const LINE_BYTES_MAX = 1_000_000

/** The objects of a file, a line each, however large it is; undefined for a line that holds none. Blank lines are nothing. */
export async function* objectsOf(file: string): AsyncIterable<Json | undefined> {
  for await (const line of linesOf(Bun.file(file).stream())) {
    if (line === undefined) yield undefined
    else if (line.trim() !== "") yield parseObject(line)
  }
}

/** Lines of a stream; undefined for one that was too long. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncIterable<string | undefined> {
  const decoder = new TextDecoder()
  let rest = ""
  let isTooLong = false
  for await (const bytes of stream) {
    const [first = "", ...others] = decoder.decode(bytes, { stream: true }).split("\n")
    rest += isTooLong ? "" : first
    isTooLong ||= rest.length > LINE_BYTES_MAX
    if (isTooLong) rest = ""
    for (const next of others) {
      yield isTooLong ? undefined : rest
      isTooLong = next.length > LINE_BYTES_MAX
      rest = isTooLong ? "" : next
    }
  }
  if (isTooLong) yield undefined
  else if (rest !== "") yield rest
}
