import { expect, test } from "bun:test"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DURABLE_EVENTS, type DurableEvent, type SessionId } from "@skein/protocol"
import { fixtureEvents } from "../src/diagnostics.ts"
import { meter } from "../src/index.ts"
import { events, scene } from "./scene.ts"

/** A word that could be a name, and one that could not. */
const CANARIES = ["canary-7f3a", "CANARY für “alle” /etc/passwd"]

const LONG: readonly DurableEvent[] = [...fixtureEvents({ events: 3000, seed: 7, sessionId: "ses_a" })]

test("no word of any event of any type comes into a record", async () => {
  using own = scene()
  for (const [which, canary] of CANARIES.entries()) {
    const sessionId = `ses_${which}` as const
    const port = meter({ dataDir: own.dataDir })
    const made = DURABLE_EVENTS.flatMap(({ type, fields }, index) =>
      variants(fields(), canary, type).map((values): DurableEvent => {
        const envelope = { v: 1, seq: index + 1, id: `evt_${index}`, at: index, sessionId, causedBy: canary }
        return { type, ...(values as object), unknown: canary, ...envelope } as unknown as DurableEvent
      }),
    )
    expect(made.length).toBeGreaterThan(DURABLE_EVENTS.length)
    expect(JSON.stringify(made).split(JSON.stringify(canary).slice(1, -1)).length).toBeGreaterThan(100)
    port.record(made)
    await port.close()
    const records = readFileSync(join(own.dataDir, "records", `${sessionId}.jsonl`), "utf8")
    expect(records).not.toContain(canary)
    expect(records).not.toContain(JSON.stringify(canary).slice(1, -1))
    const types = new Set(
      records
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).type),
    )
    expect(types.size).toBe(DURABLE_EVENTS.length - 1)
  }
})

test("a record says when, what, how large and how it ended, in order", async () => {
  using own = scene()
  const port = meter({ dataDir: own.dataDir })
  port.record(LONG)
  await port.close()
  const lines = readFileSync(join(own.dataDir, "records", "ses_a.jsonl"), "utf8")
    .trim()
    .split("\n")
  const records = lines.map((line) => JSON.parse(line))
  expect(records.map((record) => record.seq)).toEqual(
    LONG.filter(({ type }) => type !== "item.appended").map(({ seq }) => seq),
  )
  const settled = LONG.find((event) => event.type === "call.settled" && event.outcome === "error")
  const record = records.find(({ seq }) => seq === settled?.seq)
  expect(record).toMatchObject({
    v: 1,
    id: settled?.id,
    ts: new Date(settled?.at ?? 0).toISOString(),
    sessionId: "ses_a",
    type: "call.settled",
    data: { outcome: "error", forModel: { bytes: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{32}$/) } },
  })
  const ended = records.find(({ type }) => type === "step.ended")
  expect(ended.data).toMatchObject({ stop: expect.any(String), usage: { output: 300 }, durationMs: expect.any(Number) })
})

test("equal texts have equal hashes in one data folder, and others in another", async () => {
  const hashes: string[][] = []
  for (let folder = 0; folder < 2; folder++) {
    using own = scene()
    for (const sessionId of ["ses_a", "ses_b"] as const) {
      const port = meter({ dataDir: own.dataDir })
      port.record(events(2, sessionId))
      await port.close()
    }
    hashes.push((["ses_a", "ses_b"] as const).map((sessionId) => inputHash(own.dataDir, sessionId)))
  }
  expect(hashes[0]?.[0]).toBe(hashes[0]?.[1] ?? "")
  expect(hashes[0]?.[0]).not.toBe(hashes[1]?.[0] ?? "")
})

test("records are written at the end of a turn, or when many have gathered, for their owner alone", async () => {
  using own = scene()
  const port = meter({ dataDir: own.dataDir })
  const path = join(own.dataDir, "records", "ses_a.jsonl")
  const turnEnds = LONG.findIndex(({ type }) => type === "turn.ended")
  port.record(LONG.slice(0, turnEnds))
  expect(existsSync(join(own.dataDir, "records"))).toBe(false)
  port.record(LONG.slice(turnEnds, turnEnds + 1))
  while (!existsSync(path) || statSync(path).size === 0) await new Promise(setImmediate)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(own.dataDir, "records")).mode & 0o777).toBe(0o700)
  expect(statSync(join(own.dataDir, "records", "key")).mode & 0o777).toBe(0o600)
  await port.close()
})

test("where records cannot be written one sentence says so, and nobody waits or fails", async () => {
  using own = scene()
  mkdirSync(own.dataDir, { recursive: true })
  writeFileSync(join(own.dataDir, "records"), "in the way")
  const told: string[] = []
  const port = meter({ dataDir: own.dataDir, onUnwritable: (sentence) => told.push(sentence) })
  port.record(LONG)
  await port.close()
  port.record(LONG.slice(0, 10))
  await port.close()
  expect(told.length).toBe(1)
  expect(told[0]).toContain(`Cannot keep records in ${own.dataDir}`)
  expect(readdirSync(own.dataDir)).toEqual(["records"])
})

function inputHash(dataDir: string, sessionId: SessionId): string {
  const lines = readFileSync(join(dataDir, "records", `${sessionId}.jsonl`), "utf8").split("\n")
  return JSON.parse(lines[1] ?? "").data.input.hash
}

interface Schema {
  readonly def: {
    readonly type: string
    readonly shape?: { readonly [field: string]: Schema }
    readonly element?: Schema
    readonly innerType?: Schema
    readonly options?: readonly Schema[]
    readonly entries?: { readonly [name: string]: string }
    readonly values?: readonly unknown[]
  }
}

/** Values of a schema with the canary in every text, one for each way a choice can go. */
function variants(schema: object, canary: string, at: string): unknown[] {
  const { def } = schema as Schema
  switch (def.type) {
    case "object": {
      const fields = Object.entries(def.shape ?? {}).map(([field, one]) => ({
        field,
        // Names of models are the person's own configuration, and meant to be seen.
        values: field === "model" || field === "skein" ? ["test/one"] : variants(one, canary, `${at}.${field}`),
      }))
      const most = Math.max(1, ...fields.map(({ values }) => values.length))
      return Array.from({ length: most }, (_, index) =>
        Object.fromEntries(fields.map(({ field, values }) => [field, values[index % values.length]])),
      )
    }
    case "array":
      return variants(def.element ?? {}, canary, at).map((one) => [one])
    case "optional":
    case "nullable":
      return variants(def.innerType ?? {}, canary, at)
    case "union":
      return (def.options ?? []).flatMap((one) => variants(one, canary, at))
    case "enum":
      return [Object.values(def.entries ?? {})[0]]
    case "literal":
      return [def.values?.[0]]
    case "number":
      return [5]
    case "boolean":
      return [true]
    case "string":
    case "unknown":
    case "custom":
      return [canary]
    default:
      throw new Error(`${at} is of a kind that this test does not know: ${def.type}`)
  }
}
