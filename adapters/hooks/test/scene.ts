import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { HookDetail, HookOutcome, HookPoint } from "@skein/core/ports"
import { type HooksOptions, hooks } from "../src/index.ts"
import { type Spawning, spawning } from "./spawning.ts"

/** A person's home and a project, with the hooks that files there set. */
export interface Scene {
  readonly home: string
  readonly project: string
  /** What the person was told. */
  readonly told: string[]
  readonly processes: Spawning
  /** Writes a file below the home (`~/…`) or the project; JSON where it is no text. Answers with its path. */
  put(name: string, content: unknown): string
  /** What a made-up point comes to. */
  run(detail: HookDetail, changes?: Partial<HookPoint>, signal?: AbortSignal): Promise<HookOutcome>
  readonly hooks: ReturnType<typeof hooks>
  [Symbol.asyncDispose](): Promise<void>
}

export function scene(options: Partial<HooksOptions> = {}): Scene {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-hooks-")))
  const home = join(base, "home")
  const project = join(base, "project")
  for (const folder of [home, project]) mkdirSync(folder)
  const told: string[] = []
  const defects: unknown[] = []
  const processes = spawning()
  const port = hooks({
    ...{ home, configDir: join(home, ".config/skein"), codexHome: join(home, ".codex"), env: {} },
    ...{ imports: () => ["claude", "codex"], projectOf: () => project, isReadingOwn: true, isTrusting: false },
    ...{ processes, post: fetch, redact: (text: string) => text.replaceAll("s3cr3t", "[redacted]") },
    ...{ now: () => performance.now(), onDefect: (error: unknown) => void defects.push(error) },
    trust: async () => ({ folder: project, isByPerson: false, items: [], changed: [] }),
    warn: (sentence) => void told.push(sentence),
    leaveOut: async (_, sentence) => void told.push(sentence),
    ...options,
  })
  return {
    ...{ home, project, told, processes, hooks: port },
    put(name, content) {
      const path = name.startsWith("~/") ? join(home, name.slice(2)) : join(project, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content))
      return path
    },
    async run(detail, changes = {}, signal = new AbortController().signal) {
      const before = await port.at({ cwd: project })
      const known = (await before.changed?.settle({ isTaken: true })) ?? before
      const point = { ...FACTS, cwd: project, ...detail, ...changes } as HookPoint
      return known.run(point, signal)
    },
    async [Symbol.asyncDispose]() {
      await port.close()
      rmSync(base, { recursive: true, force: true })
      if (defects.length > 0) throw defects[0]
    },
  }
}

const FACTS = {
  sessionId: "ses_0199a213-81ea-7dd3-b9a6-2c4ff1c2a001",
  mode: "ask",
  model: "anthropic/claude-x",
  turnId: "trn_0199a213-81ea-7dd3-b9a6-2c4ff1c2a002",
} as const

/** One event's hooks in the form that all files have. */
export function hooked(event: string, command: unknown, more: object = {}, matcher?: string): object {
  return {
    hooks: {
      [event]: [{ ...(matcher === undefined ? {} : { matcher }), hooks: [{ type: "command", command, ...more }] }],
    },
  }
}

export function call(toolName: string, input: unknown): HookDetail {
  return { event: "PreToolUse", toolName, callId: "call_1", input }
}
