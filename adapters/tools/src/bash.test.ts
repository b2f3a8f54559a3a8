import { describe, expect, test } from "bun:test"
import type { Confinement, RunContext } from "@skein/core/ports"
import { type FakeExec, fakeExec, fakeShell } from "@skein/testkit"
import { noSessions } from "../test/session.ts"
import { bash } from "./bash.ts"
import type { ToolWorld } from "./define.ts"
import { localFiles } from "./files/local.ts"

const told: string[] = []
const context: RunContext = {
  sessionId: "ses_a",
  callId: "cal_a",
  cwd: "/project",
  roots: ["/project"],
  sandbox: "workspace-write",
  observed: () => undefined,
  signal: new AbortController().signal,
  sessions: noSessions,
  askClient: () => Promise.reject(new Error("Nobody is asked")),
  progress: (bytes, preview) => void told.push(`${bytes} ${preview}`),
}
const worldWith = (exec: FakeExec): ToolWorld => ({
  files: localFiles(),
  exec,
  shell: fakeShell(),
  ripgrep: async () => "/usr/bin/rg",
})
const given = (confinement: Confinement) => worldWith(fakeExec({}, confinement))
const plan = (command: string, world: ToolWorld) => {
  if (bash.plan === undefined) throw new Error("bash plans")
  return bash.plan(bash.input().parse({ command }), world, context)
}
const run = async (command: string, exec: FakeExec, more: object = {}) => {
  const world = worldWith(exec)
  const { prepared } = await plan(command, world)
  return bash.run(bash.input().parse({ command, ...more }), world, context, prepared)
}

