import { SkeinError } from "@skein/protocol"
import type { SseDecoder } from "./sse.ts"

/** One line may take this many UTF-16 units; beyond it the sender is broken or hostile. */
const LINE_UNITS_MAX = 64 * 1024 * 1024

/** Lines as events, each with the line as its data; empty ones are none. */
export function lineDecoder(): SseDecoder {
  const utf8 = new TextDecoder("utf-8")
  let rest = ""

  function take(text: string): ReturnType<SseDecoder["feed"]> {
    const lines = (rest + text).split("\n")
    rest = lines.pop() ?? ""
    if (rest.length > LINE_UNITS_MAX) {
      throw new SkeinError("provider.protocol", `The provider sent one line longer than ${LINE_UNITS_MAX} characters`)
    }
    return lines.filter((line) => line.trim() !== "").map((data) => ({ event: "", data }))
  }

  return {
    feed: (bytes) => take(utf8.decode(bytes, { stream: true })),
    end: () => take(`${utf8.decode()}\n`),
  }
}
