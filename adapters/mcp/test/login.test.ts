import { expect, test } from "bun:test"
import { oauth } from "@skein/testkit/identity"
import { found, loginWorld } from "./login-world.ts"
import { scene } from "./scene.ts"

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A server that wants a login, a person who can make one, and the connection of a session. */
function place(options: Parameters<typeof oauth>[0] = {}) {
  const identity = oauth(options)
  const login = loginWorld()
  const server = found(identity.mcpUrl)
  const connection = (by = login) => scene({ kind: "http", url: identity.mcpUrl }, { auth: by.all.authFor(server) })
  return { identity, login, server, connection, [Symbol.dispose]: () => identity.stop() }
}

test("MCP-06: a server that wants a login is used after it, with a token for that server and no other", async () => {
  using at = place()
  await using session = at.connection()
  const cure = " A person can log in: skein mcp login fake."
  expect(await session.call("echo").catch(messageOf)).toBe(`The MCP server fake wants a login.${cure}`)
  expect(session.server.status.kind).toBe("login")

  const done = await at.login.login(at.server)
  expect(done).toEqual({ issuer: at.identity.url, scope: "notes:read", place: "memory" })
  const page = new URL(at.login.pages[0] ?? "")
  expect(Object.fromEntries(page.searchParams)).toMatchObject({
    ...{ response_type: "code", code_challenge_method: "S256", scope: "notes:read", resource: at.identity.mcpUrl },
    redirect_uri: "http://127.0.0.1:45454/callback",
  })
  expect(await session.call("echo", { n: 1 })).toContain('"n":1')
  expect(at.login.known.filter((secret) => secret.startsWith("access-"))).toEqual([
    ...at.identity.live,
    ...at.identity.live,
  ])
})

test("a token is renewed before its end and when the server does not take it, and another skein's is taken", async () => {
  using at = place()
  await at.login.login(at.server)
  await using session = at.connection()
  await session.call("echo")
  at.login.facts.aheadMs = 3_550_000
  await session.call("echo")
  expect(at.identity.renewals()).toBe(1)

  at.identity.endAccess()
  await session.call("echo")
  expect(at.identity.renewals()).toBe(2)

  const other = loginWorld({ kept: at.login.kept })
  other.facts.aheadMs = at.login.facts.aheadMs
  await using theirs = at.connection(other)
  at.identity.endAccess()
  await theirs.call("echo")
  await session.call("echo")
  expect(at.identity.renewals()).toBe(3)
})

test("a login that was ended at its server is over for good, says so with what to do, and shows no token", async () => {
  using at = place()
  await at.login.login(at.server)
  at.identity.revokeAll()
  await using session = at.connection()
  const said = [1, 2].map(() => session.call("echo").catch(messageOf))
  const why =
    "The MCP server fake wants a new login: the last one is over, as the login server answered invalid_grant: The token [secret] is not known. A person can log in: skein mcp login fake."
  expect(await said[0]).toBe(why)
  expect(await said[1]).toBe(why)
  expect(await at.login.all.state(at.server)).toMatchObject({ state: "ended", isRenewable: false })
  expect([...at.login.kept.values()].join()).not.toMatch(/access-|refresh-/)
  const asked = at.identity.asked.filter(({ path }) => path === "/token").length
  await session.call("echo").catch(messageOf)
  expect(at.identity.asked.filter(({ path }) => path === "/token").length).toBe(asked)
})

test("a login server that is away for now ends no login", async () => {
  let isAway = false
  using at = place({
    before: ({ path }) => (isAway && path === "/token" ? new Response("gone", { status: 503 }) : undefined),
  })
  await at.login.login(at.server)
  isAway = true
  at.identity.endAccess()
  await using session = at.connection()
  expect(await session.call("echo").catch(messageOf)).toContain("could not be renewed")
  isAway = false
  expect(await session.call("echo")).toContain("echo")
})

test("a login is for the address it was made at: a server of another one under the same name gets no token", async () => {
  using at = place()
  using other = place()
  await at.login.login(at.server)
  await using session = scene(
    { kind: "http", url: other.identity.mcpUrl },
    { auth: at.login.all.authFor(found(other.identity.mcpUrl)) },
  )
  await session.call("echo").catch(messageOf)
  const sent = other.identity.asked.map(({ headers }) => headers.get("authorization"))
  expect(new Set(sent)).toEqual(new Set([null]))
})

test("logging out takes the login away and ends both tokens at the login server", async () => {
  using at = place()
  await at.login.login(at.server)
  expect(await at.login.all.logout(at.server)).toEqual({ removed: ["memory"], notes: [] })
  expect(at.identity.live.size).toBe(0)
  expect(at.login.kept.size).toBe(0)
  expect(
    at.identity.asked.filter(({ path }) => path === "/revoke").map(({ fields }) => fields.token_type_hint),
  ).toEqual(["refresh_token", "access_token"])
  expect(await at.login.all.logout(at.server)).toEqual({ removed: [], notes: [] })
})

test("a token in the settings of a server goes before a login, and nobody logs in besides", async () => {
  const spec = {
    name: "fake",
    transport: { kind: "http", url: "http://127.0.0.1:1", headers: { authorization: "Bearer x" } },
  } as const
  const { all } = loginWorld()
  const server = { ...found("http://127.0.0.1:1"), spec }
  expect(all.authFor(server)).toBeUndefined()
  expect(await all.state(server)).toEqual({ name: "fake", state: "token", isRenewable: false })
})
