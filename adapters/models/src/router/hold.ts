import type { ModelChunk } from "@skein/core/ports"
import { endsInCalls } from "./ends-in-calls.ts"
import { findCalls } from "./find.ts"
import type { FoundCall } from "./fit.ts"
import { CLOSINGS } from "./forms.ts"
import { split } from "./split.ts"
import type { Watching } from "./watch.ts"

type Burst = readonly ModelChunk[]

interface Holding extends Watching {
  /** Asked when a reply holds no call that can be read. Never throws but for the signal. */
  readonly format?: ((text: string) => Promise<readonly FoundCall[]>) | undefined
}

/** More than this is no call that anyone would run: it is shown. */
const HELD_CHARS_MAX = 1_000_000
/** What of the text that was shown says whether a call may begin behind it. */
const SHOWN_END_CHARS = 64

/** For a model that writes its calls: text flows up to where a call may begin, and from there waits for the end. */
export async function* held(reply: AsyncIterable<Burst>, holding: Holding): AsyncGenerator<Burst> {
  const text = new HeldText()
  let hasCalls = false
  try {
    for await (const burst of reply) {
      const flowing: ModelChunk[] = []
      for (const chunk of burst) {
        hasCalls ||= chunk.type === "call"
        if (chunk.type === "stop") {
          if (flowing.length > 0) yield flowing.splice(0)
          yield await ended(chunk, text, hasCalls, holding)
        } else flowing.push(...text.take(chunk))
      }
      if (flowing.length > 0) yield flowing
    }
  } catch (error) {
    // A reply that breaks off keeps what was said of it.
    const said = text.release()
    if (said.length > 0) yield said
    throw error
  }
  const left = text.release()
  if (left.length > 0) yield left
}

async function ended(
  stop: Extract<ModelChunk, { type: "stop" }>,
  text: HeldText,
  hasCalls: boolean,
  { request, onFound, format }: Holding,
): Promise<Burst> {
  if (hasCalls || stop.reason !== "end") return [...text.release(), stop]
  const found = findCalls(text.whole, request)
  if (found !== undefined) {
    onFound()
    return endsInCalls([...text.releaseUpTo(found.text), stop], found.calls, text.nextIndex)
  }
  const rest = text.release()
  const said = text.whole.replace(CLOSINGS, "").trim()
  const calls = format === undefined || said === "" ? [] : await format(said)
  return calls.length === 0 ? [...rest, stop] : endsInCalls([...rest, stop], calls, text.nextIndex)
}

/** The newest text item, parted in what was shown and what waits; and what came after it. */
class HeldText {
  /** All of the item. */
  whole = ""
  nextIndex = 0
  #index: number | undefined
  #shownChars = 0
  /** The end of what was shown. */
  #shownEnd = ""
  /** Kept apart, as looking into the whole item with every piece would cost its length each time. */
  #waiting = ""
  #isCall = false
  /** What came behind text that waits, in order. */
  #kept: ModelChunk[] = []

  /** What of a chunk may go on now. */
  take(chunk: ModelChunk): Burst {
    if ("index" in chunk) this.nextIndex = Math.max(this.nextIndex, chunk.index + 1)
    if (chunk.type === "usage") return [chunk]
    if (chunk.type === "text") return this.#text(chunk)
    if (this.#waiting === "") return [chunk]
    // What follows a text that waits says whether the text was the end of the reply.
    this.#kept.push(chunk)
    return chunk.type === "item_end" ? [] : this.release()
  }

  /** All that waits, as it came. */
  release(): Burst {
    return this.releaseUpTo(this.whole)
  }

  /** All that waits, of the text only what belongs to `kept`, the item without what ends it. */
  releaseUpTo(kept: string): Burst {
    const rest = kept.slice(this.#shownChars)
    const index = this.#index
    const behind = this.#kept
    const isShown = this.#shownChars > 0 || rest !== ""
    this.#kept = []
    this.#shownChars = this.whole.length
    this.#shownEnd = this.whole.slice(-SHOWN_END_CHARS)
    this.#waiting = ""
    if (index === undefined) return behind
    const text: Burst = rest === "" ? [] : [{ type: "text", index, text: rest }]
    return [...text, ...behind.filter((chunk) => isShown || chunk.type !== "item_end" || chunk.index !== index)]
  }

  #text({ index, text }: Extract<ModelChunk, { type: "text" }>): Burst {
    const before = this.#index === index ? [] : this.release()
    if (this.#index !== index) {
      this.#index = index
      this.whole = ""
      this.#shownChars = 0
      this.#shownEnd = ""
      this.#isCall = false
    }
    this.whole += text
    this.#waiting += text
    if (this.#waiting.length > HELD_CHARS_MAX) return [...before, ...this.release()]
    if (this.#isCall) return before
    const parted = split(this.#waiting, this.#isAtStart())
    this.#isCall = parted.isCall
    this.#waiting = parted.held
    this.#shownChars += parted.shown.length
    this.#shownEnd = (this.#shownEnd + parted.shown).slice(-SHOWN_END_CHARS)
    return parted.shown === "" ? before : [...before, { type: "text", index, text: parted.shown }]
  }

  /** Behind nothing but blanks, or behind the thoughts that a template left in the text. */
  #isAtStart(): boolean {
    const isBlank = this.#shownChars < SHOWN_END_CHARS && this.#shownEnd.trim() === ""
    return isBlank || /<\/think>\s*$/.test(this.#shownEnd)
  }
}
