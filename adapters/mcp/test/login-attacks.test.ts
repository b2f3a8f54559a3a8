import { expect, test } from "bun:test"
import { oauth } from "@skein/testkit/identity"
import { found, loginWorld } from "./login-world.ts"

type Options = NonNullable<Parameters<typeof oauth>[0]>
type Before = NonNullable<Options["before"]>

/** Why nobody was logged in, and what was asked of the server meanwhile. */
async function attacked(options: Options, changes: Parameters<typeof loginWorld>[0] = {}) {
  const identity = oauth(options)
  const login = loginWorld(changes)
  try {
    const why = await login.login(found(identity.mcpUrl)).then(
      () => "logged in",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    return { why, reached: identity.asked.map(({ path }) => path), pages: login.pages, kept: login.kept.size }
  } finally {
    identity.stop()
  }
}

const NOT_FOLLOWED = /^The server's documents cannot be followed: /

for (const [what, address] of [
  ["a script", "javascript:alert(document.domain)"],
  ["a file", "file:///etc/passwd"],
  ["another program", "calculator:run"],
  ["a page in the clear", "http://login.example/authorize"],
  ["a name and a password", "https://user:word@login.example/authorize"],
  ["the credentials of a cloud", "https://169.254.169.254/latest/meta-data"],
  ["a machine of the network", "https://192.168.1.1/authorize"],
  ["a machine of the network by another spelling", "https://0xc0a80101/authorize"],
  ["a machine of the network by IPv6", "https://[::ffff:10.0.0.1]/authorize"],
] as const)
  for (const field of ["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"])
    test(`T50: ${what} as ${field} is refused before anybody is sent anywhere`, async () => {
      const { why, pages, kept } = await attacked({ metadata: (document) => ({ ...document, [field]: address }) })
      expect(why).toMatch(/^The (?:server's documents cannot be followed|MCP server fake did not log you in): /)
      expect([pages, kept]).toEqual([[], 0])
    })

test("T50: a server's document that names a login server elsewhere on the network is not followed there", async () => {
  const resource = (server: string) => (document: Readonly<Record<string, unknown>>) => ({
    ...document,
    authorization_servers: [server],
  })
  for (const server of ["file:///etc", "http://login.example", "https://10.0.0.1", "https://metadata.internal"])
    expect((await attacked({ resource: resource(server) })).why).toMatch(NOT_FOLLOWED)
})

test("T50: a challenge that names a document at a strange address is refused", async () => {
  for (const address of ["file:///etc/passwd", "https://169.254.169.254/x", "http://documents.example/x"]) {
    const headers = { "www-authenticate": `Bearer resource_metadata="${address}"` }
    const before: Before = ({ path }) => (path === "/mcp" ? new Response("no", { status: 401, headers }) : undefined)
    expect((await attacked({ before })).why).toMatch(NOT_FOLLOWED)
  }
})

test("T50: a document of another server, or one in another login server's name, is refused", async () => {
  const elsewhere = await attacked({ resource: (document) => ({ ...document, resource: "https://bank.example/mcp" }) })
  expect(elsewhere.why).toBe("The MCP server fake gave a document that is of another server.")
  const named = await attacked({ metadata: (document) => ({ ...document, issuer: "https://login.example" }) })
  expect(named.why).toContain("ssuer")
  expect([...elsewhere.pages, ...named.pages]).toEqual([])
})

test("T50: a document of 10 MB is not read to its end", async () => {
  const { why, pages } = await attacked({
    before: ({ path }) =>
      path === "/.well-known/oauth-authorization-server" ? new Response("x".repeat(10_000_000)) : undefined,
  })
  expect(why).toBe("The server's documents cannot be followed: one of them is too large.")
  expect(pages).toEqual([])
})

test("T50: redirects without an end, into the network, or of what is sent, are not followed", async () => {
  const to =
    (path: string, location: string, status = 302): Before =>
    (asked) =>
      asked.path === path ? new Response(null, { status, headers: { location } }) : undefined
  const documents = "/.well-known/oauth-authorization-server"
  const endless = await attacked({ before: to(documents, documents) })
  expect(endless.why).toContain("its redirects have no end")
  expect(endless.reached.filter((path) => path === documents).length).toBe(4)
  expect((await attacked({ before: to(documents, "https://10.0.0.1/x") })).why).toMatch(NOT_FOLLOWED)
  for (const path of ["/token", "/register"])
    expect((await attacked({ before: to(path, "http://127.0.0.1:1/steal", 307) })).why).toContain(
      "it leads what is sent to it elsewhere",
    )
})

test("T50: an answer in another login server's name, or in none where it says it always does, exchanges no code", async () => {
  const named = await attacked({ answersAs: "https://evil.example" })
  expect(named.why).toContain("ssuer")
  const browser = async (page: string) => {
    const response = await fetch(page, { redirect: "manual" })
    const url = new URL(response.headers.get("location") ?? page)
    url.searchParams.delete("iss")
    return url
  }
  const unnamed = await attacked({}, { browser })
  expect(unnamed.why).toContain("ssuer")
  expect([...named.reached, ...unnamed.reached]).not.toContain("/token")
})

test("T50: a login server without S256 is not logged in to", async () => {
  const { why, pages } = await attacked({
    metadata: (document) => ({ ...document, code_challenge_methods_supported: ["plain"] }),
  })
  expect(why).toBe("The login server does not know PKCE with S256, so nobody logs in there safely.")
  expect(pages).toEqual([])
})

test("words of a login server are shown in one line, short, with what hides in them made visible", async () => {
  const before: Before = ({ path }) =>
    path === "/register"
      ? Response.json({ error: "bad", error_description: `\u001b[31m${"no ".repeat(500)}` }, { status: 400 })
      : undefined
  const { why } = await attacked({ before })
  expect(why.length).toBeLessThan(400)
  expect(why).not.toMatch(/[\u0000-\u001f]/)
})
