import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CallPlan, HookPoint, NestedResult, PluginParts, RunContext } from "@skein/core/ports"
import type { CallId, SessionId } from "@skein/protocol"
import { localProcesses } from "@skein/testkit"
import { type Extensions, extensions } from "../src/index.ts"

export const SESSION: SessionId = "ses_1"
const CALL: CallId = "cal_1"

export interface Scene extends AsyncDisposable {
  readonly ext: Extensions
  readonly root: string
  readonly processes: ReturnType<typeof localProcesses>
  readonly facts: { now: number }
  readonly warned: string[]
  readonly progress: string[]
  /** Writes the extension's module anew. */
  write(source: string): void
  /** Another skein, with the same data. */
  again(): Extensions
  plan(tool: string, input?: unknown): Promise<CallPlan>
  /** The text of a call's result; `error: …` where the tool failed. */
  call(tool: string, input?: unknown, context?: Partial<RunContext>): Promise<string>
  hook(
    point: Partial<HookPoint> & Pick<HookPoint, "event">,
  ): ReturnType<Awaited<ReturnType<Extensions["hooks"]["at"]>>["run"]>
}

/** The plugin `own` with one extension, whose processes are real and held by nothing. */
export function scene(source: string): Scene {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "skein-ext-")))
  const processes = localProcesses()
  const facts = { now: 1_000_000 }
  const [warned, progress]: [string[], string[]] = [[], []]
  const file = join(root, "plugin/index.ts")
  mkdirSync(join(root, "plugin"))
  const write = (text: string) => writeFileSync(file, text)
  write(source)
  const none = { skills: [], commands: [], agents: [], outputStyles: [], hooks: [], mcpServers: [] }
  const extension = { file, network: [], canWriteWorkspace: false }
  const parts: PluginParts = {
    ...{ name: "own", root: join(root, "plugin"), dataFolder: join(root, "data"), ...none },
    extensions: [extension],
  }
  const made = () =>
    extensions({
      plugins: { enabled: async () => [parts] },
      processes: processes.port,
      command: [process.execPath, join(import.meta.dir, "runner.ts")],
      ...{ cacheDir: join(root, "cache"), pinsFile: join(root, "pins.json") },
      lock: async () => () => ({ kind: "locked", release: () => undefined }),
      ...{ log: () => undefined, warn: (sentence) => void warned.push(sentence), now: () => facts.now },
      onDefect: (error) => void warned.push(`defect ${String(error)}`),
    })
  const all = [made()]
  const ext = all[0] ?? made()
  const place = { cwd: root, sessionId: SESSION }
  const context = (changes: Partial<RunContext>): RunContext => ({
    ...{ sessionId: SESSION, callId: CALL, cwd: root, roots: [root], sandbox: "workspace-write" },
    ...{ observed: () => undefined, signal: new AbortController().signal },
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    sessions: noSessions(),
    progress: (_, text) => void progress.push(text),
    ...changes,
  })
  const plan = async (tool: string, input: unknown = {}) => {
    await ext.provider.refresh?.(place)
    return ext.provider.plan(`ext__own__${tool}`, input, context({}))
  }
  return {
    ...{ ext, root, processes, facts, warned, progress, write, plan },
    again() {
      const more = made()
      all.push(more)
      return more
    },
    async call(tool, input, changes = {}) {
      try {
        const { forModel } = await ext.provider.run(await plan(tool, input), context(changes))
        return forModel.map((block) => (block.type === "text" ? block.text : "")).join("")
      } catch (error) {
        return `error: ${error instanceof Error ? error.message : String(error)}`
      }
    },
    async hook(point) {
      const hooks = await ext.hooks.at(place)
      const facts = {
        sessionId: SESSION,
        cwd: root,
        mode: "ask",
        model: "a/b",
        callId: CALL,
        input: {},
        toolName: "edit",
      }
      return hooks.run({ ...facts, ...point } as HookPoint, new AbortController().signal)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((one) => one.close()))
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function noSessions(): RunContext["sessions"] {
  const none = () => Promise.reject(new Error("No sessions"))
  return { undoPreview: none, undo: none, search: none, read: none, contextSize: () => ({ contextTokens: 0 }) }
}

export function nested(text: string): NestedResult {
  return { outcome: "success", forModel: [{ type: "text", text }] }
}
