/** What a model is made to say. */
export interface Reply {
  /** Signed, where the wire signs its thoughts: what must go back to this model alone. */
  readonly thought?: { readonly text: string; readonly signature: string }
  readonly text?: string
  readonly calls?: readonly { readonly name: string; readonly args: unknown }[]
  /** How the arguments come apart; whole when absent. */
  readonly split?: (text: string) => readonly string[]
  /** The calls' arguments come in turns instead of one after the other, where the wire can. */
  readonly isInterleaved?: boolean
  readonly lacksUsage?: boolean
}

export interface Frame {
  readonly event?: string
  readonly data: string
}

/** A request as a strict provider understands it. */
export interface Conversation {
  readonly system: string
  readonly tools: readonly { readonly name: string; readonly schema: unknown }[]
  /** What the person said, in order. */
  readonly said: readonly string[]
  readonly answered: readonly string[]
  readonly calls: readonly { readonly id: string; readonly name: string; readonly args: unknown }[]
  readonly results: readonly { readonly id: string; readonly text: string }[]
}

export interface Wire {
  readonly name: string
  readonly model: string
  /** What the environment holds for a server at that address. */
  env(url: string): Record<string, string>
  readonly path: RegExp
  readonly keyHeader: string
  frames(reply: Reply, seed: string): readonly Frame[]
  /** The stream, where it is none of server-sent events, and what it is called. */
  readonly encode?: (frames: readonly Frame[]) => Buffer
  readonly contentType?: string
  /** What its server says of itself when it is asked, by path: no requests to a model, so no script sees them. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** Reads a request. Throws where the real server would answer 400. */
  read(body: unknown): Conversation
  /** The body of an error, as this provider writes it. */
  error(type: string, message: string): string
  /** An error inside a stream that had begun. */
  errorFrame(type: string, message: string): Frame
}

/** Not a real one: it must never be found anywhere but in a header. */
export const KEY = "sk-canary-7f3a91c2d4e5"

/** What this wire calls its stream. */
export function contentTypeOf({ contentType = "text/event-stream" }: Wire): string {
  return contentType
}

/** The frames as this wire streams them. */
export function bytesOf({ encode }: Wire, frames: readonly Frame[]): Buffer {
  return encode === undefined ? Buffer.from(streamOf(frames)) : encode(frames)
}

/** The reply's frames as a stream, `\n` ended. */
export function streamOf(frames: readonly Frame[], newline = "\n"): string {
  return frames
    .map(
      ({ event, data }) => `${event === undefined ? "" : `event: ${event}${newline}`}data: ${data}${newline}${newline}`,
    )
    .join("")
}

/** Every call has one result, and nothing else has. */
export function checkPairs(calls: Conversation["calls"], results: Conversation["results"]): void {
  const asked = calls.map(({ id }) => id)
  const told = results.map(({ id }) => id)
  if (new Set(asked).size !== asked.length) throw new Error(`A call id is used twice: ${asked}`)
  if (JSON.stringify(asked.toSorted()) !== JSON.stringify(told.toSorted()))
    throw new Error(`Calls ${asked} have results ${told}`)
}

export function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

/** First pieces of all, then second ones, … */
export function turns(pieces: readonly (readonly string[])[], make: (at: number, piece: string) => Frame): Frame[] {
  const most = Math.max(0, ...pieces.map(({ length }) => length))
  return Array.from({ length: most }, (_, round) =>
    pieces.flatMap((own, at) => (own[round] === undefined ? [] : [make(at, own[round])])),
  ).flat()
}
