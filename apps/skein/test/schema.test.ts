import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describeBinary } from "./ground/binary.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const PUBLISHED = resolve(import.meta.dir, "../../../docs/protocol")
const published = (name: string) => JSON.parse(readFileSync(join(PUBLISHED, name), "utf8"))
const HANG_MS = 40_000

/** What each of the definitions takes; an error says where. */
function checks() {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
  const schema = published("skein.schema.json")
  ajv.addSchema(schema)
  return (name: string, value: unknown): string => {
    const check = ajv.getSchema(`${schema.$id}#/$defs/${name}`)
    if (check === undefined) throw new Error(`There is no ${name}`)
    return check(value) ? "" : ajv.errorsText(check.errors)
  }
}

test("the description over HTTP is one, as a validator by another hand says", async () => {
  const { valid, errors } = await new Validator().validate(published("openapi.json"))

  expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
})

test("what is no op, query or event is none by the published schema", () => {
  const check = checks()
  const sessionId = "ses_0199a0b0-0000-7000-8000-000000000001"

  expect(check("Op", { type: "goal.change", sessionId, goal: null })).toBe("")
  expect(check("Op", { type: "goal.change", sessionId: "../x", goal: null })).toContain("pattern")
  expect(check("Op", { type: "goal.changed", sessionId })).not.toBe("")
  expect(check("Query", { type: "session.read", sessionId })).toBe("")
  expect(check("Query", { type: "session.read" })).toContain("sessionId")
  expect(check("Receipt", { status: "rejected", code: "no.such", message: "" })).not.toBe("")
})

describeBinary("skein debug schema", () => {
  test("says what is published, and writes it where it is told", async () => {
    const scene = new Scene()
    const dir = mkdtempSync(join(tmpdir(), "skein-schema-"))
    try {
      const [schema, openapi, written] = [
        await scene.run(["debug", "schema"]),
        await scene.run(["debug", "schema", "--openapi"]),
        await scene.run(["debug", "schema", "--out", dir]),
      ]

      expect(JSON.parse(schema.out)).toEqual(published("skein.schema.json"))
      const { info, ...rest } = JSON.parse(openapi.out)
      const { info: _, ...meant } = published("openapi.json")
      expect(rest).toEqual(meant)
      expect(written.code).toBe(0)
      expect(JSON.parse(readFileSync(join(dir, "openapi.json"), "utf8"))).toEqual({ ...rest, info })
      expect((await scene.run(["debug", "schema", "more"])).code).toBe(2)
      expect((await scene.run(["debug", "schema", "--openapi", "--out", dir])).code).toBe(2)
    } finally {
      rmSync(dir, { recursive: true, force: true })
      scene.remove()
    }
  })

  test(
    "describes every event of a turn with a call",
    async () => {
      using talk = talking({ calls: [{ name: "list", args: { path: "." } }] }, { text: "Done." })
      const { out } = await talk.scene.run(["-p", "--output-format", "events", "look"])
      const check = checks()
      const events = eventsOf(out)

      expect(events.length).toBeGreaterThan(8)
      expect(events.flatMap((event) => check("Event", event))).toEqual(events.map(() => ""))
    },
    HANG_MS,
  )
})
