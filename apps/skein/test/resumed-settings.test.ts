import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compose } from "@skein/host"
import { accepted, type Settings } from "@skein/protocol"
import { CONFIG_FLAGS, PRINT_FLAGS, SESSION_FLAGS } from "../src/flag-sets.ts"
import { parseFlags } from "../src/flags.ts"
import { openSession } from "../src/session/open.ts"
import { hostRequest } from "../src/session/request.ts"
import { called } from "./ground/fake-engine.ts"

const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-resumed-")))
afterAll(() => rmSync(root, { recursive: true }))

const FLAGS = [...CONFIG_FLAGS, ...SESSION_FLAGS, ...PRINT_FLAGS]
const PROFILES = `
checks = ["make accept"]
[profiles.quiet]
mode = "plan"
[permission_profiles.safe]
mode = "plan"
sandbox = "read-only"
network = "off"
`

let made = 0
/** The settings of a session that was in full mode with everything open, gone on with in these words. */
async function resumedWith(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Settings> {
  const home = join(root, String(made++))
  const cwd = join(home, "project")
  mkdirSync(join(home, ".config/skein"), { recursive: true })
  mkdirSync(join(cwd, "more"), { recursive: true })
  writeFileSync(join(home, ".config/skein/config.toml"), PROFILES)
  const { flags } = parseFlags(argv, FLAGS)
  const io = { ...called([], []).call.io, cwd, env: { HOME: home, ANTHROPIC_API_KEY: "sk-a", ...env } }
  const host = compose(hostRequest(flags, io, { mode: "auto" }))
  try {
    const { sessionId } = await accepted(host.engine, {
      type: "session.create",
      cwd,
      settings: {
        model: "anthropic/claude-haiku-4-5",
        ...{ mode: "full", sandbox: "workspace-write", limits: { stepsMax: 7 } },
        network: { access: "off", allow: [] },
        checks: [],
      },
      isInteractive: true,
    })
    await openSession({ host, which: { kind: "named", id: sessionId }, cwd, isInteractive: true, flags, io })
    return (await host.engine.ask({ type: "session.read", sessionId })).settings
  } finally {
    await host.close()
  }
}

test("a session that is gone on with has what the command line restricts, however it was said", async () => {
  const safe = { mode: "plan", sandbox: "read-only", network: { access: "off" } } as const
  expect(await resumedWith(["--permission-profile", "safe"])).toMatchObject(safe)
  expect(await resumedWith([], { SKEIN_PERMISSION_PROFILE: "safe" })).toMatchObject(safe)
  const words = ["mode=plan", "sandbox=read-only", "tools_network.access=ask", "effort=low"].flatMap((at) => ["-c", at])
  expect(await resumedWith(words)).toMatchObject({ ...safe, network: { access: "ask" }, effort: "low" })
  expect(await resumedWith(["-c", "approvals.effects=true"])).toMatchObject({ approveEffects: true })
  expect(await resumedWith([], { SKEIN_MODE: "plan" })).toMatchObject({ mode: "plan" })
  expect(await resumedWith(["--profile", "quiet"])).toMatchObject({ mode: "plan" })
  expect(await resumedWith(["--mode", "ask"])).toMatchObject({ mode: "ask", sandbox: "workspace-write" })
})

test("what the command line says nothing of stays as the session has it", async () => {
  const kept = {
    mode: "full",
    sandbox: "workspace-write",
    network: { access: "off" },
    limits: { stepsMax: 7 },
  } as const
  expect(await resumedWith([])).toMatchObject({ ...kept, model: "anthropic/claude-haiku-4-5" })
  expect(await resumedWith(["--max-tokens", "9"])).toMatchObject({ ...kept, limits: { stepsMax: 7, tokensMax: 9 } })
  const host = await resumedWith(["--allow", "example.com"])
  expect(host).toMatchObject({ ...kept, network: { access: "off", allow: ["example.com"] } })
})

test("commands that are named as checks count in a session that began before", async () => {
  expect((await resumedWith([])).checks).toEqual(["make accept"])
  expect((await resumedWith(["-c", 'checks=["just try"]'])).checks).toEqual(["make accept", "just try"])
})

test("a tier that is named changes the model of a session that is gone on with, and a variable does not", async () => {
  const rush = { tier: "rush", model: "anthropic/claude-haiku-5-5" } as const
  expect(await resumedWith(["--tier", "rush"])).toMatchObject(rush)
  expect(await resumedWith(["-c", "tier=rush"])).toMatchObject(rush)
  expect(await resumedWith([], { SKEIN_TIER: "rush" })).toMatchObject({ model: "anthropic/claude-haiku-4-5" })
})
