/** The program that the protocol's suite starts, with the address of its server: what our client does there. */
import { asObject, asText } from "@skein/protocol/json"
import { found, loginWorld } from "../login-world.ts"
import { scene } from "../scene.ts"

const url = process.argv.at(-1) ?? ""
const name = process.env.MCP_CONFORMANCE_SCENARIO ?? ""
const CALLS: Record<string, readonly [string, object]> = {
  tools_call: ["add_numbers", { a: 5, b: 3 }],
  "elicitation-sep1034-client-defaults": ["test_client_elicitation_defaults", {}],
  "sse-retry": ["test_reconnection", {}],
}
/** A person logs in once more when a server wants more; one who is asked over and over stops. */
const LOGINS_MAX = 3
const DOCUMENT_OF_CLIENT = "https://conformance-test.local/client-metadata.json"

if (name.startsWith("auth/")) await withLogin()
else await plain()

async function plain(): Promise<void> {
  await using world = scene({ kind: "http", url })
  const user = world.user({ asked: { elicit: async () => ({ action: "accept", content: {} }) } })
  const live = await world.server.use(user)
  await live.tools()
  const [tool, input] = CALLS[name] ?? []
  if (tool !== undefined) console.log(await world.call(tool, input, user))
}

async function withLogin(): Promise<void> {
  const known = asObject(JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}")) ?? {}
  const clientId = asText(known.client_id) ?? (name === "auth/basic-cimd" ? DOCUMENT_OF_CLIENT : undefined)
  const server = found(url, { clientId, clientSecret: asText(known.client_secret) })
  const login = loginWorld()
  await using world = scene({ kind: "http", url }, { auth: login.all.authFor(server) })
  let scopes: readonly string[] = []
  for (let left = LOGINS_MAX; ; left--) {
    try {
      const live = await world.server.use(world.user())
      for (const tool of await live.tools()) console.log(await world.call(tool.name))
      return
    } catch (error) {
      if (left === 0 || world.server.status.kind !== "login") throw error
      const said = error instanceof Error ? error.message : ""
      scopes = /--scopes "([^"]+)"/.exec(said)?.[1]?.split(" ") ?? scopes
      await login.login(server, ...scopes)
    }
  }
}
