/** What a model is made to say in one reply. */
export interface Spoken {
  readonly text?: string
  readonly calls?: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[]
  /** The connection ends inside the arguments of the last call. */
  readonly isCut?: boolean
}

/** One of the model's own messages, as a request sends it back. */
export interface Heard {
  readonly text: string
  readonly calls: readonly { readonly id: string; readonly name: string; readonly args: unknown }[]
  /** What proves the reasoning to be the model's own, where the wire carries it; empty when it came without. */
  readonly proof: string
}

/** What a strict server makes of a request that it takes. */
export interface Understood {
  readonly own: readonly Heard[]
  /** All results, and whether each is an error; undefined where the wire cannot say. */
  readonly results: readonly { readonly id: string; readonly text: string; readonly isError?: boolean | undefined }[]
  readonly said: readonly string[]
  readonly pictures: number
  /** Whether the newest message is a result, and not a person's. */
  readonly isAgent: boolean
  readonly tools: readonly string[]
}

/** What one of the providers refuses beyond what its wire does. */
export interface Manners {
  /** Fields of the body it knows; any other is refused. */
  readonly fields: readonly string[]
  /** Fields it insists on, and their values. */
  readonly needs?: Readonly<Record<string, unknown>> | undefined
  /** Where reasoning comes and goes; absent: the model does not show any. */
  readonly reasoning?: string | undefined
  /** Whether a message with calls must bring its reasoning back. Else it may be left out, or must be. */
  readonly echo?: "needed" | "allowed" | "refused" | undefined
  readonly callId?: RegExp | undefined
  readonly systemRoles?: readonly string[] | undefined
  /** Of Chat: no person may speak right after a result. */
  readonly isAnswerNeededAfterResults?: boolean | undefined
  readonly lacksTools?: boolean | undefined
  /** Of Responses: what `strict` of a tool may be. */
  readonly strict?: boolean | null | undefined
}

/** A wire as a server of it sees it. */
export interface ServedWire {
  readonly contentType: string
  /** Throws `Refused` where the real server answers 400. */
  read(body: Json, manners: Manners): Understood
  /** All bytes of a reply; `seed` is in its ids and in the proof of its reasoning. */
  reply(spoken: Spoken, seed: number, manners: Manners): Uint8Array
}

export type Json = Readonly<Record<string, unknown>>

/** A request that the real server would not take. */
export class Refused extends Error {
  override readonly name = "Refused"
}

export function must(condition: boolean, words: string): void {
  if (!condition) throw new Refused(words)
}

export function proofOf(seed: number): string {
  return `proof-${seed}`
}

/** What the model thinks before reply `seed`. */
export function thoughtOf(seed: number): string {
  return `I think (${proofOf(seed)}).`
}

/** Every field is known, and what must be there is. */
export function checkFields(body: Json, { fields, needs = {}, lacksTools }: Manners): void {
  for (const name of Object.keys(body)) must(fields.includes(name), `Unrecognized request argument supplied: ${name}`)
  for (const [name, value] of Object.entries(needs)) {
    must(JSON.stringify(body[name]) === JSON.stringify(value), `${name} must be ${JSON.stringify(value)}`)
  }
  must(lacksTools !== true || body.tools === undefined, "tools are not supported")
}

/** Every call of a message has its one result right after it, and nothing else has. */
export function checkResults(asked: readonly string[], told: readonly string[]): void {
  must(new Set(asked).size === asked.length, `call ids are used twice: ${asked}`)
  must(
    JSON.stringify(asked.toSorted()) === JSON.stringify(told.toSorted()),
    `calls [${asked}] must be followed by their results, not by [${told}]`,
  )
}

export function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : ""
}

/** Pieces of a text, so that a stream comes in parts that cut through words and characters of two units. */
export function pieces(whole: string, length = 7): readonly string[] {
  return whole.match(new RegExp(`[\\s\\S]{1,${length}}`, "gu")) ?? []
}

/** Server-sent events with or without a name. */
export function events(frames: readonly { readonly event?: string; readonly data: unknown }[]): Uint8Array {
  const lines = frames.map(({ event, data }) => {
    const named = event === undefined ? "" : `event: ${event}\n`
    return `${named}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`
  })
  return new TextEncoder().encode(lines.join(""))
}
