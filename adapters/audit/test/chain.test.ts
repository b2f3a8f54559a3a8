import { expect, test } from "bun:test"
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { dirname } from "node:path"
import { audit } from "../src/index.ts"
import { queryAudit, verifyAudit } from "../src/reading.ts"
import { entry, scene } from "./scene.ts"

async function recorded(at: ReturnType<typeof scene>, ...numbers: number[]): Promise<void> {
  const port = audit(at.options)
  for (const nth of numbers) await port.record(entry(nth))
  await port.close()
}

test("nothing is made before the first entry", async () => {
  using at = scene()
  const port = audit(at.options)
  await port.close()
  expect(existsSync(dirname(at.file))).toBe(false)
  expect(verifyAudit(at)).toMatchObject({ state: "empty", lines: 0 })
})

test("entries of several openings form one chain, in files for their owner alone", async () => {
  using at = scene()
  await recorded(at, 1, 2)
  await recorded(at, 3)
  expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: 3, notes: [], last: { seq: 3, at: 1003 } })
  const modes = [dirname(at.file), at.file, `${at.file}.key`, dirname(at.headFile), at.headFile]
  expect(modes.map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(["700", "600", "600", "700", "600"])
})

test("a line holds ids, words, numbers and hashes, and follows the one before", async () => {
  using at = scene()
  await recorded(at, 1, 2)
  const [first = "", second = ""] = at.lines()
  expect(JSON.parse(first)).toEqual({
    ...{ v: 1, seq: 1, at: 1001, actor: "model", action: "call.start", decision: "allow" },
    ...{ resources: [{ kind: "file", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] },
    ...{ sessionId: "ses_a", callId: "cal_1", prev: "0".repeat(64), sum: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })
  expect(JSON.parse(second).prev).toBe(JSON.parse(first).sum)
})

test("entries of one moment are one write, in order", async () => {
  using at = scene()
  const port = audit(at.options)
  await Promise.all(Array.from({ length: 50 }, (_, nth) => port.record(entry(nth))))
  await port.close()
  expect(queryAudit(at.file, {}).map(({ callId }) => callId)).toEqual(
    Array.from({ length: 50 }, (_, nth) => `cal_${nth}`),
  )
})

test("the chain goes on over files that are full", async () => {
  using at = scene()
  const port = audit({ ...at.options, bytesMax: 1500 })
  for (let nth = 1; nth <= 20; nth++) await port.record(entry(nth))
  await port.close()
  expect(existsSync(`${at.file}.3`)).toBe(true)
  expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: 20, breaks: [], notes: [] })
  rmSync(`${at.file}.2`)
  expect(verifyAudit(at).breaks[0]).toMatchObject({
    file: `${at.file}.3`,
    line: 1,
    meaning: expect.stringMatching(/^lines \d+ to \d+ are missing before it/),
  })
})

test("full files may be moved away by who keeps the sum of their last line", async () => {
  using at = scene()
  const port = audit({ ...at.options, bytesMax: 1500 })
  for (let nth = 1; nth <= 8; nth++) await port.record(entry(nth))
  await port.close()
  const moved = JSON.parse(at.lines(`${at.file}.1`).at(-1) ?? "")
  renameSync(`${at.file}.1`, `${at.dataDir}/archive`)
  expect(verifyAudit(at).breaks[0]?.meaning).toBe(
    `it is line ${moved.seq + 1} of the record: lines 1 to ${moved.seq} are not here`,
  )
  expect(verifyAudit({ ...at, mustFollow: moved.sum }).state).toBe("intact")
  expect(verifyAudit({ ...at, mustFollow: "f".repeat(64) }).state).toBe("broken")
})

test("a line that is cut at any byte is left as it is, told of in the next, and counts as no damage", async () => {
  using at = scene()
  await recorded(at, 1, 2, 3)
  const whole = readFileSync(at.file)
  const head = readFileSync(at.headFile)
  const two = whole.lastIndexOf("\n", whole.length - 2) + 1
  for (let cut = two + 1; cut < whole.length; cut += 1) {
    writeFileSync(at.file, whole.subarray(0, cut))
    // The head is written after the line.
    writeFileSync(at.headFile, JSON.stringify(headBefore(whole.subarray(0, two))))
    const isWhole = cut === whole.length - 1
    const before = isWhole ? [] : [expect.stringContaining("beginning of a line")]
    expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: isWhole ? 3 : 2, notes: before })
    await recorded(at, 4)
    const told = isWhole ? [] : [expect.stringContaining(`the ${cut - two} bytes are kept`)]
    expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: 4, notes: told })
    expect(readFileSync(at.file).subarray(0, cut)).toEqual(whole.subarray(0, cut))
  }
  writeFileSync(at.headFile, head)
})

