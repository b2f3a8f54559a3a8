import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { append } from "./ground/model.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 120_000
const ROOT = resolve(import.meta.dir, "../../..")

/** What a person might write on the first day. */
const PROGRAM = `
import { startSkein, tool } from "@skein/sdk"

const skein = await startSkein({ path: process.env.SKEIN })
const clock = tool({ name: "clock", description: "Tells the time.", run: () => "noon" })
const session = await skein.session({ mode: "ask", hostTools: [clock], onApproval: ({ call }) => call?.name === "bash" })
const turn = await session.stream("go")
const types: string[] = []
for await (const event of turn) types.push(event.type)
const { text, changes } = await turn.result()
await session.rewind("code")
const { items } = await skein.engine.ask({ type: "session.read", sessionId: session.id })
console.log(JSON.stringify({ text, kinds: changes.map(({ kind }) => kind), last: types.at(-1), items: items.length }))
await skein.close()
`
const SAID = { text: "Done.", kinds: ["add"], last: "turn.ended", items: 4 }

/** What the compiler has to refuse. */
const WRONG = `
import { startSkein } from "@skein/sdk"
const skein = await startSkein({ port: 3 })
const session = await skein.session({ mode: "yolo" })
const { answer } = await session.prompt("go")
await skein.engine.ask({ type: "session.read", sessionId: "not an id" })
`

describeBinary("the packed SDK", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-sdk-"))
  const project = join(folder, "project")
  const run = (command: string[], env: Readonly<Record<string, string | undefined>> = process.env) => {
    const ran = Bun.spawnSync(command, { cwd: project, env, stderr: "pipe" })
    return { code: ran.exitCode, out: ran.stdout.toString(), err: ran.stderr.toString() }
  }
  beforeAll(() => {
    mkdirSync(project)
    const tarball = run([process.execPath, join(ROOT, "tools/build/sdk.ts"), join(folder, "packed")]).out.trim()
    writeFileSync(join(project, "package.json"), '{ "name": "mine", "private": true, "type": "module" }')
    const npm = ["npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", tarball]
    const { code, err } = run(npm, { ...process.env, HOME: folder })
    if (code !== 0) throw new Error(`npm install ended with ${code}: ${err}`)
    writeFileSync(join(project, "main.ts"), PROGRAM)
    // Node 20 reads no types: the one annotation there is goes.
    writeFileSync(join(project, "main.js"), PROGRAM.replace(": string[]", ""))
  }, HANG_MS)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test("needs no other package", () => {
    expect(readdirSync(join(project, "node_modules/@skein"))).toEqual(["sdk"])
    expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@skein"])
    const bundle = readFileSync(join(project, "node_modules/@skein/sdk/dist/index.js"), "utf8")
    expect([/zod/i.test(bundle), bundle.length < 100_000]).toEqual([false, true])
  })

  for (const runtime of ["node", process.execPath]) {
    test(
      `leads skein from ${runtime === "node" ? "Node" : "Bun"}`,
      async () => {
        using talk = talking({ calls: [append("one"), { name: "mcp__host__clock", args: {} }] }, { text: "Done." })
        const env = { ...talk.scene.env, PATH: process.env.PATH ?? "", SKEIN: BINARY }
        // Not waited for in one go: the model is in this process.
        const child = Bun.spawn([runtime, join(project, "main.js")], { cwd: talk.scene.cwd, env, stderr: "pipe" })
        const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])

        expect({ code, err }).toEqual({ code: 0, err: "" })
        expect(JSON.parse(out)).toEqual({ ...SAID, items: expect.any(Number) })
        expect(talk.server.requests.at(-1)?.text).toContain("noon")
        expect(talk.scene.files(talk.scene.cwd)).toEqual([])
      },
      HANG_MS,
    )
  }

  test(
    "has types that a strict compiler takes, and that refuse what is wrong",
    () => {
      const compilerOptions = {
        ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
        ...{
          noEmit: true,
          target: "ES2022",
          module: "nodenext",
          types: [],
          lib: ["ES2022", "DOM", "ESNext.Disposable"],
        },
      }
      const compile = (file: string) => {
        writeFileSync(
          join(project, "tsconfig.json"),
          JSON.stringify({ compilerOptions, files: [file, "globals.d.ts"] }),
        )
        return run([
          process.execPath,
          join(ROOT, "node_modules/typescript/bin/tsc"),
          "-p",
          project,
          "--pretty",
          "false",
        ])
      }
      writeFileSync(join(project, "globals.d.ts"), "declare const process: { readonly env: Record<string, string> }\n")
      writeFileSync(join(project, "wrong.ts"), WRONG)

      expect(compile("main.ts")).toEqual({ code: 0, out: "", err: "" })
      const { out } = compile("wrong.ts")
      expect([...out.matchAll(/^wrong\.ts\((\d+),.*error TS/gm)].map(([, line]) => line)).toEqual(["3", "4", "5", "6"])
    },
    HANG_MS,
  )
})
