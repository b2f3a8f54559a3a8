import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { call, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { Ajv } from "ajv"
import { codex } from "./codex-program.ts"
import { isMissing, program } from "./program.ts"
import { schemasIn } from "./real-schemas.ts"
import { serve } from "./talk.ts"

const at = mkdtempSync(join(tmpdir(), "skein-generated-"))
afterAll(() => rmSync(at, { recursive: true, force: true }))

type Schema = {
  readonly required?: readonly string[]
  readonly properties?: Record<string, unknown>
  readonly description?: string
}

function generated(by: string, what: string, name: string, ...flags: readonly string[]): string {
  const folder = join(at, name)
  const env = { PATH: process.env.PATH ?? "", HOME: at, CODEX_HOME: at, SKEIN_HOME: join(at, ".skein") }
  const run = Bun.spawnSync([by, "app-server", what, "--out", folder, ...flags], { stdin: "ignore", env, cwd: at })
  if (run.exitCode !== 0) throw new Error(run.stderr.toString())
  return folder
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.(json|ts)$/.test(name))
const read = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"))
const methodsIn = (folder: string, name: string) =>
  read(folder, `${name}.json`).oneOf.map(
    (row: { properties: { method: { enum: string[] } } }) => row.properties.method.enum[0],
  )

const UNIONS = ["ClientRequest", "ClientNotification", "ServerNotification", "ServerRequest"]
/** A method of Codex's that is there for its own tests alone. */
const THEIR_OWN = ["mock/experimentalMethod"]
/** Files of theirs for types within messages, and for what nobody sends. */
const NOT_OURS = /^v2\/(RawResponse|MockExperimental|UserVerificationRpcError)/

/** Members that Codex 0.169 knows, and the version that is here for the tests does not. */
const NEWER = ["v2/HooksListParams.json#threadId"]

describe.skipIf(isMissing || codex === undefined)("beside what Codex generates", () => {
  for (const [kind, flags] of [
    ["stable", []],
    ["experimental", ["--experimental"]],
  ] as const) {
    test(`the ${kind} schemas have the same files and methods`, () => {
      const ours = generated(program, "generate-json-schema", `json-${kind}`, ...flags)
      const theirs = generated(codex ?? "", "generate-json-schema", `their-json-${kind}`, ...flags)
      const expected = filesIn(theirs).filter((name) => !NOT_OURS.test(name))
      const extra = filesIn(ours).filter((name) => !expected.includes(name))
      expect(expected.filter((name) => !filesIn(ours).includes(name))).toEqual([])
      // An old request that Codex still answers, and no longer generates a schema for.
      expect(extra.toSorted()).toEqual(["v2/GitDiffToRemoteParams.json", "v2/GitDiffToRemoteResponse.json"])
      for (const union of UNIONS) {
        const all: string[] = methodsIn(theirs, union)
        expect(methodsIn(ours, union).toSorted()).toEqual(all.filter((name) => !THEIR_OWN.includes(name)).toSorted())
      }
    })

    test(`the ${kind} TypeScript has no file that Codex's has not`, () => {
      const ours = generated(program, "generate-ts", `ts-${kind}`, ...flags)
      const theirs = filesIn(generated(codex ?? "", "generate-ts", `their-ts-${kind}`, ...flags))
      expect(filesIn(ours).filter((name) => !theirs.includes(name))).toEqual([])
      expect(filesIn(ours)).toContain("v2/ThreadStartParams.ts")
    })
  }

  test("what a request must hold, and what an answer always holds, is the same", () => {
    const ours = join(at, "json-experimental")
    const theirs = join(at, "their-json-experimental")
    const wrong: unknown[] = []
    for (const name of filesIn(ours).filter((name) => /(Params|Response|Notification)\.json$/.test(name))) {
      const own: Schema = read(ours, name)
      if (own.properties === undefined || name.includes("GitDiffToRemote")) continue
      const other: Schema = read(theirs, name)
      const missing = (other.required ?? []).filter((key) => !(own.required ?? []).includes(key))
      const unknown = Object.keys(own.properties).filter(
        (key) => other.properties?.[key] === undefined && !NEWER.includes(`${name}#${key}`),
      )
      const isAsked = name.endsWith("Params.json")
      const more = isAsked ? (own.required ?? []).filter((key) => !(other.required ?? []).includes(key)) : []
      if (missing.length + unknown.length + more.length > 0) wrong.push({ name, missing, unknown, more })
    }
    expect(wrong).toEqual([])
  })
})

describe.skipIf(isMissing)("by themselves", () => {
  test("each schema leads to definitions that it holds, and what is not available says so", () => {
    const folder = generated(program, "generate-json-schema", "json-own", "--experimental")
    const ajv = new Ajv({ strict: false, validateFormats: false })
    for (const name of filesIn(folder)) {
      const text = readFileSync(join(folder, name), "utf8")
      const held = Object.keys(JSON.parse(text).definitions ?? {})
      const meant = [...text.matchAll(/"#\/definitions\/(\w+)"/g)].map(([, named]) => named ?? "")
      expect({ name, missing: meant.filter((one) => !held.includes(one)) }).toEqual({ name, missing: [] })
    }
    for (const union of UNIONS) expect(() => ajv.compile(read(folder, `${union}.json`))).not.toThrow()
    expect(read(folder, "v2/PluginShareListParams.json").description).toContain("not available in this version")
    expect(read(folder, "v2/FsReadFileParams.json")).toMatchObject({ required: ["path"] })
  })

  test("the TypeScript compiles, strictly", () => {
    const folder = generated(program, "generate-ts", "ts-own", "--experimental")
    const use = `import type { ClientRequest, ServerNotification, v2 } from "./index"
export const asked: ClientRequest = { id: 1, method: "fs/readFile", params: { path: "/x" } }
export const item = (note: ServerNotification): v2.ThreadItem | undefined => note.method === "item/started" ? note.params.item : undefined
// @ts-expect-error a path is missing
export const wrong: ClientRequest = { id: 1, method: "fs/readFile", params: {} }
`
    writeFileSync(join(folder, "use.ts"), use)
    const tsc = join(import.meta.dir, "../../../node_modules/.bin/tsc")
    const flags = ["--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler", "--ignoreConfig"]
    const run = Bun.spawnSync([tsc, ...flags, "use.ts"], { cwd: folder })
    expect(run.stdout.toString()).toBe("")
    expect(run.exitCode).toBe(0)
  })

  test("each message of a turn is as they say", async () => {
    const folder = generated(program, "generate-json-schema", "json-told", "--experimental")
    const tools = testTools({
      bash: {
        effects: [{ kind: "execute", command: "echo hi", isConfined: true }],
        run: async () => ({ forModel: [{ type: "text", text: "hi" }], exitCode: 0 }),
      },
    })
    const host = serve(testEngine(scriptedModel(call("bash", { command: "echo hi" }), say("done")), { tools }))
    await host.handshake()
    const threadId = await host.thread({ approvalPolicy: "untrusted" })
    await host.turn(threadId, "go")
    const asked = await host.next("item/commandExecution/requestApproval")
    host.say({ id: asked.id, result: { decision: "accept" } })
    await host.next("turn/completed")
    for (const method of [
      "thread/list",
      "model/list",
      "account/read",
      "config/read",
      "hooks/list",
      "skills/list",
      "configRequirements/read",
    ])
      await host.request(method)
    await host.request("thread/read", { threadId, includeTurns: true })
    await host.end()
    expect(schemasIn(folder).defects(host.sent, host.messages)).toEqual([])
  })

  test("without a folder, or with one that cannot be made, it is said", () => {
    expect(() => generated(program, "generate-ts", "x", "--prettier", "no-such-program")).toThrow(
      "there is no such program",
    )
    writeFileSync(join(at, "file"), "")
    expect(() => generated(program, "generate-ts", "file/below")).toThrow("--out")
    const run = Bun.spawnSync([program, "app-server", "generate-ts"], { env: { HOME: at } })
    expect(run.exitCode).toBe(2)
  })
})
