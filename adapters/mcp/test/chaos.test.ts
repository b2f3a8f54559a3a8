import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { type Scene, scene, stdio } from "./scene.ts"

const HANG_MS = 60_000

/** What a failed call says, and whether it came soon. */
async function failure(call: Promise<string>): Promise<string> {
  const from = performance.now()
  const said = await call.then(
    (text) => `no failure: ${text}`,
    (error: Error) => `${error.name}: ${error.message}`,
  )
  expect(performance.now() - from).toBeLessThan(5_000)
  return said
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(10)
}

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")

async function leavesNothing(world: Scene): Promise<void> {
  await world.server.close()
  expect(world.processes.running()).toEqual([])
  for (const { pid } of world.processes.started) expect(isAlive(pid)).toBe(false)
}

test("one that crashes at its start is told with what it said, tried five times ever later, and then left alone", async () => {
  await using world = scene(stdio("fake.ts", "--start=crash"))
  const why = "The MCP server fake ended (exit 1). It said: Error: Cannot find module 'left-pad'."
  for (const _ of [1, 2, 3, 4]) expect(await failure(world.call("echo"))).toBe(`ToolFailure: ${why}`)
  expect(world.server.status).toEqual({ kind: "reconnecting", why, atMs: world.facts.now + 8_000, attempts: 4 })
  expect(await failure(world.call("echo"))).toStartWith(`ToolFailure: ${why}`)
  expect(world.slept).toEqual([1_000, 2_000, 4_000, 8_000])
  const failed = { kind: "failed", why: `${why} It was begun 5 times in vain.` } as const
  expect(world.server.status).toEqual(failed)
  expect(await failure(world.call("echo"))).toBe(
    `ToolFailure: ${failed.why} A person can mend it and connect it again: /mcp.`,
  )
  expect(world.processes.started.length).toBe(5)

  await world.server.disconnect()
  expect(world.server.status).toEqual({ kind: "idle" })
  await leavesNothing(world)
})

test("a program that is not there is not tried again", async () => {
  await using world = scene({ kind: "stdio", command: "no-such-program", args: [] })
  expect(await failure(world.call("echo"))).toStartWith("ToolFailure: The MCP server fake cannot be used. ")
  expect(world.server.status.kind).toBe("failed")
})

test("one that says nothing at its start is given up and ended when its time is over", async () => {
  await using world = scene(stdio("fake.ts", "--start=hang"), {}, { startTimeoutMs: 300 })
  expect(await failure(world.call("echo"))).toBe(
    "ToolFailure: The MCP server fake did not start within 0.3 s. A person can give it more time in its settings.",
  )
  await leavesNothing(world)
})

test("a start that nobody waits for any more is given up", async () => {
  await using world = scene(stdio("fake.ts", "--start=hang"))
  const [one, other] = [new AbortController(), new AbortController()]
  const waiting = [one, other].map(({ signal }) =>
    world.server.use(world.user({ signal })).catch((error: Error) => error.message),
  )
  await until(() => world.processes.started.length === 1)
  one.abort(new Error("first"))
  expect(await waiting[0]).toBe("first")
  expect(world.server.status).toEqual({ kind: "connecting" })
  other.abort(new Error("second"))
  expect(await waiting[1]).toBe("second")
  await until(() => world.processes.running().length === 0)
  expect(world.server.status).toEqual({ kind: "idle" })
})

test("a call that hangs is ended when its time is over, and the server goes on", async () => {
  await using world = scene(stdio("fake.ts"))
  expect(await failure(world.call("hang", {}, world.user(), { timeoutMs: 200 }))).toBe(
    "ToolFailure: The MCP server fake did not answer within 0.2 s, and was told to stop. " +
      "Ask for less at a time; a person can give its calls more time in its settings.",
  )
  expect(await world.call("echo")).toBe("{}")
  expect(world.processes.started.length).toBe(1)
})

test("progress begins a call's time anew, and is told", async () => {
  await using world = scene(stdio("fake.ts"))
  const told: string[] = []
  const onProgress = (message: string) => void told.push(message)
  const input = { times: 5, everyMs: 150 }
  expect(await world.call("progress", input, world.user(), { timeoutMs: 500, onProgress })).toBe("done")
  expect(told).toEqual(["1/5 step 1", "2/5 step 2", "3/5 step 3", "4/5 step 4", "5/5 step 5"])
})

test("an interrupted call ends at once, and the server is told", async () => {
  await using world = scene(stdio("fake.ts"))
  const stop = new AbortController()
  await world.server.use(world.user())
  const call = world.call("hang", {}, world.user({ signal: stop.signal })).catch((error: Error) => error.message)
  await Bun.sleep(50)
  const from = performance.now()
  stop.abort(new Error("interrupted"))
  expect(await call).toBe("interrupted")
  expect(performance.now() - from).toBeLessThan(100)
  expect(await world.call("echo")).toBe("{}")
})

