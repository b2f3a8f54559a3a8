import { SkeinError } from "@skein/protocol"
import type { Choice } from "./choose.ts"

/** What was looked into. */
export interface Sought {
  readonly hasLogins: boolean
  /** Places that could not be looked into. */
  readonly troubles: readonly string[]
}

/** That a model cannot be asked, with what would change that. */
export function noKey({ row, modelId }: Choice, { hasLogins, troubles }: Sought): SkeinError {
  const [first, ...others] = row.keyEnv
  const also = others.length === 0 ? "" : ` (or ${others.join(", ")})`
  const canLogIn = hasLogins && row.login !== undefined
  const kept = `${canLogIn ? "Log in" : "Keep one"} with: skein login ${row.id}.`
  const key = first === undefined ? "" : `Or set ${first}${also}, or give a key file (--api-key-file).`
  const what = canLogIn ? "login" : "key"
  const sentences = [`No ${what} for ${row.name}, which serves ${modelId}.`, kept, key, ...troubles]
  return new SkeinError("model.no_key", sentences.filter((sentence) => sentence !== "").join(" "))
}
