import { SkeinError } from "@skein/protocol"
import type { LoginServers } from "./destinations.ts"

interface Accounts<L> {
  state(owner: { readonly id: string; readonly login: L }): Promise<{ readonly servers: readonly string[] } | undefined>
}

interface Owner<L> {
  readonly id: string
  readonly name: string
  readonly login?: L | undefined
}

/** Who is asked to renew the logins that there are. One that cannot be read is renewed by nobody. */
export async function loginServers<L extends string>(
  owners: readonly Owner<L>[],
  logins: Accounts<L>,
): Promise<readonly LoginServers[]> {
  const found = owners.map(async ({ id, name, login }): Promise<readonly LoginServers[]> => {
    try {
      const state = login === undefined ? undefined : await logins.state({ id, login })
      return state === undefined ? [] : [{ name, servers: state.servers }]
    } catch (error) {
      if (error instanceof SkeinError) return []
      throw error
    }
  })
  return (await Promise.all(found)).flat()
}
