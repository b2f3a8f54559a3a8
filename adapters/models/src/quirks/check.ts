import type { Message, ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type Asked, ask } from "../ask.ts"
import { withoutPictures } from "../pictures.ts"
import type { Quirk } from "./quirk.ts"
import { witness } from "./witness.ts"

/** What a server says now to the least request that a quirk has to do with. Undefined: it takes it. */
export interface QuirkCheck {
  /** Asked as everybody is. */
  readonly without: string | undefined
  readonly with: string | undefined
}

/** Asks twice, with a few words of skein's own and none of any conversation. Throws SkeinError when it cannot be asked. */
export async function checkQuirk(quirk: Quirk, asked: Asked, signal: AbortSignal): Promise<QuirkCheck> {
  const { dialect, edits = [] } = quirk.change
  const request = minimal(quirk)
  const seen = witness(asked.sending.fetch, edits)
  const changed = { ...asked, quirk: dialect, sending: { ...asked.sending, fetch: seen.fetch } }
  return {
    without: await complaint(asked, request, signal),
    with: await complaint(changed, dialect?.lacksImages === true ? withoutPictures(request) : request, signal),
  }
}

/** Only what is said of the request itself is an answer. */
async function complaint(asked: Asked, request: ModelRequest, signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const chunks of ask(asked, request, signal)) if (chunks.length > 0) return undefined
    return undefined
  } catch (error) {
    if (error instanceof SkeinError && error.code === "provider.invalid_request") return error.message
    throw error
  }
}

const TOOL = {
  name: "echo",
  description: "Gives back its text.",
  inputSchema: {
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
    additionalProperties: false,
  },
}
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const ANSWER_TOKENS = 64

/** One of each thing that a request can hold. */
function minimal({ model, change }: Quirk): ModelRequest {
  const cap = change.edits?.find((edit) => edit.kind === "cap")
  const picture = { type: "image", mediaType: "image/png", data: PIXEL } as const
  const messages: readonly Message[] = [
    { role: "user", content: [{ type: "text", text: "Echo ok." }] },
    {
      role: "assistant",
      content: [{ type: "call", callId: "cal_quirk_check_1", name: TOOL.name, input: { text: "ok" } }],
    },
    {
      role: "user",
      content: [
        {
          type: "result",
          callId: "cal_quirk_check_1",
          name: TOOL.name,
          content: [{ type: "text", text: "ok" }],
          isError: false,
        },
        { type: "text", text: "Say ok." },
        ...(change.dialect?.lacksImages === true ? [picture] : []),
      ],
    },
  ]
  return {
    ...{ model, messages, system: ["Answer with one word."], tools: [TOOL], effort: "low", cacheKey: "quirk-check" },
    outputTokensMax: cap === undefined ? ANSWER_TOKENS : cap.value + 1,
  }
}
