import { lazy } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { RequestError } from "../asked.ts"

/** What a client asks of a new thread; fields that nobody knows are refused, so that no wish is passed over in silence. */
const NewThread = lazy(() =>
  z.strictObject({
    prompt: z.string().regex(/\S/),
    model: z.string().min(1).optional(),
    profile: z.string().min(1).optional(),
    cwd: z.string().min(1).optional(),
    "approval-policy": z.enum(["untrusted", "on-failure", "on-request", "never"]).optional(),
    sandbox: z.enum(["read-only", "workspace-write", "danger-full-access"]).optional(),
    config: z.record(z.string(), z.unknown()).optional(),
    "base-instructions": z.string().optional(),
    "developer-instructions": z.string().optional(),
    "compact-prompt": z.string().regex(/\S/).max(20_000).optional(),
  }),
)
const Reply = lazy(() =>
  z.strictObject({
    prompt: z.string().regex(/\S/),
    threadId: z.string().optional(),
    conversationId: z.string().optional(),
  }),
)

/** A new thread as it is wished for; the prompt is apart. */
export interface ThreadWishes {
  readonly model?: string | undefined
  readonly profile?: string | undefined
  readonly cwd?: string | undefined
  readonly policy?: "untrusted" | "on-failure" | "on-request" | "never" | undefined
  readonly sandbox?: "read-only" | "workspace-write" | "danger-full-access" | undefined
  /** By Codex's keys. */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  readonly instructions?: string | undefined
  readonly developerInstructions?: string | undefined
  readonly compactPrompt?: string | undefined
}

/** Throws RequestError that names the field. */
export function readNewThread(given: unknown): { readonly prompt: string; readonly wishes: ThreadWishes } {
  const { prompt, model, profile, cwd, sandbox, config, ...rest } = read(NewThread(), given)
  return {
    prompt,
    wishes: {
      ...{ model, profile, cwd, sandbox, config },
      policy: rest["approval-policy"],
      instructions: rest["base-instructions"],
      developerInstructions: rest["developer-instructions"],
      compactPrompt: rest["compact-prompt"],
    },
  }
}

/** Throws RequestError. */
export function readReply(given: unknown): { readonly prompt: string; readonly threadId: string } {
  const { prompt, threadId, conversationId } = read(Reply(), given)
  const id = threadId ?? conversationId
  if (id === undefined) throw new RequestError("invalid_params", "Either threadId or conversationId must be provided.")
  return { prompt, threadId: id }
}

function read<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `
  throw new RequestError("invalid_params", `${where}${issue?.message ?? "These are no arguments of this tool."}`)
}
