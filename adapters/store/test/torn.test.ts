import { expect, test } from "bun:test"
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { bytesOf, events, refusalOf, rounds, scene } from "./scene.ts"

const isSoak = rounds(0, 1) > 0

test("a log cut at any byte gives every event that is whole", async () => {
  using own = scene()
  const written = events(isSoak ? 2000 : 200)
  const bytes = await bytesOf(written)
  own.place("ses_a", bytes)
  let whole = written.length
  for (let size = bytes.length; size > 0; size--) {
    truncateSync(own.path("ses_a"), size)
    if (bytes[size - 1] !== 0x0a && bytes[size] === 0x0a) whole--
    // The lines before the last few are the same at every cut; they are decoded at line ends, and passed by elsewhere.
    const from = bytes[size - 1] === 0x0a && (!isSoak || whole % 50 === 0) ? 1 : Math.max(1, whole - 2)
    const found = whole === 0 ? await refusalOf(own.logs.read("ses_a")) : await own.logs.read("ses_a", from)
    const wanted = whole === 0 ? expect.stringContaining("session.not_found") : written.slice(from - 1, whole)
    if (!Bun.deepEquals(found, wanted)) expect({ size, found }).toEqual({ size, found: wanted })
  }
}, 600_000)

test("a log cut at any byte opens, goes on, and its tail is kept beside it", async () => {
  const written = events(8)
  const bytes = await bytesOf(written)
  using own = scene()
  const lastLine = bytes.lastIndexOf(0x0a, -2)
  for (let size = bytes.indexOf(0x0a) + 1; size <= bytes.length; size++) {
    // The long run cuts everywhere. Lines are alike: here each byte of the last, and each end of a line with what is beside it.
    const isBesideEnd = bytes.subarray(size - 2, size + 2).includes(0x0a)
    if (!isSoak && size < lastLine && !isBesideEnd) continue
    const sessionId = `ses_cut-${size}` as const
    own.place(sessionId, bytes.subarray(0, size))
    const log = await own.logs.open(sessionId)
    const tail = size - (bytes.subarray(0, size).lastIndexOf(0x0a) + 1)
    expect(log.repaired?.bytesDropped ?? 0).toBe(tail)
    if (log.repaired) expect(readFileSync(log.repaired.keptAt)).toEqual(Buffer.from(bytes.subarray(size - tail, size)))
    await log.append(written.slice(log.events.length), { flush: false })
    await log.close()
    expect(await own.logs.read(sessionId)).toEqual(written)
  }
}, 60_000)

test("a second torn tail does not replace the first", async () => {
  using own = scene()
  const bytes = await bytesOf(events(3))
  const keptAt: (string | undefined)[] = []
  for (const tail of ["{", '{"v":1']) {
    own.place("ses_a", Buffer.concat([bytes, Buffer.from(tail)]))
    const log = await own.logs.open("ses_a")
    keptAt.push(log.repaired?.keptAt)
    await log.close()
  }
  expect(keptAt).toEqual([`${own.path("ses_a")}.torn-1`, `${own.path("ses_a")}.torn-2`])
  expect(keptAt.map((path) => readFileSync(path ?? "", "utf8"))).toEqual(["{", '{"v":1'])
})

test("zeros and damage at the end are a torn tail; a reader leaves them where they are", async () => {
  const bytes = await bytesOf(events(5))
  const flipped = Buffer.from(bytes)
  flipped[bytes.length - 40] = (flipped[bytes.length - 40] ?? 0) ^ 1
  const tails: [string, Buffer, number][] = [
    ["zeros", Buffer.concat([bytes, Buffer.alloc(5000)]), 5],
    ["a flipped bit in the last line", flipped, 4],
    ["a damaged line and a piece of the next", Buffer.concat([flipped, Buffer.from('{"v":')]), 4],
    ["an empty line", Buffer.concat([bytes, Buffer.from("\n")]), 5],
  ]
  for (const [name, content, whole] of tails) {
    using own = scene()
    own.place("ses_a", content)
    expect([name, (await own.logs.read("ses_a")).length]).toEqual([name, whole])
    expect(content.equals(readFileSync(own.path("ses_a")))).toBe(true)
    const log = await own.logs.open("ses_a")
    expect([name, log.events.length, log.repaired?.keptAt ?? ""]).toEqual([name, whole, `${own.path("ses_a")}.torn-1`])
    await log.close()
    expect(await own.logs.read("ses_a")).toEqual(events(whole))
  }
})

test("a flipped bit before the last line is corrupt, whichever byte it is, and nothing is changed", async () => {
  using own = scene()
  const bytes = await bytesOf(events(6))
  own.place("ses_a", bytes)
  // The newline before the last line is part of it: without it the two are one damaged last line.
  const lastLine = bytes.subarray(0, -1).lastIndexOf(0x0a)
  for (let at = 0; at < lastLine; at++) {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ 0x04
    writeFileSync(own.path("ses_a"), damaged)
    const line = bytes.subarray(0, at).toString("latin1").split("\n").length
    const found = await refusalOf(own.logs.read("ses_a"))
    const wanted = `session.corrupt: Cannot read line ${line} of`
    if (!found.startsWith(wanted)) expect({ at, found }).toEqual({ at, found: wanted })
  }
  expect(await refusalOf(own.logs.open("ses_a"))).toContain("session.corrupt")
  expect(readdirSync(join(own.dataDir, "sessions"))).toEqual(["ses_a.jsonl"])
})

test("the error of a corrupt log says which line, and the command it gives keeps what is before it", async () => {
  using own = scene()
  const bytes = await bytesOf(events(6))
  const damaged = Buffer.from(bytes.toString("latin1").replace('"seq":4', '"seq":9'), "latin1")
  own.place("ses_a", damaged)
  const message = await refusalOf(own.logs.open("ses_a"))
  expect(message).toContain(`line 4 of ${own.path("ses_a")}: its checksum does not match`)

  const command = message.slice(message.indexOf("cp '"))
  expect(Bun.spawnSync(["sh", "-c", command]).exitCode).toBe(0)
  expect(await own.logs.read("ses_a")).toEqual(events(3))
})

test("a gap, a repetition and a newer schema are corrupt even where the checksum fits", async () => {
  const lines = (await bytesOf(events(4))).toString().split("\n").slice(0, -1)
  const [first, second, third, fourth] = lines
  const newer = await bytesOf(JSON.parse(JSON.stringify(events(1)).replace('"v":1', '"v":2')))
  const cases: [string, string][] = [
    [`${first}\n${third}\n`, "line 2 of PATH: it has seq 3 where 2 belongs"],
    [`${first}\n${second}\n${second}\n${third}\n${fourth}\n`, "line 3 of PATH: it has seq 2 where 3 belongs"],
    [newer.toString(), "line 1 of PATH: it has schema version 2, and this skein knows 1. Update skein"],
  ]
  for (const [content, wanted] of cases) {
    using own = scene()
    own.place("ses_a", content)
    const message = (await refusalOf(own.logs.open("ses_a"))).replace(own.path("ses_a"), "PATH")
    expect(message).toContain(wanted)
  }
})
