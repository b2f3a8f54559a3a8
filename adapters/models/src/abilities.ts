import type { ModelInfo } from "@skein/protocol"
import type { Environment } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"
import { searchOf, wireFor } from "./target.ts"
import { takesVerbosity } from "./wire/thinking.ts"

/** What follows from who serves a model, and over which wire, added to what is known of the model itself. */
export function withAbilities(info: ModelInfo, row: OwnRow, env: Environment): ModelInfo {
  if ("package" in row) return info
  const search = searchOf(row, wireFor(row, env, true), info.id)
  const wire = wireFor(row, env, false)
  const dialect = { ...row.dialect, ...row.ownDialect }
  const hasVerbosity =
    takesVerbosity(info.id) &&
    (wire === "openai-responses" ? dialect.lacksVerbosity !== true : dialect.hasVerbosity === true)
  return {
    ...info,
    ...(search === undefined
      ? {}
      : { search: { isCacheable: search.accessField !== undefined, isBoundable: search.domains !== undefined } }),
    ...(hasVerbosity ? { hasVerbosity } : {}),
    ...(info.price === undefined || row.searchUsdPerThousand === undefined
      ? {}
      : { price: { searches: row.searchUsdPerThousand, ...info.price } }),
  }
}
