import type { ModelChunk, ModelPort, ModelRequest } from "@skein/core/ports"
import { type ModelInfo, SkeinError } from "@skein/protocol"

/** One reply of a script: chunks in bursts, or an error, or a promise that is awaited in between. */
export type Scripted = readonly ScriptedBurst[]
export type ScriptedBurst = readonly ModelChunk[] | SkeinError | Promise<unknown>

/** The model says a text and is done. */
export function say(...texts: string[]): Scripted {
  return [
    ...texts.map((text): ModelChunk[] => [{ type: "text", index: 0, text }]),
    [{ type: "item_end", index: 0 }, usage(), { type: "stop", reason: "end" }],
  ]
}

/** The model asks for one call. */
export function call(name: string, input: unknown): Scripted {
  return calls([name, input])
}

/** The model asks for several calls in one reply. */
export function calls(...asked: readonly (readonly [name: string, input: unknown])[]): Scripted {
  const chunks = asked.flatMap(([name, input], index): ModelChunk[] => [
    { type: "call", index, name },
    { type: "arguments", index, text: typeof input === "string" ? input : JSON.stringify(input) },
    { type: "item_end", index },
  ])
  return [[...chunks, usage(), { type: "stop", reason: "calls" }]]
}

/** The provider refuses, or the stream breaks, after some text. */
export function fail(error: SkeinError, ...textsBefore: string[]): Scripted {
  return [...textsBefore.map((text): ModelChunk[] => [{ type: "text", index: 0, text }]), error]
}

function usage(): ModelChunk {
  return { type: "usage", usage: { input: 100, output: 10 } }
}

export interface ScriptedModel extends ModelPort {
  /** Every request so far. */
  readonly requests: readonly ModelRequest[]
}

const INFO: ModelInfo = {
  provider: "test",
  id: "scripted",
  contextTokens: 100_000,
  outputTokensMax: 10_000,
  price: { input: 1, output: 10 },
  images: true,
  tools: true,
  reasoning: true,
  isReady: true,
}

/** A model that answers by a script, a reply a request; asked once more than it has lines, it fails the test. */
export function scriptedModel(...script: readonly Scripted[]): ScriptedModel {
  return scriptedModelWith({}, ...script)
}

/** The same, with other facts about the model. */
export function scriptedModelWith(facts: Partial<ModelInfo>, ...script: readonly Scripted[]): ScriptedModel {
  const requests: ModelRequest[] = []
  const info = { ...INFO, ...facts }
  return {
    requests,
    describe: () => info,
    list: () => [info],
    async *stream(request, signal) {
      const reply = script[requests.length]
      requests.push(request)
      if (reply === undefined)
        throw new Error(`The script has ${script.length} replies; request ${requests.length} came`)
      for (const burst of reply) {
        if (burst instanceof Promise) await Promise.race([burst, abortOf(signal)])
        else if (burst instanceof SkeinError) throw burst
        else yield burst
        if (signal.aborted) throw signal.reason
      }
    },
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))
}
