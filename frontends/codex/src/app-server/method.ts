import { isAbsolute } from "node:path"
import type { Engine, InputPart, Settings } from "@skein/protocol"
import { asText, type Json } from "@skein/protocol/json"
import type { Audience } from "./audience.ts"
import { METHOD_NOT_FOUND, type Peer, RpcError } from "./peer.ts"
import type { Personal } from "./personal.ts"
import type { RunningPrograms } from "./running-programs.ts"
import type { ClientServices } from "./services.ts"
import type { Threads } from "./threads.ts"

/** What a request leads to: its answer, and what follows once that is written. */
export interface Reply {
  /** One that comes later holds up no other request. */
  readonly result: Json | Promise<Json>
  readonly after?: () => void
}

export interface Context {
  readonly engine: Engine
  readonly peer: Peer
  /** Every client of this server, this one too. */
  readonly audience: Audience
  readonly threads: Threads
  readonly fileSearches: OpenSearches
  /** Where a new thread works that names no folder, absolute. */
  readonly cwd: string
  /** What a new thread starts with. */
  readonly settings: Settings
  readonly readImage: (path: string) => InputPart
  readonly startModel: (cwd: string) => Promise<string>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly personal: Personal | undefined
  /** Of `command/exec`, and of `process/…`. */
  readonly programs: RunningPrograms
  readonly processes: RunningPrograms
  readonly watches: OpenWatches
  readonly services: ClientServices | undefined
}

/** Files and folders that are watched. */
export interface OpenWatches {
  watch(params: Json, context: Context): Promise<Reply>
  unwatch(params: Json): Reply
}

/** Searches for files that go on from key to key. */
export interface OpenSearches {
  start(params: Json): Reply
  update(params: Json, context: Context): Reply
  stop(params: Json): Reply
}

export type Method = (params: Json, context: Context) => Promise<Reply> | Reply

/** A family of methods, by their names on the wire. */
export type Methods = Readonly<Record<string, Method>>

/** A required text of a request's parameters. Throws RpcError in Codex's words. */
export function needed(params: Json, key: string): string {
  const value = asText(params[key])
  if (value !== undefined) return value
  throw new RpcError(`Invalid request: missing field \`${key}\``)
}

/** Throws RpcError where nothing of the person's is behind such a method. */
export function personalOf(method: string, { personal }: Pick<Context, "personal">): Personal {
  if (personal !== undefined) return personal
  throw new RpcError(`${method} is not available here: this server has nothing but its threads`, METHOD_NOT_FOUND)
}

/** A required absolute path of a request's parameters. Throws RpcError in Codex's words. */
export function absolute(params: Json, key: string): string {
  const path = needed(params, key)
  if (isAbsolute(path) && !path.includes("\0")) return path
  throw new RpcError(`Invalid request: ${key} is no absolute path: ${JSON.stringify(path)}`)
}

/** Throws RpcError where there is nothing behind such a method. */
export function servicesOf(method: string, { services }: Context): ClientServices {
  if (services !== undefined) return services
  throw new RpcError(`${method} is not available here: this server does nothing beside its threads`, METHOD_NOT_FOUND)
}

/** What would change the work and cannot be done is refused; what is only a hint is passed over. */
export function refuseMissing(method: string, params: Json, keys: readonly string[]): void {
  for (const key of keys) {
    const value = params[key]
    if (value === undefined || value === null || value === false || value === "") continue
    throw new RpcError(`${method} with ${key} is not available in this version of skein`, METHOD_NOT_FOUND)
  }
}

/** What of a thread cannot be given when it is opened. */
export const THREAD_NOT_YET = ["history"]

/** What a client asked for and does not get is told, never passed over. */
export function warn(peer: Peer, threadId: string, warnings: readonly string[]): void {
  for (const message of warnings) peer.notify("warning", { threadId, message })
}

/** A thread stays in its folder. Throws RpcError for another. */
export function requireSameFolder(method: string, params: Json, cwd: string): void {
  const asked = asText(params.cwd)
  if (asked === undefined || asked.replace(/(.)\/+$/, "$1") === cwd) return
  throw new RpcError(`${method} cannot move a thread to another folder in this version of skein: it works in ${cwd}`)
}
