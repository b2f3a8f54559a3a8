import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Format } from "../src/index.ts"
import { FIXTURE, imported, importedFrom, nowhere } from "./scene.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "skein-foreign-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const isSoak = process.env.SKEIN_SOAK === "1"
const LOGS = [FIXTURE.codex, FIXTURE.claude, FIXTURE.pi]

/** The fixture's bytes, changed, imported as what they were. */
async function damaged(path: string, change: (bytes: Buffer) => Buffer) {
  const [found] = await nowhere.detect(path)
  if (found === undefined) throw new Error(`${path} holds no session`)
  const copy = join(folder, "damaged.jsonl")
  await writeFile(copy, change(await readFile(path)))
  return importedFrom({ ...found, path: copy })
}

describe("a log that is cut or damaged", () => {
  test("at any byte gives a whole session of what stands before it", async () => {
    for (const path of LOGS) {
      const { length } = await readFile(path)
      for (let at = 0; at <= length; at += isSoak ? 1 : 97) await damaged(path, (bytes) => bytes.subarray(0, at))
    }
  })

  test("with lines taken out, doubled or swapped still gives a session that can be continued", async () => {
    for (const path of LOGS) {
      const lines = (await readFile(path, "utf8")).split("\n")
      for (let at = 0; at < lines.length; at++) {
        const one = lines[at] ?? ""
        const others = lines.toSpliced(at, 1)
        for (const made of [others, lines.toSpliced(at, 0, one), [...others, one], [one, ...others]]) {
          await damaged(path, () => Buffer.from(made.join("\n")))
        }
      }
    }
  })

  test("with any byte changed is never fatal", async () => {
    for (const path of LOGS) {
      const { length } = await readFile(path)
      for (let at = 0; at < length; at += isSoak ? 7 : 211) {
        await damaged(path, (bytes) => {
          bytes[at] = at % 2 === 0 ? 0 : 0x22
          return bytes
        })
      }
    }
  })

  test("counts a line of zeros, and reads what stands behind zeros", async () => {
    const { report } = await damaged(FIXTURE.pi, (bytes) => {
      const [head = "", ...rest] = bytes.toString().split("\n")
      return Buffer.from([head, "\0\0\0\0", `\0\0${rest[0]}`, ...rest.slice(1)].join("\n"))
    })
    expect(report.malformed).toEqual({ count: 1, lines: [2] })
    expect(report.kept.turns).toBe(3)
  })

  test("names the first broken lines only, and counts all", async () => {
    const { report } = await damaged(FIXTURE.pi, (bytes) =>
      Buffer.concat([bytes, Buffer.from("{broken\n".repeat(1_000))]),
    )
    expect(report.malformed.count).toBe(1_000)
    expect(report.malformed.lines).toHaveLength(20)
  })

  test("with lines of the right kind and the wrong shapes is never fatal", async () => {
    const odd = [null, 1, "x", [], {}, [null], [[]], { content: [null, 1, "x", {}] }, { type: 5, id: 7 }]
    const types = ["message", "user", "assistant", "response_item", "event_msg", "compacted", "compaction", "system"]
    const lines = types.flatMap((type) =>
      odd.flatMap((value) => [
        {
          type,
          message: value,
          payload: value,
          uuid: "q1",
          id: "q2",
          parentId: value,
          parentUuid: value,
          timestamp: value,
        },
        {
          type,
          message: { role: "assistant", content: value },
          payload: { type: "message", role: "user", content: value },
        },
        { type, message: { role: "user", content: [value] }, payload: { type: "function_call", arguments: value } },
        {
          type,
          payload: { type: "token_count", info: value },
          uuid: "q3",
          message: { content: [{ type: "tool_use", input: value }] },
        },
        {
          type,
          payload: { type: "function_call_output", output: value },
          message: { role: "toolResult", content: value },
        },
      ]),
    )
    const text = lines.map((line) => JSON.stringify(line)).join("\n")
    for (const path of LOGS) await damaged(path, (bytes) => Buffer.concat([bytes, Buffer.from(`\n${text}\n`)]))
  })
})

