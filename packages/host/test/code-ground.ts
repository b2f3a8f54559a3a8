import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { codeMode } from "@skein/code-mode"
import type { NestedResult, PlanContext, RunContext, ToolFacts, ToolResult } from "@skein/core/ports"
import { type ClosableExec, exec } from "@skein/sandbox"
import { memoryArtifacts } from "@skein/testkit"

export interface CodeGround {
  readonly cwd: string
  readonly calls: readonly { readonly name: string; readonly input: unknown }[]
  /** Plans and runs a program, as the engine would. */
  run(code: string, signal?: AbortSignal): Promise<ToolResult>
  text(code: string): Promise<string>
  say(input: object): Promise<string>
  close(): Promise<void>
}

export interface CodeGroundOptions {
  readonly tools?: readonly ToolFacts[] | undefined
  readonly answer?: ((name: string, input: unknown) => Promise<NestedResult> | NestedResult) | undefined
  readonly quietMs?: number | undefined
  readonly runMs?: number | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
}

export const said = (text: string, outcome: NestedResult["outcome"] = "success"): NestedResult => ({
  outcome,
  forModel: [{ type: "text", text }],
})

export function toolFacts(name: string, properties: object = {}, description = "A tool."): ToolFacts {
  const inputSchema = { type: "object", properties }
  return { name, description, inputSchema, kind: "other", isConcurrent: false, timeoutMs: 1_000 }
}

/** Programs in the real sandbox, their calls answered by the test. */
export function codeGround(options: CodeGroundOptions = {}): CodeGround {
  const { tools = [], answer = () => said("ok"), quietMs = 20_000, runMs = 60_000 } = options
  const base = mkdtempSync(join(tmpdir(), "code-ground-"))
  const cwd = join(base, "work")
  mkdirSync(cwd)
  writeFileSync(join(cwd, "here.txt"), "here\n")
  const env = { PATH: process.env.PATH, HOME: homedir(), ...options.env }
  const commands: ClosableExec = exec({ artifacts: memoryArtifacts(), env })
  const runtime = { program: process.execPath, env: { BUN_BE_BUN: "1" } }
  const provider = codeMode({
    ...{ processes: commands, exec: commands, runtime, quietMs },
    ...{ tools: () => tools, runMs: () => runMs },
  })
  const calls: { name: string; input: unknown }[] = []
  const context = (signal: AbortSignal): RunContext => ({
    ...planContext(cwd, signal),
    callId: "cal_1",
    call: async (name, input) => {
      calls.push({ name, input })
      return answer(name, input)
    },
    progress: () => undefined,
  })
  async function asked(input: object, signal = new AbortController().signal): Promise<ToolResult> {
    const given = context(signal)
    return await provider.run(await provider.plan("run_code", input, given), given)
  }
  const textOf = ({ forModel }: ToolResult) =>
    forModel.map((block) => (block.type === "text" ? block.text : "")).join("\n")
  return {
    ...{ cwd, calls },
    run: (code, signal) => asked({ code }, signal),
    text: async (code) => textOf(await asked({ code })),
    say: async (input) => textOf(await asked(input)),
    async close() {
      await commands.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

function planContext(cwd: string, signal: AbortSignal): PlanContext {
  return {
    ...{ sessionId: "ses_1", cwd, roots: [cwd], sandbox: "workspace-write", signal },
    observed: () => undefined,
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    sessions: {
      undoPreview: async () => [],
      undo: async () => [],
      search: async () => [],
      read: () => Promise.reject(new Error("No session is read")),
      contextSize: () => ({ contextTokens: 0 }),
    },
  }
}
