import { afterEach, describe, expect, test } from "bun:test"
import { type ExecPort, type ModelQuestion, type RunContext, ToolFailure } from "@skein/core/ports"
import { stackPaths } from "../src/asking/bug-localize.ts"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

/** A session whose other model gives these answers, one after the other. */
function answering(
  answers: readonly unknown[],
  more: { readonly diff?: string; readonly call?: RunContext["call"] } = {},
) {
  const asked: ModelQuestion[] = []
  const commands: unknown[] = []
  const exec: ExecPort = {
    confinement: async () => ({ kind: "confined", by: "test" }),
    async run({ command }) {
      commands.push(command)
      const facts = { signal: null, isTimedOut: false, durationMs: 1, isGroupLeftBehind: false }
      return { ...facts, exitCode: 0, output: more.diff ?? "", bytes: 0 }
    },
  }
  const askModel = async (question: ModelQuestion) => {
    const answer = answers[Math.min(asked.push(question), answers.length) - 1]
    return typeof answer === "string" ? answer : JSON.stringify(answer)
  }
  session = toolSession({ exec }, { askModel, ...(more.call === undefined ? {} : { call: more.call }) })
  return { at: session, asked, commands }
}

const FINDING = { file: "a.ts", line: 2, severity: "critical", message: "Divides by nothing.", fix: "guard it" }

describe("code_review", () => {
  test("shows another model the diff, read without a program of the repository's, and gives its findings", async () => {
    const { at, asked, commands } = answering([{ findings: [FINDING] }], { diff: "+1 / n" })
    expect(await at.say("code_review", { target: "branch:main" })).toBe(
      "a.ts:2 critical: Divides by nothing.\n  fix: guard it",
    )
    expect([asked[0]?.task, asked[0]?.text]).toEqual(["review", "+1 / n"])
    expect(String(commands[0])).toContain("diff,--no-ext-diff,--no-textconv,--no-color,main...HEAD")
  })

  test("takes files as well, and refuses what is neither, or holds nothing", async () => {
    const { at, asked } = answering([{ findings: [] }])
    at.put("a.ts", "one\ntwo\n")
    expect(await at.say("code_review", { target: "files:a.ts" })).toBe("No findings.")
    expect(asked[0]?.text).toContain('<file path="a.ts">\n1\tone\n2\ttwo')
    expect(await at.say("code_review", { target: "staged" })).toContain("holds no change")
    expect(await at.say("code_review", { target: "commit:--output=x" })).toContain("none of uncommitted, staged")
  })

  test("asks again, once, what is not in the form; and says so when it still is not", async () => {
    const mended = answering(["Looks fine.", { findings: [] }], { diff: "+1" })
    expect(await mended.at.say("code_review", {})).toBe("No findings.")
    expect(mended.asked[1]?.text).toContain("Your last answer was not taken: it is not JSON.")
    const broken = answering(["Fine."], { diff: "+1" })
    expect(await broken.at.say("code_review", {})).toContain("did not answer in the form")
  })
})

describe("bug_localize", () => {
  test("reads what the stack names first, then what is given, and nothing outside or of others", async () => {
    const cause = { file: "src/b.ts", line: 1, why: "n is 0.", confidence: 0.9, fix: null }
    const { at, asked } = answering([{ causes: [cause], unknown: null }])
    at.put("src/b.ts", "deep\n")
    at.put("c.ts", "given\n")
    at.put("node_modules/x/i.js", "theirs\n")
    const error = `Error: x\n    at f (${at.root}/src/b.ts:1:2)\n    at g (/etc/passwd.ts:1)\n    at h (node_modules/x/i.js:3)`
    expect(await at.say("bug_localize", { error, files: ["c.ts"] })).toBe("src/b.ts:1 (90 %) n is 0.")
    const text = asked[0]?.text ?? ""
    expect([text.indexOf("deep") < text.indexOf("given"), text.includes("theirs")]).toEqual([true, false])
    expect(await at.say("bug_localize", { error: "it broke" })).toContain("names no file of the workspace")
  })

  test("finds the paths of stacks of several languages", () => {
    expect(
      stackPaths(
        'at f (src/a.ts:10:2)\n  File "/app/m.py", line 3, in g\n\t/go/main.go:7 +0x1\n  --> src/lib.rs:4:5\nat file:///x/y.mjs:1:1',
      ),
    ).toEqual(["src/a.ts", "/app/m.py", "/go/main.go", "src/lib.rs", "/x/y.mjs"])
  })
})

