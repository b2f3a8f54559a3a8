import type { Beat } from "./beat.ts"
import type { Fingerprint } from "./files/fingerprint.ts"
import type { Format, FoundSession } from "./format.ts"
import type { Ledger } from "./ledger.ts"

/** Where other programs keep their logs, from the environment and home folder that the host gives. */
export interface Roots {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** What is known of one program's logs. */
export interface Reader {
  readonly format: Format
  /** Files that may hold sessions, in no order. Nothing is opened. */
  places(roots: Roots): AsyncIterable<string>
  /** The sessions that a file holds; none when it is not of this format. Reads the start of a log only. */
  find(path: string): Promise<readonly FoundSession[]>
  fingerprint(found: FoundSession): Promise<Fingerprint>
  /** The conversation, in order. `bytesMax`: what of the file was there when it was fingerprinted. */
  beats(found: FoundSession, ledger: Ledger, bytesMax: number): AsyncIterable<Beat>
}
