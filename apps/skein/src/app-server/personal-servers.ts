import { setTimeout as wait } from "node:timers/promises"
import type { PersonalServers } from "@skein/codex"
import type { Host } from "@skein/host"
import { connected, serversNamed } from "../verbs/mcp/servers.ts"
import { closedStore } from "./closed-store.ts"

/** The MCP servers of folders, as a client of the app server sees and logs in to them. */
export function personalServers(host: Host): PersonalServers {
  return {
    list: (cwd) => serversNamed(host, cwd, []),
    async connected(cwd, name) {
      const [server] = await serversNamed(host, cwd, [name])
      if (server === undefined) throw new Error("A name that is known has a server")
      return await connected(host, cwd, server)
    },
    async login(cwd, name) {
      const [state] = await host.mcp.logins.states({ cwd }, name)
      return state?.state ?? "none"
    },
    begin: (cwd, name, scopes) => begun(host, cwd, name, scopes),
  }
}

/** The client opens the page; what comes back comes to this machine. */
async function begun(host: Host, cwd: string, name: string, scopes: readonly string[]) {
  const told = Promise.withResolvers<string>()
  const stopping = new AbortController()
  const person = {
    say: () => {},
    open: async (url: string) => {
      told.resolve(url)
      return true
    },
    async *lines() {
      // It rejects once the login is over, of which `over` tells.
      await wait(LOGIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      yield* [] as string[]
    },
    isRemote: false,
    sleep: async (ms: number, signal?: AbortSignal) => void (await wait(ms, undefined, signal && { signal })),
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(LOGIN_MS)]),
  }
  const over = host.mcp.logins.login(name, { cwd }, { scopes, person, place: () => closedStore(host) }).then(() => {})
  over.catch(told.reject).finally(() => stopping.abort())
  return { url: await told.promise, over }
}

const LOGIN_MS = 600_000
