import { expect, test } from "bun:test"
import type { McpTransport } from "@skein/protocol"
import { scene, stdio } from "./scene.ts"

test("a server is started when it is first used, says what it is, and is gone when it is closed", async () => {
  await using world = scene(stdio("fake.ts"))
  expect(world.server.status).toEqual({ kind: "idle" })
  expect(world.processes.started.length).toBe(0)

  const live = await world.server.use(world.user())
  const facts = { title: "Fake \\e[1mserver", version: "1.2.3", protocol: "2025-11-25", instructions: "Be kind." }
  expect(live.facts).toEqual(facts)
  expect(world.server.status).toEqual({ kind: "connected", facts })
  expect((await live.tools()).slice(0, 1)).toEqual([
    { name: "echo", description: "Does echo.", inputSchema: { type: "object" }, isReadOnlyHinted: false },
  ])
  expect(await world.call("echo", { a: "ä" })).toBe('{"a":"ä"}')

  await world.server.close()
  expect(world.processes.running()).toEqual([])
})

test("its process is held as the session is, in the session's folder, with a folder of its own for what it keeps", async () => {
  await using world = scene(stdio("fake.ts"))
  await world.server.use(world.user())
  const cache = `${world.root}/cache`
  expect(world.processes.started[0]?.request).toMatchObject({
    cwd: world.root,
    sandbox: "workspace-write",
    roots: [world.root, cache],
    environment: "minimal",
    env: { npm_config_cache: `${cache}/npm`, UV_CACHE_DIR: `${cache}/uv`, XDG_CACHE_HOME: `${cache}/cache` },
  })
})

test("in a session that may not write, its process writes nothing but what it keeps", async () => {
  await using world = scene(stdio("fake.ts"), { sandbox: "read-only" })
  await world.server.use(world.user())
  const { sandbox, roots } = world.processes.started[0]?.request ?? {}
  expect({ sandbox, roots }).toEqual({ sandbox: "workspace-write", roots: [`${world.root}/cache`] })
})

test("a process is given what its settings name of the person's environment, and no key beside that", async () => {
  const env = { PATH: process.env.PATH, ANTHROPIC_API_KEY: "sk-ant-0123456789", DOCS_TOKEN: "t-0123456789" }
  const transport = { ...stdio("fake.ts"), env: { TOKEN: "${DOCS_TOKEN}", PLAIN: "a $ sign" } } as McpTransport
  await using world = scene(transport, { env })
  const names = (await world.call("env")).split(" ")
  expect(names).toContain("TOKEN")
  expect(names).not.toContain("ANTHROPIC_API_KEY")
  expect(names).not.toContain("DOCS_TOKEN")
  expect(world.processes.started[0]?.request.env).toMatchObject({ TOKEN: "t-0123456789", PLAIN: "a $ sign" })

  await using none = scene(transport, { env: {} })
  expect(await none.call("env").catch((error: Error) => error.message)).toBe(
    "The MCP server fake cannot be used. The variable TOKEN of the MCP server fake names ${DOCS_TOKEN}, " +
      "which is not set in the environment. Set it, and start skein anew.",
  )
})

test("one that nobody uses is ended, and begun anew by the next call", async () => {
  await using world = scene(stdio("fake.ts"), { idleMs: 150 })
  const told: string[] = []
  world.server.watch(() => void told.push(world.server.status.kind))
  expect(await world.call("slow", { ms: 400 })).toBe("slept")
  expect(world.server.status.kind).toBe("connected")
  while (world.processes.running().length > 0) await Bun.sleep(10)
  expect(world.server.status).toEqual({ kind: "idle" })
  expect(await world.call("echo")).toBe("{}")
  expect(told).toEqual(["connecting", "connected", "idle", "connecting", "connected"])
})

test("those who come while it starts wait for the same process", async () => {
  await using world = scene(stdio("fake.ts"))
  expect(await Promise.all([world.call("pid"), world.call("pid"), world.call("pid")])).toHaveLength(3)
  expect(world.processes.started.length).toBe(1)
})

test("a closed one is not begun again", async () => {
  await using world = scene(stdio("fake.ts"))
  await world.server.close()
  expect(await world.call("echo").catch((error: Error) => error.message)).toBe(
    "The MCP server fake is not there any more.",
  )
})
