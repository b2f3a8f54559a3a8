import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  type CanUseTool,
  type Options,
  query,
  type SDKMessage,
  type SDKUserMessage,
} from "@anthropic-ai/claude-agent-sdk"

/** A program in `folder` that serves the scripted engine; the SDK starts it as it would start any binary. */
export function fakeAgent(folder: string): string {
  const program = join(folder, "agent")
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dir, "agent.ts")}" "$@"\n`)
  chmodSync(program, 0o700)
  return program
}

export interface Drive {
  readonly agent: string
  readonly cwd: string
  readonly canUseTool?: CanUseTool
  readonly env?: Record<string, string>
  readonly options?: Partial<Options>
}

/** A query of the real SDK that touches nothing outside its folder. */
export function drive(prompt: string | AsyncIterable<SDKUserMessage>, { agent, cwd, canUseTool, env, options }: Drive) {
  return query({
    prompt,
    options: {
      pathToClaudeCodeExecutable: agent,
      cwd,
      settingSources: [],
      ...(canUseTool ? { canUseTool } : {}),
      ...options,
      env: { PATH: process.env.PATH, HOME: cwd, ...env },
    },
  })
}

export function message(text: string): SDKUserMessage {
  return { type: "user", message: { role: "user", content: text }, parent_tool_use_id: null }
}

/** `system/init`, `assistant text`, `assistant tool_use`, `user`, `result success`: what came, in order. */
export function outline(messages: readonly SDKMessage[]): readonly string[] {
  return messages.map((line) => {
    if (line.type === "system") return `system ${line.subtype}`
    if (line.type === "assistant") return `assistant ${line.message.content.map((block) => block.type).join(" ")}`
    if (line.type === "result") return `result ${line.subtype}`
    return line.type
  })
}
