import type { ModelInfo } from "@skein/protocol"
import { entryOf } from "./catalog/catalog.ts"
import type { Credential } from "./logins.ts"
import { baseUrlOf, type Environment, wireOf } from "./providers/address.ts"
import { COMPATIBLE, OPENAI_CHAT } from "./providers/dialects.ts"
import type { WireRow } from "./providers/row.ts"
import type { OwnRow } from "./providers/user.ts"
import type { Dialect, Target, WireName } from "./wire/wire.ts"

/** A row, with the user's and the environment's settings over it, as the wire is to see it. */
export function targetOf(row: OwnRow & WireRow, modelId: string, known: Known): Target {
  const { info, key, env, credential } = known
  const baseUrl = baseUrlOf(row, env, credential)
  const own = row.byModel?.find(({ models }) => models.test(modelId))
  const wire = own?.wire ?? wireOf(row, env)
  const isGateway = row.originHost !== undefined && new URL(baseUrl).host !== row.originHost
  const dialect = {
    ...baseDialect(row, wire, isGateway),
    ...(isGateway ? { isGateway } : {}),
    ...(isBearer(row, key, env) ? { keyHeader: "authorization" as const } : {}),
    ...own?.dialect,
    thinking: entryOf(row.catalogOf ?? row.id, modelId)?.thinking,
    ...row.ownDialect,
    ...known.quirk,
  }
  return { provider: { ...row, wire, dialect }, modelId, info, baseUrl, key, loginHeaders: credential?.headers }
}

interface Known {
  readonly info: ModelInfo
  readonly key: string | undefined
  readonly credential?: Credential | undefined
  readonly env: Environment
  /** What was learned of the model. */
  readonly quirk?: Dialect | undefined
}

/** OpenAI's own fields are for OpenAI's own host: a server that is only compatible knows the older, common ones. */
function baseDialect(row: OwnRow & WireRow, wire: WireName, isGateway: boolean): Dialect | undefined {
  if (wire !== "openai-chat" || row.originHost !== OPENAI_HOST) return row.dialect
  return isGateway ? COMPATIBLE : OPENAI_CHAT
}

const OPENAI_HOST = "api.openai.com"

/** The user said so, or the key came from a variable that holds such tokens. */
function isBearer(row: OwnRow & WireRow, key: string | undefined, env: Environment): boolean {
  if (row.isBearer !== undefined) return row.isBearer
  return key !== undefined && (row.bearerEnv ?? []).some((name) => env[name]?.trim() === key)
}