for (const [how, ends] of [
  ["die", "ended (exit 3)."],
  ["crash", "ended (exit 1). It said: Traceback\nValueError: \\e[31mno\\e[0m such thing."],
  ["half", "ended (exit 0)."],
] as const)
  test(`a call during which the server does "${how}" fails with why, and the next one begins it anew`, async () => {
    await using world = scene(stdio("fake.ts"))
    expect(await failure(world.call(how))).toBe(
      `ToolFailure: The MCP server fake ${ends} Its next call begins it anew.`,
    )
    expect(world.server.status).toMatchObject({ kind: "reconnecting", why: `The MCP server fake ${ends}`, attempts: 1 })
    expect(await world.call("echo", { n: 1 })).toBe('{"n":1}')
    expect(world.slept).toEqual([1_000])
    await leavesNothing(world)
  })

test("a server that is killed during a call is told at once", async () => {
  await using world = scene(stdio("fake.ts"))
  const pid = Number(await world.call("pid"))
  const call = failure(world.call("hang"))
  await Bun.sleep(50)
  process.kill(pid, "SIGKILL")
  expect(await call).toBe("ToolFailure: The MCP server fake was ended by SIGKILL. Its next call begins it anew.")
})

test("what is no message on its stdout is counted, told in the status, and passed over", async () => {
  await using world = scene(stdio("fake.ts"))
  expect(await world.call("garbage")).toBe("said it all")
  expect(world.server.status).toMatchObject({ notes: ["4 lines of its stdout were no messages."] })
  expect(world.logged[0]).toBe("debug A line of its stdout is no message: loading model…")
  expect(await world.call("echo")).toBe("{}")
})

test(
  "a result of ten megabytes comes whole, one of a hundred ends the server",
  async () => {
    await using world = scene(stdio("fake.ts"))
    expect((await world.call("big", { bytes: 10_000_000 })).length).toBe(10_000_000)
    expect(await world.call("big", { bytes: 100_000_000 }).catch((error: Error) => error.message)).toBe(
      "The MCP server fake sent a message of more than 64 MB and was ended. Its next call begins it anew.",
    )
    expect(await world.call("echo")).toBe("{}")
    await leavesNothing(world)
  },
  HANG_MS,
)

test("one that hears neither the end of its input nor a signal is ended all the same", async () => {
  await using world = scene(stdio("fake.ts", "--ignore=eof"))
  await world.server.use(world.user())
  const from = performance.now()
  await leavesNothing(world)
  expect(performance.now() - from).toBeLessThan(5_000)
})

test("what a server started is gone with it", async () => {
  await using world = scene(stdio("fake.ts"))
  const child = Number(await world.call("fork"))
  expect(isAlive(child)).toBe(true)
  await world.server.close()
  expect(isAlive(child)).toBe(false)
})

test(
  "fifty failures in a row have never more than one process",
  async () => {
    await using world = scene(stdio("fake.ts"))
    let most = 0
    for (let round = 0; round < 50; round++) {
      const calls = [world.call("die"), world.call("die"), world.call("hang")].map((call) =>
        call.catch((error: Error) => error.name),
      )
      const watching = setInterval(() => {
        most = Math.max(most, world.processes.running().length)
      }, 1)
      expect(await Promise.all(calls)).toEqual(["ToolFailure", "ToolFailure", "ToolFailure"])
      clearInterval(watching)
      if (world.server.status.kind === "failed") await world.server.disconnect()
    }
    expect(most).toBe(1)
    await leavesNothing(world)
  },
  HANG_MS,
)

test("one that is slow to end is gone before it is begun anew", async () => {
  await using world = scene(stdio("fake.ts", "--ignore=eof"))
  await world.server.use(world.user())
  const ended = world.server.disconnect()
  expect(await world.call("echo")).toBe("{}")
  expect(world.processes.started.map(({ isRunning }) => isRunning)).toEqual([false, true])
  await ended
})

test("tools are the same objects as long as they say the same, over a new start too, and a change is told", async () => {
  await using world = scene(stdio("fake.ts"))
  const told: string[] = []
  world.server.watch((what) => void told.push(what))
  const before = await (await world.server.use(world.user())).tools()
  await failure(world.call("die"))
  const after = await (await world.server.use(world.user())).tools()
  expect(after).toBe(before)
  expect(told.filter((what) => what === "tools")).toEqual([])

  await world.call("change", { name: "newer" })
  await until(() => told.includes("tools"))
  const changed = await (await world.server.use(world.user())).tools()
  expect(changed.map(({ name }) => name)).toEqual([...before.map(({ name }) => name), "newer"])
  expect(changed[0]).toBe(before[0])

  told.length = 0
  await failure(world.call("die"))
  await world.server.use(world.user())
  expect(told).toEqual(["status", "status", "status", "tools"])
  expect(await (await world.server.use(world.user())).tools()).toEqual(before)
})
