import { describe, expect, test } from "bun:test"
import type { ModelChunk, ModelPort, ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

/** One port, and the requests that bring its provider into each state. Made anew for every test. */
export interface ModelUnderTest {
  readonly port: ModelPort
  /** How many requests have reached the provider. */
  readonly asked: () => number
}

/** What the provider does with the next request. */
export type ProviderState =
  /** Answers whole. */
  | "answering"
  /** Begins to answer and then says nothing more for a minute. */
  | "silent"
  /** Refuses with an error that a retry could cure. */
  | "overloaded"
  /** Closes the connection in the middle of an item. */
  | "breaking"

/** What every ModelPort promises. `request` must fit what `make`'s provider expects. */
export function modelPortContract(
  name: string,
  request: ModelRequest,
  make: (state: ProviderState) => ModelUnderTest | Promise<ModelUnderTest>,
): void {
  describe(`${name} is a ModelPort`, () => {
    test("a reply ends with exactly one stop, and nothing comes after it", async () => {
      const { port, asked } = await make("answering")
      const chunks = await collected(port, request)

      expect(chunks.filter(({ type }) => type === "stop").length).toBe(1)
      expect(chunks.at(-1)?.type).toBe("stop")
      expect(asked()).toBe(1)
    })

    test("every item is begun, added to and ended in that order, and ended once", async () => {
      const { port } = await make("answering")

      expect(disorder(await collected(port, request))).toEqual([])
    })

    test("it keeps no state: the same question gets the same answer", async () => {
      const one = await make("answering")
      const two = await make("answering")

      expect(await collected(one.port, request)).toEqual(await collected(two.port, request))
    })

    test("an aborted signal is obeyed before anything is asked", async () => {
      const { port, asked } = await make("answering")
      const stopped = AbortSignal.abort(new Error("stopped"))

      expect(await endOf(port, request, stopped)).toBeInstanceOf(Error)
      expect(asked()).toBe(0)
    })

    test("it stops within 100 ms of the signal, also while the provider is silent", async () => {
      const { port } = await make("silent")
      const control = new AbortController()
      let abortedAt = Number.NaN
      const stopped = endOf(port, request, control.signal, () => {
        if (!control.signal.aborted) abortedAt = performance.now()
        control.abort(new Error("stopped"))
      })
      await stopped

      expect(control.signal.aborted).toBe(true)
      // Ten times what is promised: this guards against a hang, not against a busy machine.
      expect(performance.now() - abortedAt).toBeLessThan(1000)
    })

    test("a refusal is one SkeinError of the provider's, and is not tried again", async () => {
      const { port, asked } = await make("overloaded")
      const error = await endOf(port, request)

      expect(error).toBeInstanceOf(SkeinError)
      expect((error as SkeinError).code).toStartWith("provider.")
      expect((error as SkeinError).message.length).toBeGreaterThan(10)
      expect(asked()).toBe(1)
    })

    test("a reply that was cut off is an error and never a stop, and its last item is never whole", async () => {
      const { port, asked } = await make("breaking")
      const chunks: ModelChunk[] = []
      const error = await endOf(port, request, undefined, (more) => void chunks.push(...more))

      expect((error as SkeinError).code).toBe("provider.stream_cut")
      expect(chunks.filter(({ type }) => type === "stop")).toEqual([])
      expect(openItems(chunks).length).toBeGreaterThan(0)
      expect(asked()).toBe(1)
    })

    test("a name that nothing answers to is model.unknown, with what to do", async () => {
      const { port } = await make("answering")

      expect(() => port.describe("no-such-model-anywhere")).toThrow(SkeinError)
      expect(await endOf(port, { ...request, model: "no-such-model-anywhere" })).toMatchObject({
        code: "model.unknown",
      })
    })

    test("the model it is asked for is described, and ready", async () => {
      const { port } = await make("answering")

      expect(port.describe(request.model).isReady).toBe(true)
    })
  })
}

async function collected(port: ModelPort, request: ModelRequest): Promise<readonly ModelChunk[]> {
  const chunks: ModelChunk[] = []
  for await (const more of port.stream(request, new AbortController().signal)) chunks.push(...more)
  return chunks
}

/** What a reply ended with: the error it threw, or undefined. */
async function endOf(
  port: ModelPort,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
  onChunks: (chunks: readonly ModelChunk[]) => void = () => {},
): Promise<unknown> {
  try {
    for await (const chunks of port.stream(request, signal)) onChunks(chunks)
    return undefined
  } catch (error) {
    return error
  }
}

/** What breaks the order of items, in words. */
function disorder(chunks: readonly ModelChunk[]): readonly string[] {
  const kinds = new Map<number, string>()
  const ended = new Set<number>()
  const found: string[] = []
  for (const chunk of chunks) {
    if (!("index" in chunk)) continue
    const { index, type } = chunk
    if (ended.has(index)) found.push(`${type} after the end of ${index}`)
    const kind = kinds.get(index)
    if (type === "arguments" && kind !== "call") found.push(`arguments of ${index}, which is no call`)
    if (type === "call" && kind !== undefined) found.push(`a second beginning of ${index}`)
    if (type === "item_end") ended.add(index)
    else if (type !== "arguments") kinds.set(index, type)
  }
  const open = [...kinds.keys()].filter((index) => !ended.has(index))
  return [...found, ...open.map((index) => `no end of ${index}`)]
}

function openItems(chunks: readonly ModelChunk[]): readonly number[] {
  const begun = new Set(chunks.flatMap((chunk) => ("index" in chunk ? [chunk.index] : [])))
  for (const chunk of chunks) if (chunk.type === "item_end") begun.delete(chunk.index)
  return [...begun]
}
