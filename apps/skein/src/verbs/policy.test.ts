import { expect, test } from "bun:test"
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { called } from "../../test/ground/fake-engine.ts"
import { POLICY_VERB } from "../policy-verbs.ts"
import { UsageError } from "../usage.ts"
import { shell } from "./policy.ts"

async function told(argv: readonly string[]): Promise<readonly string[]> {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "skein-policy-")))
  try {
    const { call, out } = called(argv, POLICY_VERB.flags)
    const env = { HOME: cwd, SKEIN_HOME: join(cwd, "skein"), PATH: "/usr/bin:/bin" }
    expect(await shell({ ...call, io: { ...call.io, cwd, env } })).toBe(0)
    return out
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

test("policy shell takes one argument as a line, tells each command with its risks, and decides", async () => {
  const out = await told(["--", "npm test && git push \u001b[2J"])

  expect(out[0]).toStartWith("ask: ")
  expect(out.join("\n")).toContain("not wholly understood: It holds a character that is invisible")
  expect(out.join("\n")).not.toContain("\u001b")

  const clear = await told(["--", "npm test && git push"])
  expect(clear).toContain("execute    npm test")
  expect(clear).toContain("publish    git push")
})

test("policy shell takes several arguments as a program and its words, which no shell reads", async () => {
  const judged = JSON.parse((await told(["--json", "--", "echo", "$(rm x)"])).join("\n"))

  expect(judged).toMatchObject({
    form: "argv",
    decision: "allow",
    risks: ["read"],
    commands: [{ argv: ["echo", "$(rm x)"], risks: ["read"] }],
  })
})

test("policy shell without a command says how it is written", async () => {
  const { call } = called([], POLICY_VERB.flags)
  expect(shell(call)).rejects.toBeInstanceOf(UsageError)
})

test("policy shell decides as a call is decided: in mode plan, in the sandbox that a call would run in", async () => {
  const judged = JSON.parse((await told(["--json", "-c", "mode=plan", "--", "touch made"])).join("\n"))
  expect(judged).toMatchObject({ mode: "plan", decision: "deny" })
})
