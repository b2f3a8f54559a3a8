import { expect, test } from "bun:test"
import { createMcpHandler } from "@modelcontextprotocol/server"
import type { KeptOptions } from "../src/index.ts"
import { scene, stdio } from "./scene.ts"
import { twoEras } from "./servers/two-eras.ts"

const elicit = async () => ({ action: "accept", content: { name: "Ada" } }) as const

function over(handler: (request: Request) => Promise<Response> | Response) {
  const requests: string[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = request.method === "POST" ? ((await request.clone().json()) as { method?: string }) : {}
      const era = request.headers.get("mcp-protocol-version") ?? "-"
      requests.push(`${request.method} ${body.method ?? ""} ${era}`)
      return handler(request)
    },
  })
  return { url: `${server.url}mcp`, requests, [Symbol.asyncDispose]: () => server.stop(true) }
}

async function answersAndAsks(world: ReturnType<typeof scene>): Promise<void> {
  const user = world.user({ asked: { elicit } })
  expect(await world.call("echo", { a: 1 }, user)).toBe('{"a":1}')
  expect(await world.call("who", {}, user)).toBe("Hello Ada")
  expect((await (await world.server.use(user)).tools()).map(({ name }) => name)).toEqual(["echo", "who"])
}

for (const legacy of ["stateless", "reject"] as const)
  test(`over HTTP a server that ${legacy === "reject" ? "only" : "also"} speaks the stateless protocol is spoken to in it`, async () => {
    const handler = createMcpHandler(() => twoEras(), { legacy })
    await using server = over((request) => handler.fetch(request))
    await using world = scene({ kind: "http", url: server.url })
    await answersAndAsks(world)
    expect(world.server.status).toMatchObject({ facts: { protocol: "2026-07-28", title: "two-eras" } })
    expect(server.requests[0]).toBe("POST server/discover 2026-07-28")
    expect(server.requests.some((request) => request.includes("initialize"))).toBe(false)
  })

for (const [era, protocol, when] of [
  ["stateless", "2026-07-28", "where it is known that it does"],
  [undefined, "2025-11-25", "where nobody knows what it can do"],
] as const)
  test(`over stdio a server of both eras speaks ${protocol} ${when}`, async () => {
    const options: Partial<KeptOptions> = era === undefined ? {} : { era }
    await using world = scene(stdio("stateless.ts"), options)
    const user = world.user({ asked: { elicit } })
    expect(await world.call("echo", { a: 1 }, user)).toBe('{"a":1}')
    if (era !== undefined) expect(await world.call("who", {}, user)).toBe("Hello Ada")
    expect(world.server.status).toMatchObject({ facts: { protocol } })
    expect(world.processes.started.length).toBe(1)
  })

test("a process that does not know the probe is spoken to in the older protocol", async () => {
  await using world = scene(stdio("fake.ts"), { era: "stateless" })
  expect(await world.call("echo", { a: 1 })).toBe('{"a":1}')
  expect(world.server.status).toMatchObject({ facts: { protocol: "2025-11-25" } })
})

test("a process that dies of the probe is begun again without it, and not probed any more", async () => {
  await using world = scene(stdio("fake.ts", "--probe=die"), { era: "stateless" })
  expect(await world.call("echo", { a: 1 })).toBe('{"a":1}')
  expect(world.processes.started.length).toBe(2)
  expect(world.processes.running().length).toBe(1)
  await world.server.disconnect()
  expect(await world.call("echo", { a: 2 })).toBe('{"a":2}')
  expect(world.processes.started.length).toBe(3)
})
