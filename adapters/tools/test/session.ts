import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import {
  CallDefect,
  type CallPlan,
  type ExecPort,
  type RunContext,
  type SessionsPort,
  ToolFailure,
  type ToolResult,
  type ToolsPort,
} from "@skein/core/ports"
import { fakeShell } from "@skein/testkit"
import { localFiles, type ToolWorld, tools } from "../src/index.ts"
import { findRipgrep } from "../src/search/ripgrep-path.ts"

/** A temporary workspace, and calls in it as the core makes them: planned, run, and what was seen remembered. */
export interface ToolSession {
  /** The workspace; `outside` lies beside it, `home` is the person's. */
  readonly root: string
  readonly outside: string
  readonly home: string
  put(path: string, content: string | Uint8Array): string
  bytes(path: string): Buffer
  text(path: string): string
  plan(name: string, input: unknown): Promise<CallPlan>
  run(plan: CallPlan): Promise<ToolResult>
  call(name: string, input: unknown): Promise<ToolResult>
  /** The text the model gets, be it a result or a failure. */
  say(name: string, input: unknown): Promise<string>
  readonly observed: Map<string, string>
  /** That of its calls. */
  readonly context: RunContext
  readonly port: ToolsPort
  close(): void
}

export function toolSession(
  world: Partial<ToolWorld> = {},
  given: Partial<
    Pick<
      RunContext,
      "sessions" | "askClient" | "hasClient" | "sandbox" | "askModel" | "agents" | "call" | "signal" | "progress"
    >
  > = {},
): ToolSession {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "skein-tools-")))
  const [root, outside, home] = [join(base, "app"), join(base, "app-evil"), join(base, "home")]
  for (const folder of [root, outside, home]) mkdirSync(folder)
  const observed = new Map<string, string>()
  const context = {
    sessions: noSessions,
    sessionId: "ses_tools",
    callId: "cal_a" as const,
    cwd: root,
    roots: [root],
    sandbox: "workspace-write",
    observed: (path) => observed.get(path),
    signal: new AbortController().signal,
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    progress: () => {},
    ...given,
  } satisfies RunContext
  const port = tools({
    files: localFiles(),
    exec: noExec,
    shell: fakeShell(),
    ripgrep: async () => findRipgrep("/nowhere/skein") ?? "rg",
    home,
    ...world,
  })
  const at = (path: string) => (path.startsWith("/") ? path : join(root, path))
  const run = async (plan: CallPlan) => {
    await port.beforeWatch?.(plan, context)
    const result = await port.run(plan, context)
    for (const seen of result.observed ?? []) observed.set(seen.path, seen.sha256)
    return result
  }
  const session: ToolSession = {
    root,
    outside,
    home,
    observed,
    context,
    port,
    put(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), content)
      return at(path)
    },
    bytes: (path) => readFileSync(at(path)),
    text: (path) => readFileSync(at(path), "utf8"),
    plan: (name, input) => port.plan(name, input, context),
    run,
    call: async (name, input) => await run(await port.plan(name, input, context)),
    async say(name, input) {
      try {
        return textOf(await session.call(name, input))
      } catch (error) {
        if (error instanceof ToolFailure || error instanceof CallDefect) return `error: ${error.message}`
        throw error
      }
    },
    close: () => rmSync(base, { recursive: true, force: true }),
  }
  return session
}

export function textOf(result: ToolResult): string {
  return result.forModel.map((block) => (block.type === "text" ? block.text : `[${block.mediaType}]`)).join("\n")
}

/** Where no tool looks back. */
export const noSessions: SessionsPort = {
  undoPreview: () => Promise.reject(new Error("Nothing is undone in this test")),
  undo: () => Promise.reject(new Error("Nothing is undone in this test")),
  search: () => Promise.reject(new Error("Nothing is searched in this test")),
  read: () => Promise.reject(new Error("Nothing is read in this test")),
  contextSize: () => ({ contextTokens: 0 }),
}

const noExec: ExecPort = {
  confinement: async () => ({ kind: "unavailable", reason: "Not in this test.", cure: "" }),
  run: async () => {
    throw new Error("No command runs in this test.")
  },
}
