import { expect, test } from "bun:test"
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { sessionEvents } from "@skein/testkit"
import { damages } from "./damage.ts"
import { bytesOf, events, scene } from "./scene.ts"

const ALL = sessionEvents("ses_a", 1200, "p".repeat(50))

/** A log of 1,000 events with a point after 900, index and all. */
async function pointed(own: ReturnType<typeof scene>) {
  const log = await own.logs.create("ses_a")
  await log.append(ALL.slice(0, 900), { flush: false })
  await log.savePoint({ seq: 900, state: { folded: 900 } })
  await log.append(ALL.slice(900, 1000), { flush: false })
  await log.close()
  return { index: `${own.path("ses_a")}.index.json`, point: `${own.path("ses_a")}.point` }
}

/** What a writer that opens it now is given, as one history. */
async function opened(own: ReturnType<typeof scene>) {
  const log = await own.logs.open("ses_a")
  await log.close()
  return { from: log.point?.seq ?? 0, events: log.events }
}

test("with a point only what comes after it is read", async () => {
  using own = scene()
  await pointed(own)
  // What is before the point may even be damaged: it is not looked at.
  const bytes = readFileSync(own.path("ses_a"))
  bytes[2000] = (bytes[2000] ?? 0) ^ 1
  writeFileSync(own.path("ses_a"), bytes)
  expect(await opened(own)).toEqual({ from: 900, events: ALL.slice(900, 1000) })
})

test("a torn tail behind a point is found and moved aside, and the log goes on", async () => {
  using own = scene()
  const { point } = await pointed(own)
  const size = statSync(own.path("ses_a")).size
  truncateSync(own.path("ses_a"), size - 7)
  const log = await own.logs.open("ses_a")
  expect([log.point?.seq, log.events.length, log.repaired?.bytesDropped]).toEqual([
    900,
    99,
    (await bytesOf(ALL.slice(0, 1000))).length - (await bytesOf(ALL.slice(0, 999))).length - 7,
  ])
  await log.append(ALL.slice(999), { flush: false })
  await log.savePoint({ seq: 1200, state: "new" })
  await log.close()
  expect(await opened(own)).toEqual({ from: 1200, events: [] })
  expect(readFileSync(point, "utf8")).toContain('"state":"new"')
})

test("a point of a log that lost its end, and went on otherwise, is not used", async () => {
  using own = scene()
  await pointed(own)
  const kept = (await bytesOf(ALL.slice(0, 800))).length
  truncateSync(own.path("ses_a"), kept)
  // Of the very lengths that were lost, so that every line stands where another stood.
  const others = sessionEvents("ses_a", 1000, "q".repeat(50))
  writeFileSync(own.path("ses_a"), (await bytesOf(others)).subarray(kept), { flag: "a" })
  expect(await opened(own)).toEqual({ from: 0, events: [...ALL.slice(0, 800), ...others.slice(800)] })
})

test("index and point, deleted or damaged in any way, change nothing but where reading begins, and are made anew", async () => {
  for (const which of ["index", "point"] as const) {
    for (const [name, damage] of damages) {
      using own = scene()
      const files = await pointed(own)
      damage(files[which])
      const found = await opened(own)
      expect([which, name, found]).toEqual([which, name, { from: 0, events: ALL.slice(0, 1000) }])
      for (const from of [1, 257, 700]) {
        const read = await own.logs.read("ses_a", from)
        if (!Bun.deepEquals(read, ALL.slice(from - 1, 1000))) throw new Error(`${which} ${name} from ${from}`)
      }
      const log = await own.logs.open("ses_a")
      await log.append(ALL.slice(1000), { flush: false })
      await log.savePoint({ seq: 1100, state: 1100 })
      await log.close()
      expect(await opened(own)).toEqual({ from: 1100, events: ALL.slice(1100) })
    }
  }
})

test("no flipped bit of an index or a point is believed, whichever byte it is", async () => {
  using own = scene()
  const log = await own.logs.create("ses_a")
  await log.append(ALL.slice(0, 20), { flush: false })
  await log.savePoint({ seq: 15, state: { folded: 15 } })
  await log.close()
  for (const path of [`${own.path("ses_a")}.index.json`, `${own.path("ses_a")}.point`]) {
    const good = readFileSync(path)
    for (let at = 0; at < good.length; at++) {
      const damaged = Buffer.from(good)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      writeFileSync(path, damaged)
      const found = await opened(own)
      if (found.from !== 0 || found.events.length !== 20) throw new Error(`Byte ${at} of ${path} is believed`)
    }
    writeFileSync(path, good)
    expect(await opened(own)).toEqual({ from: 15, events: ALL.slice(15, 20) })
  }
})