describe("bash", () => {
  test("the plan says what runs, and whether the system confines it", async () => {
    expect(await plan("ls", given({ kind: "confined", by: "bubblewrap" }))).toMatchObject({
      effects: [{ kind: "execute", command: "ls", isConfined: true, reading: { commands: [{ argv: ["ls"] }] } }],
      actions: [{ verb: "run", target: "ls" }],
    })
    const free = await plan("ls", given({ kind: "none", reason: "said so" }))
    expect(free.effects).toMatchObject([{ kind: "execute", command: "ls", isConfined: false, roots: ["/project"] }])
  })

  test("whether it is a check is what the shell's reader says, told what the settings name", async () => {
    const named: unknown[] = []
    const shell: ToolWorld["shell"] = {
      ...fakeShell(),
      async understand(line, place) {
        named.push(place.checks)
        return { ...(await fakeShell().understand(line, place)), isCheck: true }
      },
    }
    const world = { ...given({ kind: "confined", by: "bubblewrap" }), shell }
    const input = bash.input().parse({ command: "make accept" })
    const planned = await bash.plan?.(input, world, { ...context, checks: ["make accept"] })
    expect(planned?.effects).toMatchObject([{ kind: "execute", reading: { isCheck: true } }])
    expect(named).toEqual([["make accept"]])
  })

  test("its title is what runs, never what the model says that it does", () => {
    expect(bash.title({ command: "ls -l", description: "Harmless" })).toBe("ls -l")
    expect(bash.title({ command: "# tidy up\nrm -rf src\n" })).toBe("# tidy up (+1 line)")
    expect(bash.title({ command: `${"a".repeat(200)}\nb\nc` })).toBe(`${"a".repeat(99)}… (+2 lines)`)
  })

  test("an approval for a confined command does not cover an unconfined one", async () => {
    const confined = await plan("ls", given({ kind: "confined", by: "bubblewrap" }))
    const free = await plan("ls", given({ kind: "none", reason: "said so" }))

    expect(confined.fingerprint).not.toBe(free.fingerprint)
  })

  test("without a sandbox it fails with the cure, and does not run", async () => {
    const world = given({ kind: "unavailable", reason: "No bwrap.", cure: "Install it." })

    await expect(plan("ls", world)).rejects.toMatchObject({
      name: "ToolFailure",
      message: "Commands cannot run here. No bwrap. Install it.",
    })
  })

  test("success gives output and exit code", async () => {
    const result = await run("ls", fakeExec({ ls: { output: "a\nb" } }))

    expect(result).toEqual({
      forModel: [{ type: "text", text: "a\nb\n(exit 0)" }],
      forHuman: { kind: "command", body: "a\nb", summary: "exit 0, 3 B" },
      exitCode: 0,
      bytes: 3,
      isError: false,
      provenance: { source: "command", isTrusted: true },
    })
    expect(told.at(-1)).toBe("3 a\nb")
  })

  test("another exit code is an error with its output", async () => {
    const result = await run("make", fakeExec({ make: { exitCode: 2, output: "no rule\n", bytes: 3_120 } }))

    expect(result).toMatchObject({
      isError: true,
      exitCode: 2,
      forModel: [{ text: "no rule\n(exit 2)" }],
      forHuman: { summary: "exit 2, 3.1 kB" },
    })
  })

  test("what was cut, left running or stopped is said", async () => {
    const artifact = { id: "a", bytes: 200_000_000, path: "/data/a.txt" }
    const cut = await run(
      "x",
      fakeExec({ x: { output: "h\n", bytes: 200_000_000, artifact, isGroupLeftBehind: true } }),
    )
    expect(cut.forModel).toEqual([
      {
        type: "text",
        text: "h\n(exit 0)\n(the whole output, 200 MB, is in /data/a.txt: use read or grep)\n(it left processes running; they were ended)",
      },
    ])
    expect(cut.artifacts).toEqual([artifact])

    const late = await run("x", fakeExec({ x: { exitCode: null, signal: "SIGTERM", isTimedOut: true } }), {
      timeoutMs: 1_500,
    })
    expect(late).toMatchObject({ isError: true, forModel: [{ text: "(stopped after 1.5 s: timeoutMs was over)" }] })

    const killed = await run("x", fakeExec({ x: { exitCode: null, signal: "SIGSEGV" } }))
    expect(killed).toMatchObject({ isError: true, forModel: [{ text: "(ended by SIGSEGV)" }] })
  })

  test("the command runs in the session's folder, roots and sandbox, within the asked time", async () => {
    const exec = fakeExec({ ls: {} })
    await run("ls", exec)
    await run("ls", exec, { timeoutMs: 7 })

    expect(exec.requests[0]).toMatchObject({
      sessionId: "ses_a",
      callId: "cal_a",
      command: "ls",
      cwd: "/project",
      roots: ["/project"],
      sandbox: "workspace-write",
      timeoutMs: 120_000,
      bytesMax: 30_000,
    })
    expect(exec.requests[1]?.timeoutMs).toBe(7)
    expect(bash.input().safeParse({ command: "ls", timeoutMs: 600_001 }).success).toBe(false)
  })

  test("output of a command that may have had network is not trusted", async () => {
    const isTrusted = async (exec: FakeExec) => (await run("curl", exec)).provenance?.isTrusted
    const tried = (decision: "allowed" | "refused") => ({
      ...{ host: "x.org", port: 443, decision, reason: "said so", bytesOut: 9, bytesIn: 9 },
    })

    expect(await isTrusted(fakeExec({ curl: {} }, { kind: "none", reason: "said so" }))).toBe(false)
    expect(await isTrusted(fakeExec({ curl: { confinement: "none" } }))).toBe(false)
    expect(await isTrusted(fakeExec({ curl: { network: [tried("allowed")] } }))).toBe(false)
    expect(await isTrusted(fakeExec({ curl: { network: [tried("refused")] } }))).toBe(true)
  })

  test("what it tried to reach, and how it was held, are in the result", async () => {
    const network = [
      { ...{ host: "x.org", port: 443, reason: "no", bytesOut: 0, bytesIn: 0 }, decision: "refused" as const },
    ]
    const result = await run("curl", fakeExec({ curl: { network, confinement: "bubblewrap+landlock" } }))

    expect(result).toMatchObject({ network, confinement: "bubblewrap+landlock" })
  })

  test("the gate of the network and the layer of the call go with the command", async () => {
    const exec = fakeExec({ ls: {} })
    const network = async () => ({ isAllowed: false, reason: "no" })
    const layer = {
      id: "l",
      roots: [],
      changes: async () => [],
      notes: async () => [],
      keep: async () => {},
      discard: async () => {},
    }
    const world = worldWith(exec)
    const { prepared } = await plan("ls", world)
    await bash.run(bash.input().parse({ command: "ls" }), world, { ...context, network, layer }, prepared)

    expect(exec.requests[0]).toMatchObject({ network, layer, callId: "cal_a" })
  })

  test("nothing in it tells the model how to go without the sandbox", () => {
    expect(bash.description).not.toMatch(/no-sandbox|full-access|unconfined/)
  })
})
