import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { EventOf, SessionId, SettingsChange } from "@skein/protocol"
import { compose, type Host } from "../src/index.ts"

let root: string
beforeAll(() => {
  // Not below /tmp, of which a confined command sees one of its own.
  root = realpathSync(mkdtempSync("/var/tmp/skein-shell-lines-"))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let homes = 0
const HANG_MS = 30_000
const KEY = "sk-proj-Zx81kQpLw02mNvB7rTyU4hJ9"

/** A session in a folder `work`, beside which `outside` lies. */
async function inSession(use: (at: Session) => Promise<void>, settings: SettingsChange = {}): Promise<void> {
  const home = join(root, `home-${++homes}`)
  const cwd = join(home, "work")
  for (const folder of [cwd, join(home, "outside")]) mkdirSync(folder, { recursive: true })
  const env = { SKEIN_HOME: join(home, "skein"), ANTHROPIC_API_KEY: KEY, PATH: process.env.PATH }
  const host = compose({ cwd, home, version: "0.0.0", env })
  try {
    const receipt = await host.engine.submit({ type: "session.create", cwd, settings })
    if (receipt.status === "rejected") throw new Error(receipt.message)
    await use({ host, home, cwd, sessionId: receipt.sessionId })
  } finally {
    await host.close()
  }
}

interface Session {
  readonly host: Host
  readonly home: string
  readonly cwd: string
  readonly sessionId: SessionId
}

async function run({ host, sessionId }: Session, command: string): Promise<EventOf<"shell.ended">> {
  const events = host.engine.events({ sessionId })
  const ended = (async () => {
    for await (const event of events) if (event.type === "shell.ended") return event
    throw new Error("The session ended before its command")
  })()
  const receipt = await host.engine.submit({ type: "shell.run", sessionId, command })
  if (receipt.status === "rejected") throw new Error(receipt.message)
  return await ended
}

test(
  "a person's own command runs as the person, outside the folder too, and what it did in the folder can be undone",
  async () => {
    await inSession(async (at) => {
      writeFileSync(join(at.cwd, "file"), "before\n")
      const ended = await run(at, "echo after > file; echo more > ../outside/file; echo said; exit 3")

      expect(ended).toMatchObject({ outcome: "error", exitCode: 3, confinement: "none" })
      expect(ended.forModel).toEqual([{ type: "text", text: "said\n(exit 3)" }])
      expect(readFileSync(join(at.home, "outside", "file"), "utf8")).toBe("more\n")
      const undo = { type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "both" } as const
      expect(await at.host.engine.submit({ ...undo, sessionId: at.sessionId })).toMatchObject({ status: "accepted" })
      expect(readFileSync(join(at.cwd, "file"), "utf8")).toBe("before\n")
    })
  },
  HANG_MS,
)

test(
  "in mode plan it changes nothing",
  async () => {
    await inSession(
      async (at) => {
        const ended = await run(at, "echo x > file || echo refused")

        expect(JSON.stringify(ended.forModel)).toContain("refused")
        expect(existsSync(join(at.cwd, "file"))).toBe(false)
      },
      { mode: "plan" },
    )
  },
  HANG_MS,
)

test(
  "a secret that it prints reaches neither the log nor the model",
  async () => {
    await inSession(async (at) => {
      const ended = await run(at, `printf '%s\\n' '${KEY.slice(0, 8)}''${KEY.slice(8)}'`)

      expect(JSON.stringify(ended.forModel)).toContain("[secret")
      expect(JSON.stringify([ended.forModel, ended.forHuman])).not.toContain(KEY)
    })
  },
  HANG_MS,
)

test(
  "much output is cut for the model and whole beside the log",
  async () => {
    await inSession(async (at) => {
      const ended = await run(at, "seq 1 20000")

      expect(JSON.stringify(ended.forModel).length).toBeLessThan(40_000)
      const [artifact] = ended.artifacts ?? []
      expect(readFileSync(artifact?.path ?? "", "utf8")).toEndWith("19999\n20000\n")
    })
  },
  HANG_MS,
)

test(
  "an interrupt ends it with all that it started",
  async () => {
    await inSession(async (at) => {
      const { engine } = at.host
      const events = engine.events({ sessionId: at.sessionId })
      const ended = (async () => {
        for await (const event of events) if (event.type === "shell.ended") return event
        return undefined
      })()
      await engine.submit({
        type: "shell.run",
        sessionId: at.sessionId,
        command: "echo begun; sleep 1000 & sleep 1000",
      })
      expect(await engine.submit({ type: "turn.interrupt", sessionId: at.sessionId })).toMatchObject({
        status: "accepted",
      })
      expect(await ended).toMatchObject({ outcome: "cancelled", code: "call.cancelled" })
    })
  },
  HANG_MS,
)