describe("testgen", () => {
  const tests = { code: "test('adds', …)", notes: "Negative numbers are untested." }

  test("writes in what the project tests with", async () => {
    const { at, asked } = answering([tests])
    at.put("package.json", '{"devDependencies": {"vitest": "1"}}')
    at.put("src/a.ts", "export const add = 1\n")
    at.put("py/pyproject.toml", "[tool.pytest]\n")
    at.put("py/m.py", "x = 1\n")
    at.put("g.go", "package g\n")
    at.put("c.zig", "const x = 1;\n")
    const said = await at.say("testgen", { file: "src/a.ts", function: "add" })
    expect(said).toContain("Run them with: npx vitest run\nThey would usually stand in src/a.test.ts.")
    expect(asked[0]?.text).toContain(
      "Framework: vitest. The tests will stand in src/a.test.ts, the source in src/a.ts.",
    )
    expect(await at.say("testgen", { file: "py/m.py" })).toContain("Run them with: pytest")
    expect(await at.say("testgen", { file: "g.go" })).toContain("stand in g_test.go")
    expect(await at.say("testgen", { file: "c.zig" })).toContain("Name a framework.")
    expect(await at.say("testgen", { file: "c.zig", framework: "zig test" })).toContain("Run them with: zig test")
  })

  test("writes them to a file by a call that is judged like any other", async () => {
    const calls: unknown[] = []
    const { at } = answering([tests], {
      call: async (name, input) => {
        calls.push([name, input])
        return { outcome: "success", forModel: [{ type: "text", text: "Created a.test.go." }] }
      },
    })
    at.put("a.go", "package a\n")
    expect(await at.say("testgen", { file: "a.go", output_file: "a_test.go" })).toStartWith("Created a.test.go.")
    expect(calls).toEqual([["write", { path: "a_test.go", content: "test('adds', …)\n" }]])
  })
})

describe("refactor", () => {
  const edit = { path: "a.ts", oldText: "one", newText: "two" }
  const suggestions = [{ title: "Name it", why: "It says nothing.", edits: [edit] }]

  test("suggests, and changes nothing unless it is told to", async () => {
    const calls: unknown[] = []
    const { at } = answering([{ suggestions }], {
      call: async (name, input) => {
        calls.push([name, input])
        return { outcome: "success", forModel: [{ type: "text", text: "Changed a.ts." }] }
      },
    })
    at.put("a.ts", "one\n")
    expect(await at.say("refactor", { files: ["a.ts"] })).toStartWith("Name it: It says nothing.\na.ts\n<<<<<<<\none\n")
    expect(calls).toEqual([])
    expect(await at.say("refactor", { files: ["a.ts"], dryRun: false })).toStartWith("Changed a.ts.")
    expect(calls).toEqual([["multiedit", { edits: [edit] }]])
  })

  test("takes no edit of a file that was not given", async () => {
    const edits = [{ ...edit, path: ".git/config" }]
    const { at } = answering([{ suggestions: [{ title: "x", why: "y", edits }] }])
    at.put("a.ts", "one\n")
    expect(await at.say("refactor", { files: ["a.ts"], dryRun: false })).toContain(
      "which was not given. Nothing was done.",
    )
  })
})

test("where no model can be asked, the model is told to do it itself", async () => {
  session = toolSession()
  session.put("a.ts", "one\n")
  expect(await session.say("refactor", { files: ["a.ts"] })).toBe(
    "error: No model can be asked beside you here. Do it yourself.",
  )
  session.close()
  session = toolSession({}, { askModel: () => Promise.reject(new ToolFailure("The budget is spent.")) })
  session.put("a.ts", "one\n")
  expect(await session.say("refactor", { files: ["a.ts"] })).toBe("error: The budget is spent.")
})
