import type { AcpOptions } from "./acp-options.ts"
import type { ClientFacts } from "./client-facts.ts"
import { type Json, RPC, RpcError } from "./rpc.ts"

/** Logins that a client can lead a person to: it runs this program in a terminal, with more words. Nothing for one that cannot. */
export function authMethods({ logsIn }: ClientFacts, { logins }: AcpOptions): readonly Json[] {
  if (!logsIn) return []
  return (logins?.() ?? []).map(({ id, name, isAccount }) => ({
    type: "terminal",
    id: `login-${id}`,
    name: isAccount ? `Log in to ${name}` : `Keep a key of ${name}`,
    description: isAccount
      ? "With an account, in a terminal."
      : "It is asked for in a terminal, and kept where programs cannot just read it.",
    args: ["login", id],
  }))
}

/** Nothing is ever logged in to within a connection. Throws RpcError that says where it is. */
export function refuseLogin(methodId: string): never {
  const provider = /^login-(.+)$/.exec(methodId)?.[1]
  const how =
    provider === undefined
      ? "keys come from the environment, the settings or skein login."
      : `run: skein login ${provider}`
  throw new RpcError(RPC.invalidParams, `There is no login ${methodId} here: ${how}`)
}
