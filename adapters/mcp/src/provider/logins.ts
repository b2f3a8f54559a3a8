import type { Place } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { LoggedIn } from "../oauth/login.ts"
import type { Logins, McpLoginState, McpLoginWish } from "../oauth/logins.ts"
import type { LoggedOut } from "../oauth/logout.ts"
import { type Row, rowNamed, whyNot } from "./rows.ts"
import type { Servers } from "./servers.ts"

/** Logins to servers, for a person. Each method throws SkeinError that says what to do. */
export interface McpLogins {
  /** By a page in their browser. */
  login(name: string, place: Place, wish: McpLoginWish): Promise<LoggedIn>
  /** Takes it away, and ends it at its login server where that can be done. */
  logout(name: string, place: Place): Promise<LoggedOut>
  /** Those of all servers over HTTP, or of one. Asks no network. */
  states(place: Place, name?: string): Promise<readonly McpLoginState[]>
}

export function mcpLogins(servers: Servers): McpLogins {
  async function known(name: string, place: Place): Promise<Row> {
    const row = rowNamed(await servers.look(place), name)
    if (row.standing === "usable" || row.standing === "disabled") return row
    throw new SkeinError("op.invalid", whyNot(row) ?? `The MCP server ${name} cannot be used.`)
  }
  return {
    async login(name, place, wish) {
      const row = await known(name, place)
      const done = await all(servers).login(row.found, wish)
      await servers.forget(row, place)
      return done
    },
    async logout(name, place) {
      const row = await known(name, place)
      const done = await all(servers).logout(row.found)
      await servers.forget(row, place)
      return done
    },
    async states(place, name) {
      const rows = name === undefined ? (await servers.look(place)).rows : [rowNamed(await servers.look(place), name)]
      const found = rows.filter(({ standing }) => standing === "usable" || standing === "disabled")
      const states = await Promise.all(found.map((row) => all(servers).state(row.found)))
      return states.filter((state) => state !== undefined)
    },
  }
}

function all({ logins }: Servers): Logins {
  if (logins === undefined) throw new SkeinError("op.unsupported", "No login can be kept here.")
  return logins
}
