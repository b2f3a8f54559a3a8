import { namesIn, readTypes, type Type } from "./notation.ts"
import { type Message, notifications, questions, requests } from "./surface.ts"
import { ITEM_TYPES } from "./types/item.ts"
import { MACHINE_TYPES } from "./types/machine.ts"
import { THREAD_TYPES } from "./types/thread.ts"

/** A type with what a reader is told of it. */
export interface Described {
  readonly type: Type
  readonly note?: string | undefined
}

/** One of the four unions that a wire's end reads. */
export interface Union {
  readonly name: "ClientRequest" | "ClientNotification" | "ServerNotification" | "ServerRequest"
  readonly hasId: boolean
  readonly rows: readonly { readonly method: string; readonly params: string | undefined }[]
}

/** All that is said, with the types it leans on. */
export interface Description {
  readonly types: ReadonlyMap<string, Described>
  readonly unions: readonly Union[]
  /** The types that stand for a whole message's parameters or result. */
  readonly messages: ReadonlySet<string>
}

const OPEN: Type = { kind: "record", of: { kind: "plain", name: "unknown" } }
/** Two methods that share an answer. */
const RESPONSES: Readonly<Record<string, string>> = {
  "config/value/write": "ConfigWriteResponse",
  "config/batchWrite": "ConfigWriteResponse",
}
/** Older words of Codex's, which it does not describe among its requests any more. */
const UNLISTED = new Set(["gitDiffToRemote"])

/** What client and server say to each other. What has no type of its own here is an open object. */
export function described({ isExperimental }: { readonly isExperimental: boolean }): Description {
  const known = readTypes(`${THREAD_TYPES}${ITEM_TYPES}${MACHINE_TYPES}`)
  const isMeant = (message: Message) => isExperimental || message.isExperimental !== true
  const [asked, told, back] = [requests.filter(isMeant), notifications.filter(isMeant), questions.filter(isMeant)]
  const types = new Map<string, Described>()
  const messages = new Set<string>()

  function add(name: string, note: string | undefined): void {
    messages.add(name)
    types.set(name, { type: known.get(name) ?? OPEN, note })
  }

  for (const message of asked) {
    const note = noteOf(message)
    if (message.hasParams) add(`${message.base}Params`, note)
    add(responseOf(message), note)
  }
  for (const message of told) add(`${message.base}Notification`, noteOf(message))
  for (const message of back) {
    const note = noteOf(message)
    add(`${message.base}Params`, note)
    add(`${message.base}Response`, note)
  }
  types.set("RequestId", { type: known.get("RequestId") ?? OPEN })
  // In order of need; a map goes on over what is added to it.
  for (const { type } of types.values()) {
    for (const name of namesIn(type)) {
      const found = known.get(name)
      if (found === undefined) throw new Error(`No type is called ${name}`)
      if (!types.has(name)) types.set(name, { type: found })
    }
  }
  return { types, messages, unions: unionsOf(asked, told, back) }
}

/** What of a message does not hold here; undefined where all of it does. */
function noteOf(row: Message): string | undefined {
  if (row.holds === "yes") return undefined
  const why = row.why === undefined ? "" : `: ${row.why}`
  return row.holds === "partly" ? `In skein${why}.` : `Not available in skein${why}.`
}

function responseOf({ id, base }: Message): string {
  return RESPONSES[id] ?? `${base}Response`
}

function unionsOf(asked: readonly Message[], told: readonly Message[], back: readonly Message[]): readonly Union[] {
  const rows = (messages: readonly Message[], ending: string) =>
    messages.map(({ id, base, hasParams }) => ({ method: id, params: hasParams ? `${base}${ending}` : undefined }))
  const listed = asked.filter(({ id }) => !UNLISTED.has(id))
  return [
    { name: "ClientRequest", hasId: true, rows: rows(listed, "Params") },
    { name: "ClientNotification", hasId: false, rows: [{ method: "initialized", params: undefined }] },
    { name: "ServerNotification", hasId: false, rows: rows(told, "Notification") },
    { name: "ServerRequest", hasId: true, rows: rows(back, "Params") },
  ]
}
