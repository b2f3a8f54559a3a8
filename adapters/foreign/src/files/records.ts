import type { Json } from "@skein/protocol/json"
import type { Ledger } from "../ledger.ts"
import { objectOf } from "./json.ts"
import { type LinesOptions, linesOf } from "./lines.ts"

/** One line of a log, as the object that it holds. */
export interface Rec {
  readonly line: number
  readonly json: Json
}

/** The objects of a log of JSON lines. What is none is counted in the ledger with its line, and passed over. */
export async function* recordsOf(path: string, ledger: Ledger, options: LinesOptions = {}): AsyncGenerator<Rec> {
  for await (const { number, bytes, text, isTorn } of linesOf(path, options)) {
    ledger.line(number, bytes)
    if (text === undefined) {
      ledger.broken("too_long", number)
      continue
    }
    // A power cut leaves zeros where bytes were not written yet; what stands behind them is whole.
    const trimmed = text.replace(/^[\0\s]+|[\0\s]+$/g, "")
    if (trimmed === "") {
      if (text.includes("\0")) ledger.broken("malformed", number)
      continue
    }
    const json = objectOf(trimmed)
    if (json !== undefined) yield { line: number, json }
    else ledger.broken(isTorn ? "torn" : "malformed", number)
  }
}
