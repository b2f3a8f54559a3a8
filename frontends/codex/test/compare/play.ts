import type { Message } from "../talk.ts"
import { mockModel } from "./mock.ts"
import { serving, type Which } from "./programs.ts"
import type { Step } from "./scripts.ts"

/** What a program told, each answer under the method of its request. */
export interface Told {
  readonly head: string
  readonly content: unknown
}

/** Runs a script on one of the two programs. Gives all that it told from the handshake on, with ids, times and places made alike. */
export async function play(which: Which, codex: string, steps: readonly Step[]): Promise<readonly Told[]> {
  const model = mockModel()
  const { host, work, home, end } = serving(which, codex, model)
  const kept = new Map<string, unknown>([["work", work]])
  const sent = new Map<unknown, string>([[1, "initialize"]])
  const [first] = steps
  await host.handshake(first !== undefined && "capabilities" in first ? first.capabilities : {})
  let ids = 1
  const open = new Map<string, Message>()
  for (const step of steps) {
    if ("capabilities" in step) continue
    if ("send" in step) {
      sent.set(++ids, step.send)
      const answer = await host.request(step.send, filled(step.params ?? {}, kept) as Record<string, unknown>)
      keepFrom(answer.result, step.keep, kept)
    } else if ("await" in step) {
      const message = await host.next(step.await)
      open.set(step.await, message)
      keepFrom(message.params, step.keep, kept)
    } else {
      const asked = open.get(step.answer) ?? (await host.next(step.answer))
      open.delete(step.answer)
      host.say({ id: asked.id, result: step.result })
    }
  }
  const errors = await end()
  model.stop()
  if (errors.includes("panicked")) throw new Error(errors)
  return host.messages.map((message) => told(message, sent, new Namer(work, home)))
}

function keepFrom(value: unknown, wanted: Readonly<Record<string, string>> | undefined, kept: Map<string, unknown>) {
  for (const [name, path] of Object.entries(wanted ?? {})) {
    const found = path.split(".").reduce((at, key) => (at as Readonly<Record<string, unknown>>)?.[key], value)
    kept.set(name, found)
  }
}

function filled(value: unknown, kept: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === "string") return value.startsWith("$") ? kept.get(value.slice(1)) : value
  if (Array.isArray(value)) return value.map((one) => filled(one, kept))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, kept)]))
}

function told(message: Message, sent: ReadonlyMap<unknown, string>, namer: Namer): Told {
  const { id, method, params, result, error } = message
  if (method !== undefined) return { head: headOf(method, params), content: namer.named(params) }
  return { head: `${error === undefined ? "answer" : "error"} ${sent.get(id)}`, content: namer.named(error ?? result) }
}

/** What tells one message of a method from another. */
function headOf(method: string, params: Record<string, unknown> | undefined): string {
  const item = params?.item as { readonly type?: string } | undefined
  const status = params?.status as { readonly type?: string; readonly activeFlags?: readonly string[] } | undefined
  return [method, item?.type, status?.type, ...(status?.activeFlags ?? [])]
    .filter((word) => word !== undefined)
    .join(" ")
}

/** Puts a word in the place of what is another in every run. */
class Namer {
  readonly #places: readonly (readonly [string, string])[]

  constructor(work: string, home: string) {
    this.#places = [
      [work, "<work>"],
      [home, "<home>"],
    ]
  }

  named(value: unknown, key = ""): unknown {
    if (typeof value === "string") return this.#text(value, key)
    if (typeof value === "number" && /(At|AtMs|Ms)$/.test(key)) return "<time>"
    if (Array.isArray(value)) return value.map((one) => this.named(one, key))
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.named(one, name)]))
  }

  #text(text: string, key: string): string {
    if (/^(call|msg|fc|ctc)_\d+$/.test(text)) return "<id>"
    if (key === "path" && /\/rollout-.*\.jsonl$/.test(text)) return "<rollout>"
    const placed = this.#places.reduce((all, [place, word]) => all.replaceAll(place, word), text)
    return placed.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
  }
}
