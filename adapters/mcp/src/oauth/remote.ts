import { ToolFailure } from "@skein/core/ports"
import { type McpServerSpec, SkeinError } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import type { FoundServer } from "../config/found.ts"
import type { KeptOptions } from "../connection/options.ts"
import { expanded } from "../process/expansion.ts"
import { addressOf } from "../wire/http.ts"
import type { Remote } from "./world.ts"

export interface Reached extends Remote {
  /** That the settings name, for the server itself. */
  readonly headers: Readonly<Record<string, string>>
}

/** Whether a login can be of use to it: it is asked over HTTP, and its settings name no token. */
export function wantsLogins(spec: McpServerSpec | undefined): boolean {
  const transport = spec?.transport
  if (transport?.kind !== "http" && transport?.kind !== "sse") return false
  return !Object.keys(transport.headers ?? {}).some((name) => name.toLowerCase() === "authorization")
}

/** A server with its variables put in. Throws SkeinError `op.invalid` for one that has no login. */
export function remoteOf({ name, spec, login = {} }: FoundServer, env: KeptOptions["env"]): Reached {
  const transport = spec?.transport
  if (spec === undefined || (transport?.kind !== "http" && transport?.kind !== "sse"))
    throw new SkeinError("op.invalid", `The MCP server ${name} is a program, and nobody logs in to it.`)
  if (!wantsLogins(spec))
    throw new SkeinError(
      "op.invalid",
      `The MCP server ${name} has a token in its settings (a header Authorization), which is what it is asked with. Take that out to log in.`,
    )
  try {
    const { url, headers } = addressOf(spec, transport, env)
    const put = (text: string, what: string) => expanded(text, env, `The ${what} of the MCP server ${name}`).text
    const { clientId, clientSecret, scopes, callbackPort } = login
    const settings = {
      ...given("clientId", clientId === undefined ? undefined : put(clientId, "client_id")),
      ...given("clientSecret", clientSecret === undefined ? undefined : put(clientSecret, "client_secret")),
      ...{ ...given("scopes", scopes), ...given("callbackPort", callbackPort) },
    }
    return { name, url, headers, settings }
  } catch (error) {
    if (error instanceof ToolFailure) throw new SkeinError("op.invalid", error.message, { cause: error })
    if (error instanceof TypeError) throw new SkeinError("op.invalid", `The MCP server ${name} has no address.`)
    throw error
  }
}