test("a point or index of another log, an older or newer format, or a log that was cut, is not believed", async () => {
  const other = sessionEvents("ses_a", 1000, "q".repeat(50))
  const cases: [string, (own: ReturnType<typeof scene>, files: { index: string; point: string }) => Promise<number>][] =
    [
      [
        "another log in its place, line for line as long",
        async (own) => {
          writeFileSync(own.path("ses_a"), await bytesOf(other))
          return 0
        },
      ],
      [
        "the same bytes in a new file",
        async (own) => {
          copyFileSync(own.path("ses_a"), `${own.path("ses_a")}.copy`)
          renameSync(`${own.path("ses_a")}.copy`, own.path("ses_a"))
          return 0
        },
      ],
      [
        "a log that ends before the point",
        async (own) => {
          writeFileSync(own.path("ses_a"), await bytesOf(ALL.slice(0, 500)))
          return 0
        },
      ],
      [
        "an index from before the point",
        async (own, { index }) => {
          const log = await own.logs.open("ses_a")
          const before = readFileSync(index)
          await log.savePoint({ seq: 1000, state: 1000 })
          await log.close()
          writeFileSync(index, before)
          return 0
        },
      ],
      [
        "a log that was cut after the point and before the index",
        async (own) => {
          const log = await own.logs.open("ses_a")
          await log.append(ALL.slice(1000), { flush: false })
          await log.savePoint({ seq: 950, state: { folded: 950 } })
          await log.close()
          writeFileSync(own.path("ses_a"), await bytesOf(ALL.slice(0, 980)))
          return 0
        },
      ],
    ]
  for (const [name, change] of cases) {
    using own = scene()
    const files = await pointed(own)
    const from = await change(own, files)
    const whole = await own.logs.read("ses_a")
    expect([name, await opened(own)]).toEqual([name, { from, events: whole }])
  }
})

test("reading from an event reads from the nearest mark, and a mark that is wrong is not believed", async () => {
  using own = scene()
  const { index } = await pointed(own)
  const bytes = readFileSync(own.path("ses_a"))
  bytes[100] = (bytes[100] ?? 0) ^ 1
  writeFileSync(own.path("ses_a"), bytes)
  expect(await own.logs.read("ses_a", 600)).toEqual(ALL.slice(599, 1000))

  bytes[100] = (bytes[100] ?? 0) ^ 1
  const kept = JSON.parse(readFileSync(index, "utf8"))
  const mark = kept.marks.find(({ seq }: { seq: number }) => seq === 513)
  bytes[mark.offset + 3] = (bytes[mark.offset + 3] ?? 0) ^ 1
  writeFileSync(own.path("ses_a"), bytes)
  expect(await own.logs.read("ses_a", 770)).toEqual(ALL.slice(769, 1000))
  expect(await own.logs.read("ses_a", 600)).toEqual(ALL.slice(599, 1000))
})

test("index and point are for their owner alone, follow no link, and leave no strays", async () => {
  using own = scene()
  const before = process.umask(0)
  let files: { index: string; point: string }
  try {
    files = await pointed(own)
  } finally {
    process.umask(before)
  }
  expect([files.index, files.point].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
  expect(readdirSync(join(own.dataDir, "sessions")).toSorted()).toEqual([
    "ses_a.jsonl",
    "ses_a.jsonl.index.json",
    "ses_a.jsonl.point",
  ])
  const bait = join(own.dataDir, "bait")
  writeFileSync(bait, "bait")
  chmodSync(bait, 0o644)
  symlinkSync(bait, `${files.point}.tmp`)
  const log = await own.logs.open("ses_a")
  await log.savePoint({ seq: 1000, state: "x" })
  await log.close()
  expect(readFileSync(bait, "utf8")).toBe("bait")
})

test("a folder in the way of a point costs nothing but the point", async () => {
  using own = scene()
  own.place("ses_a", await bytesOf(events(3)))
  rmSync(`${own.path("ses_a")}.point`, { force: true })
  Bun.spawnSync(["mkdir", `${own.path("ses_a")}.point`])
  const log = await own.logs.open("ses_a")
  await log.savePoint({ seq: 3, state: "x" })
  await log.close()
  expect(existsSync(`${own.path("ses_a")}.point.tmp`)).toBe(false)
  expect((await own.logs.open("ses_a")).events.length).toBe(3)
})
