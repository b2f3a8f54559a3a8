import type { Json } from "@skein/protocol/json"
import type { Fingerprint } from "../files/fingerprint.ts"

/** A message and its parts, both as their JSON, with the id of each put in. */
export interface StoredMessage {
  readonly message: Json
  readonly parts: readonly Json[]
}

/** Where sessions are kept: files of JSON, or a database of the same JSON. */
export interface SessionStore {
  /** The facts of each session. */
  sessions(): Promise<readonly Json[]>
  /** In order. `onBroken` hears of each record that is no JSON. */
  messages(id: string, onBroken: () => void): AsyncIterable<StoredMessage>
  fingerprint(id: string): Promise<Fingerprint>
}
