import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CallPlan, Effect } from "@skein/core/ports"
import { policy, rulebook } from "../src/index.ts"
import { run, simple, stateOf, write } from "./scene.ts"

let root = ""
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "project-rules-"))
  mkdirSync(join(root, "repo/.skein"), { recursive: true })
  mkdirSync(join(root, "config"), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const RULES = `
[[rule]]
tools = ["Edit", "Write"]
paths = ["generated/**"]
decision = "deny"
message = "Files in generated/ are made by make codegen."

[[rule]]
content = '\\bconsole\\.log\\('
paths = ["src/**"]
decision = "deny"
message = "Use the logger."

[[rule]]
commands = ["git push *"]
decision = "ask"
message = "Pushing starts a deployment."

[[rule]]
paths = ["src/**"]
tools = ["Edit"]
decision = "warn"
message = "Run make check after a change in src/."
`

function book() {
  const told: string[] = []
  const made = rulebook({
    ...{ configDir: join(root, "config"), managedFile: join(root, "none"), home: join(root, "home"), env: {} },
    ...{ imports: () => [], projectOf: () => join(root, "repo"), warn: (sentence) => told.push(sentence) },
    ...{ newId: () => "rul_1", now: () => 0, lock: async () => () => ({ kind: "held" }) },
  })
  return { ...made, told }
}

function put(text: string, file = "repo/.skein/rules.toml"): void {
  writeFileSync(join(root, file), text)
}

const planOf = (name: string, effects: readonly Effect[], input: unknown = {}): CallPlan => ({
  ...{ name, input, effects, actions: [], isConcurrent: false, digest: "d", timeoutMs: 1 },
})

function judged(plan: CallPlan, mode: "full" | "ask" = "full") {
  const rules = book().rulesFor(join(root, "repo"))
  const { decision, reasons } = policy({}).judge(plan, stateOf({ mode, rules }))
  return `${decision} ${reasons[0]?.replaceAll(root, "")}`
}

const inRepo = (path: string) => join(root, "repo", path)

test("a rule of the project forbids, in every mode, and says why", () => {
  put(RULES)
  expect(judged(planOf("write", [write(inRepo("generated/a.ts"))], { content: "x" }))).toBe(
    "deny Files in generated/ are made by make codegen. (a rule of the project says deny to write(/repo/generated/**), in /repo/.skein/rules.toml)",
  )
  expect(judged(planOf("write", [write(inRepo("other/a.ts"))], { content: "x" }))).toStartWith("allow")
})

test("what is written is looked at however it is written, and what is taken away is not", () => {
  put(RULES)
  const src = [write(inRepo("src/a.ts"))]
  const bad = "a()\nconsole.log(1)\n"
  const patch = (sign: string) => `*** Begin Patch\n*** Update File: src/a.ts\n@@\n${sign}console.log(1)\n*** End Patch`
  const calls = [
    planOf("write", src, { path: "src/a.ts", content: bad }),
    planOf("edit", src, { oldText: "x", newText: bad }),
    planOf("edit", src, { oldText: bad, newText: "x" }),
    planOf("multiedit", src, { edits: [{ newText: "x" }, { oldText: "y", newText: bad }] }),
    planOf("apply_patch", src, { patch: patch("+") }),
    planOf("apply_patch", src, { patch: patch("-") }),
    planOf("bash", [run(simple("echo console.log(1)", "write", { writes: [inRepo("src/a.ts")] }))]),
  ]
  expect(calls.map((call) => judged(call).split(" ")[0])).toEqual([
    "deny",
    "deny",
    "allow",
    "deny",
    "deny",
    "allow",
    "deny",
  ])
})

test("a command is asked about, though nothing would be asked otherwise", () => {
  put(RULES)
  expect(judged(planOf("bash", [run(simple("git push origin", "publish"))]))).toStartWith(
    "ask Pushing starts a deployment.",
  )
})

test("a rule that warns lets the call run, and has its message told", () => {
  put(RULES)
  const { warningsFor } = book()
  const plan = planOf("edit", [write(inRepo("src/a.ts"))], { newText: "x" })
  expect(judged(plan)).toStartWith("allow")
  expect(warningsFor(plan, inRepo("")).map((text) => text.replaceAll(root, ""))).toEqual([
    "Run make check after a change in src/. (/repo/.skein/rules.toml)",
  ])
  expect(warningsFor(planOf("read", []), inRepo(""))).toEqual([])
})

test("the person's own file holds in every folder, and its paths begin there", () => {
  put('[[rule]]\npaths = ["secrets/**"]\ndecision = "deny"\nmessage = "Mine."\n', "config/rules.toml")
  expect(judged(planOf("write", [write(inRepo("secrets/a"))]))).toStartWith("deny Mine. (a rule of yours says deny")
})

/** What a hostile or careless file says, and what is told of it. */
const FLAWS: readonly (readonly [string, string])[] = [
  ['decision = "allow"\nmessage = "m"', 'its decision is "deny", "ask" or "warn"'],
  ['decision = "deny"', "it has no message"],
  ['decision = "deny"\nmessage = "m"\nscope = "managed"', '"scope" is no part of one'],
  ['decision = "deny"\nmessage = "m"\ncontent = "(a)\\\\1"', "its content cannot be searched for"],
  ['decision = "deny"\nmessage = "m"\ncommands = ["x"]\npaths = ["y"]', "commands stand in a rule of their own"],
  ['decision = "deny"\nmessage = "m"\ntools = ["Nosuch("]', "none of its tools is known"],
]

for (const [table, told] of FLAWS) {
  test(`of a rule it is told that ${told}, and the others hold`, () => {
    put(`[[rule]]\n${table}\n${RULES}`)
    const { rulesFor, told: sentences } = book()
    expect(rulesFor(inRepo("")).length).toBeGreaterThan(3)
    expect(sentences.join("\n")).toContain(told)
    expect(rulesFor(inRepo("")).every(({ decision }) => decision !== "allow")).toBe(true)
  })
}

test("a file that is none keeps nobody from working, and is told; the person's own has to be mended", () => {
  put("[[rule]\n")
  expect(book().rulesFor(inRepo(""))).toEqual([])
  put("[[rule]\n", "config/rules.toml")
  expect(() => book().rulesFor(inRepo(""))).toThrow("None of them holds until it is corrected")
})

test("a device in the place of the file is refused and not waited for", () => {
  symlinkSync("/dev/zero", inRepo(".skein/rules.toml"))
  const { rulesFor, told } = book()
  expect(rulesFor(inRepo(""))).toEqual([])
  expect(told.join("")).toContain("it is no regular file")
})

test("a file that changed is read anew", () => {
  put(RULES)
  const { rulesFor } = book()
  const before = rulesFor(inRepo("")).length
  put('[[rule]]\ndecision = "deny"\nmessage = "No more."\n')
  expect([before > 1, rulesFor(inRepo("")).length]).toEqual([true, 1])
})

test("what is written lets nothing through: a rule that allows by it is none", () => {
  const effects = [{ kind: "write", paths: ["/w/a"], isInside: true }] as const
  const rules = [{ tool: "write", content: "x", decision: "allow", scope: "user" }] as const
  const { decision } = policy({}).judge(planOf("write", effects, { content: "x" }), stateOf({ mode: "ask", rules }))
  expect(decision).toBe("ask")
})