test("a repair that is itself cut short is told of like any other", async () => {
  using at = scene()
  await recorded(at, 1)
  const head = readFileSync(at.headFile)
  appendFileSync(at.file, '{"v":1,"seq":2,"at"')
  await recorded(at, 2)
  const repaired = readFileSync(at.file)
  truncateSync(at.file, repaired.indexOf('"audit.repair"') + 5)
  writeFileSync(at.headFile, head)
  await recorded(at, 3)
  expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: 3, breaks: [] })
  expect(at.lines()).toHaveLength(5)
})

test("lines cut off the end are missed before the next entry and for ever after", async () => {
  using at = scene()
  await recorded(at, 1, 2, 3)
  const whole = readFileSync(at.file)
  truncateSync(at.file, whole.indexOf("\n") + 1)
  expect(verifyAudit(at)).toMatchObject({
    state: "broken",
    breaks: [{ meaning: "2 lines after line 1 had been written and are gone: cut off, or lost by a power cut" }],
  })
  await recorded(at, 4)
  expect(verifyAudit(at)).toMatchObject({
    state: "broken",
    lines: 3,
    last: { seq: 5 },
    breaks: [{ line: 2, meaning: expect.stringContaining("2 lines before it had been written and were gone") }],
  })
})

test("a record that is deleted, with or without its head, is missed", async () => {
  using at = scene()
  await recorded(at, 1, 2)
  const whole = readFileSync(at.file)
  rmSync(at.file)
  expect(verifyAudit(at).breaks[0]?.meaning).toStartWith("2 lines after line 0 had been written and are gone")
  await recorded(at, 3)
  expect(verifyAudit(at).breaks[0]?.meaning).toStartWith("2 lines before it had been written and were gone")
  writeFileSync(at.file, whole)
  rmSync(at.headFile)
  expect(verifyAudit(at).breaks[0]?.meaning).toStartWith("its head is missing")
  await recorded(at, 3)
  expect(verifyAudit(at)).toMatchObject({
    state: "broken",
    breaks: [{ line: 3, meaning: expect.stringContaining("the head was missing when it was written") }],
  })
})

test("lines cut off the end together with the head are missed for ever, however skein goes on", async () => {
  using at = scene()
  await recorded(at, 1, 2, 3, 4, 5, 6)
  writeFileSync(at.file, at.lines().slice(0, 3).join("\n").concat("\n"))
  rmSync(at.headFile)
  await recorded(at, 7)
  await recorded(at, 8)
  expect(verifyAudit(at)).toMatchObject({
    state: "broken",
    lines: 6,
    breaks: [{ line: 4, meaning: expect.stringContaining("whether lines were cut off before it cannot be told") }],
  })
})

test("every byte that is changed is found, with the line it is in", async () => {
  using at = scene()
  await recorded(at, 1, 2, 3)
  const whole = readFileSync(at.file)
  for (let place = 0; place < whole.length; place += 1) {
    const changed = Buffer.from(whole)
    changed[place] = (changed[place] ?? 0) ^ 1
    writeFileSync(at.file, changed)
    const { state, breaks } = verifyAudit(at)
    expect([place, state]).toEqual([place, "broken"])
    const line = whole.subarray(0, place).toString().split("\n").length
    expect([line, line + 1, undefined]).toContain(breaks[0]?.line)
  }
})

