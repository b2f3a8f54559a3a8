import type { ProcessesPort, RunContext, ToolResult } from "@skein/core/ports"
import type { FoundServer } from "../config/found.ts"

export interface Guarding {
  readonly processes: ProcessesPort
  readonly warn: (sentence: string) => void
}

/**
 * A call of a server whose process may write the session's folders. What comes to be there meanwhile under a name that makes
 * other programs run commands is moved aside, and said to the model and to the person; what a person makes at any other time
 * is theirs, as long as the server may live.
 */
export async function guarded(
  { name, spec }: FoundServer,
  { roots, sandbox }: Pick<RunContext, "roots" | "sandbox">,
  { processes, warn }: Guarding,
  work: () => Promise<ToolResult>,
): Promise<ToolResult> {
  const isAbleToWrite = spec?.transport.kind === "stdio" && sandbox === "workspace-write"
  const sweep = isAbleToWrite ? await processes.guard?.(roots) : undefined
  if (sweep === undefined) return work()
  const ended = await work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )
  const notes = sweep()
  for (const note of notes) warn(`While a tool of ${name} ran: ${note}.`)
  if ("error" in ended) throw ended.error
  const { result } = ended
  if (notes.length === 0) return result
  return { ...result, forModel: [...result.forModel, { type: "text", text: notes.map((n) => `[${n}]`).join("\n") }] }
}
