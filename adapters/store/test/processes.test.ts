import { expect, test } from "bun:test"
import { join } from "node:path"
import { sessionEvents } from "@skein/testkit"
import { refusalOf, rounds, scene } from "./scene.ts"

const KILLS_PER_LOG = 50

test("whatever a killed process had been acknowledged is there, its points are true, and the next one goes on at once", async () => {
  const all = sessionEvents("ses_a", 50_000, "w".repeat(100))
  for (let kills = rounds(20, 1000); kills > 0; kills -= KILLS_PER_LOG) {
    using own = scene()
    let before = 0
    let pointed = 0
    for (let kill = 0; kill < Math.min(kills, KILLS_PER_LOG); kill++) {
      const acknowledged = await writer(own.dataDir).killedAfter(1 + Math.floor(Math.random() * 60))
      const log = await own.logs.open("ses_a")
      const from = log.point?.seq ?? 0
      const count = from + log.events.length
      expect(count).toBeGreaterThanOrEqual(Math.max(before, acknowledged))
      if (!Bun.deepEquals(log.events, all.slice(from, count))) throw new Error(`Kill ${kill} left other events`)
      expect(log.point?.state).toEqual(from === 0 ? undefined : { folded: from, text: "s".repeat(from % 5000) })
      before = count
      if (from > 0) pointed++
      await log.close()
    }
    expect(pointed).toBeGreaterThan(0)
    expect(await own.logs.read("ses_a")).toEqual(all.slice(0, before))
  }
}, 600_000)

test("a second writer is told at once who has the session, and gets it when that one is killed", async () => {
  using own = scene()
  const child = writer(own.dataDir)
  await child.acknowledged(1)

  const start = performance.now()
  expect(await refusalOf(own.logs.open("ses_a"))).toContain(
    `session.in_use: Cannot open ${own.path("ses_a")}: in use by PID ${child.pid}.`,
  )
  expect(await refusalOf(own.logs.create("ses_a"))).toContain("session.exists")
  expect(performance.now() - start).toBeLessThan(1000)
  expect((await own.logs.read("ses_a")).length).toBeGreaterThan(0)

  await child.killedAfter(0)
  await (await own.logs.open("ses_a")).close()
})

test("a process the holder started does not keep the session", async () => {
  using own = scene()
  const log = await own.logs.create("ses_a")
  await log.append(sessionEvents("ses_a", 1), { flush: false })
  const child = Bun.spawn(["sleep", "60"], { stdio: ["ignore", "ignore", "ignore"] })
  await log.close()
  try {
    await (await own.logs.open("ses_a")).close()
  } finally {
    child.kill()
    await child.exited
  }
})

test("a log that reaches a limit of the system refuses, keeps all it acknowledged, and goes on when there is room", async () => {
  using own = scene()
  const child = writer(own.dataDir, "ulimit -f 64; ")
  const refused = await child.lineWith("refused")
  expect(refused).toContain("log.unwritable")
  expect(refused).toContain(
    `Cannot write ${own.path("ses_a")}: the file has reached the size limit of this system or process (EFBIG)`,
  )
  const acknowledged = await child.killedAfter(0)

  const log = await own.logs.open("ses_a")
  expect([(log.point?.seq ?? 0) + log.events.length, log.repaired]).toEqual([acknowledged, undefined])
  const all = sessionEvents("ses_a", acknowledged + 1, "w".repeat(100))
  await log.append(all.slice(acknowledged), { flush: true })
  await log.close()
  expect(await own.logs.read("ses_a")).toEqual(all)
})

/** A process that appends; its acknowledgements are counted as they come. */
function writer(dataDir: string, shell = "") {
  const command = `${shell}exec "$0" "$1" "$2"`
  const child = Bun.spawn(["sh", "-c", command, process.execPath, join(import.meta.dir, "writer-child.ts"), dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const lines = linesOf(child.stdout)
  let last = 0
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await lines.next()
    if (done) return undefined
    if (/^\d+$/.test(value)) last = Number(value)
    return value
  }
  return {
    pid: child.pid,
    async acknowledged(count: number) {
      for (let seen = 0; seen < count; ) {
        const line = await next()
        if (line === undefined) throw new Error("The writer ended early")
        if (/^\d+$/.test(line)) seen++
      }
    },
    async lineWith(text: string) {
      for (;;) {
        const line = await next()
        if (line === undefined) throw new Error("The writer ended early")
        if (line.includes(text)) return line
      }
    },
    /** Killed at whatever it does just then; resolves with the last acknowledgement it got out. */
    async killedAfter(count: number) {
      await this.acknowledged(count)
      child.kill("SIGKILL")
      while ((await next()) !== undefined);
      await child.exited
      return last
    },
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
}
