import { InputDecoder } from "../decode/decoder.ts"
import type { Input } from "../input.ts"
import type { Terminal } from "./terminal.ts"

/** How long the rest of a sequence is waited for before its beginning is a key of its own. */
const REST_MS = 30

/** What is typed, decoded, as it comes; never an empty list. Gives the decoder, as some answers have to be announced to it. */
export function listen(terminal: Pick<Terminal, "onInput">, take: (inputs: readonly Input[]) => void): InputDecoder {
  const decoder = new InputDecoder()
  let waiting: ReturnType<typeof setTimeout> | undefined
  const given = (inputs: readonly Input[]) => {
    clearTimeout(waiting)
    waiting = decoder.hasPending ? setTimeout(() => given(decoder.flush()), REST_MS) : undefined
    if (inputs.length > 0) take(inputs)
  }
  terminal.onInput((bytes) => given(decoder.feed(bytes)))
  return decoder
}