test("a chain of entries that names itself, or an entry that is not there, is mended by the order of lines", async () => {
  const turn = (uuid: string, parentUuid: string, content: string) =>
    JSON.stringify({
      type: "user",
      uuid,
      parentUuid,
      sessionId: "s",
      cwd: "/w",
      timestamp: "2026-01-01T00:00:00Z",
      message: { role: "user", content },
    })
  const path = join(folder, "circle.jsonl")
  await writeFile(
    path,
    [turn("a", "c", "one"), turn("b", "a", "two"), turn("c", "gone", "three"), turn("d", "d", "four")].join("\n"),
  )
  const { report } = await imported(path)
  expect(report.kept.turns).toBe(4)
})

describe("a huge log", () => {
  test("with a line over the bound is read without holding it", async () => {
    const path = join(folder, "long.jsonl")
    const megabytes = isSoak ? 100 : 40
    const file = await open(path, "w")
    const [head = "", ...rest] = (await readFile(FIXTURE.pi, "utf8")).split("\n")
    await file.write(`${head}\n{"type":"message","x":"`)
    for (let count = 0; count < megabytes; count++) await file.write("y".repeat(1024 * 1024))
    await file.write(`"}\n${rest.join("\n")}`)
    await file.close()
    const most = mostMemory()
    const { report } = await imported(path)
    // Small lines are within the noise of a test run.
    if (isSoak) expect(most()).toBeLessThan(80 * 1024 * 1024)
    expect(report.tooLong).toEqual({ count: 1, lines: [2] })
    expect(report.longestLine).toEqual({ line: 2, bytes: megabytes * 1024 * 1024 + 25 })
    expect(report.kept.turns).toBe(3)
  })

  if (isSoak) {
    test("of half a gigabyte takes no more memory than a small one", async () => {
      const path = join(folder, "many.jsonl")
      const line = JSON.stringify({
        type: "response_item",
        payload: { type: "message", role: "user", content: [{ type: "input_text", text: "z".repeat(100_000) }] },
      })
      const file = await open(path, "w")
      await file.write(await readFile(FIXTURE.codex))
      await file.write("\n")
      for (let count = 0; count < 5_000; count++) await file.write(`${line}\n`)
      await file.close()
      const [found] = await nowhere.detect(path)
      if (found === undefined) throw new Error("Not found")
      const reading = await nowhere.read(found, {
        settings: { model: "a/b", mode: "ask", sandbox: "read-only", extraRoots: [], limits: {} },
        version: "0",
      })
      if (reading.kind !== "new") throw new Error("Known")
      Bun.gc(true)
      const before = process.memoryUsage().rss
      let most = before
      for await (const { at } of reading.drafts) if (at >= 0) most = Math.max(most, process.memoryUsage().rss)
      expect(reading.report().kept.turns).toBe(5_003)
      expect(most - before).toBeLessThan(200 * 1024 * 1024)
    })
  }
})

/** Watches how much the process grows, until asked: bytes. */
function mostMemory(): () => number {
  Bun.gc(true)
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 1)
  return () => {
    clearInterval(timer)
    return most - before
  }
}

test("what is no session of anybody is told apart from one", async () => {
  for (const text of ["", "hello\n", "{}\n", "[1,2]\n", '{"name":"x","version":"1"}\n', "\0\0\0"]) {
    const path = join(folder, "other.jsonl")
    await writeFile(path, text)
    expect(await nowhere.detect(path)).toEqual([])
  }
  const formats: Format[] = []
  for (const path of Object.values(FIXTURE)) formats.push(...(await nowhere.detect(path)).map(({ format }) => format))
  expect(formats).toEqual(["codex", "codex", "claude", "pi", "opencode"])
})

test("a file that cannot be read is an error that says which and why", async () => {
  expect(nowhere.detect(join(folder, "missing.jsonl"))).rejects.toMatchObject({ code: "import.unreadable" })
})