test("a line that is changed with a sum of its own made to fit, removed, repeated or put elsewhere is found", async () => {
  using at = scene()
  await recorded(at, 1, 2, 3, 4)
  const [one, two, three, four] = at.lines() as [string, string, string, string]
  const put = (...lines: string[]) => writeFileSync(at.file, `${lines.join("\n")}\n`)
  const body = two.replace('"allow"', '"denyy"').slice(0, two.lastIndexOf(',"sum"'))
  put(one, `${body},"sum":"${new Bun.CryptoHasher("sha256").update(body).digest("hex")}"}`, three, four)
  expect(verifyAudit(at).breaks).toMatchObject([
    { line: 3, meaning: expect.stringContaining("one of the two was replaced") },
  ])
  for (const lines of [
    [one, three, four],
    [one, two, two, three, four],
    [one, three, two, four],
    [two, three, four],
    [one, two, three],
  ]) {
    put(...lines)
    expect(verifyAudit(at).state).toBe("broken")
  }
})

test("who rewrites the whole chain and its head is found by a sum that was noted elsewhere, and by nothing else", async () => {
  using at = scene()
  await recorded(at, 1, 2)
  const noted = verifyAudit(at).last?.sum ?? ""
  expect(verifyAudit({ ...at, mustHold: noted }).state).toBe("intact")
  rmSync(at.file)
  rmSync(at.headFile)
  await recorded(at, 1, 3)
  expect(verifyAudit(at).state).toBe("intact")
  expect(verifyAudit({ ...at, mustHold: noted }).breaks[0]?.meaning).toContain("the record was rewritten")
})

test("a query finds by actor, action, name, decision, time and session; a name that was never recorded finds nothing", async () => {
  using at = scene()
  const port = audit(at.options)
  await port.record(entry(1))
  await port.record(entry(2, { action: "call.settle", actor: "skein" }))
  await port.record(entry(3, { decision: "deny", sessionId: "ses_b" }))
  await port.close()
  const ids = (query: Parameters<typeof queryAudit>[1]) => queryAudit(at.file, query).map(({ callId }) => callId)
  expect(ids({ action: "call" })).toEqual(["cal_1", "cal_2", "cal_3"])
  expect(ids({ action: "call.settle" })).toEqual(["cal_2"])
  expect(ids({ actor: "model" })).toEqual(["cal_1", "cal_3"])
  expect(ids({ names: ["/repo/2.ts"] })).toEqual(["cal_2"])
  expect(ids({ names: ["/repo/4.ts"] })).toEqual([])
  expect(ids({ decision: "deny" })).toEqual(["cal_3"])
  expect(ids({ sinceMs: 1002, untilMs: 1002 })).toEqual(["cal_2"])
  expect(ids({ sessionId: "ses_b" })).toEqual(["cal_3"])
  expect(ids({ limit: 1 })).toEqual(["cal_3"])
})

test("names cannot be guessed from the hashes of another installation", async () => {
  using at = scene()
  using other = scene()
  await recorded(at, 1)
  await recorded(other, 1)
  const hash = (where: typeof at) => queryAudit(where.file, {})[0]?.resources[0]?.sha256
  expect(hash(at)).not.toBe(hash(other))
})

test("a record that others may read is closed to them when it is next opened", async () => {
  using at = scene()
  await recorded(at, 1)
  chmodSync(at.file, 0o666)
  await recorded(at, 2)
  expect(statSync(at.file).mode & 0o777).toBe(0o600)
})
function headBefore(bytes: Buffer): object {
  const { seq, sum } = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "")
  const check = new Bun.CryptoHasher("sha256").update(JSON.stringify({ seq, sum })).digest("hex")
  return { seq, sum, check }
}

test("a line that was changed is told as changed, and not as removed too; one that was removed is, beside it", async () => {
  using at = scene()
  await recorded(at, 1, 2, 3, 4, 5)
  const lines = at.lines()
  const changed = lines.map((line, nth) => (nth === 2 ? line.replace("model", "robot") : line))
  writeFileSync(at.file, `${changed.join("\n")}\n`)
  expect(verifyAudit(at).breaks).toMatchObject([{ line: 3, meaning: expect.stringContaining("changed or damaged") }])
  writeFileSync(at.file, `${changed.filter((_, nth) => nth !== 3).join("\n")}\n`)
  expect(verifyAudit(at).breaks).toMatchObject([
    { line: 3, meaning: expect.stringContaining("changed or damaged") },
    { meaning: "lines 3 to 4 are missing before it: they were removed or changed" },
  ])
})
