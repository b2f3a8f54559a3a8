import type { LoginPlace } from "./logins.ts"
import { baseUrlOf, bedrockUrl, type Environment, hasAddress } from "./providers/address.ts"
import type { OwnRow } from "./providers/user.ts"

/** Where requests for one provider's models go. */
export interface ModelDestination {
  readonly provider: string
  readonly name: string
  /** Scheme, host and port. */
  readonly origin: string
  /** A proxy of its own, without name and password. */
  readonly proxy?: string | undefined
}

/** Of one provider; undefined where its address follows from something that is not set. Throws as its base URL does. */
export function destinationOf(row: OwnRow, env: Environment, login?: LoginPlace): ModelDestination | undefined {
  const baseUrl = hasAddress(row, env, login) ? baseUrlOf(row, env, login) : ""
  const region = (login?.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "").trim()
  const url = baseUrl === "" && "package" in row && region !== "" ? bedrockUrl(region) : baseUrl
  if (url === "") return undefined
  const proxy = row.proxy === undefined ? {} : { proxy: new URL(row.proxy).origin }
  return { provider: row.id, name: row.name, origin: new URL(url).origin, ...proxy }
}
