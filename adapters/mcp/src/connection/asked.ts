import { basename } from "node:path"
import { pathToFileURL } from "node:url"
import type {
  Client,
  CreateMessageRequestParams,
  ElicitRequestParams,
  ElicitResult,
} from "@modelcontextprotocol/client"
import { visible } from "@skein/protocol"
import type { Sdk } from "../wire/sdk.ts"
import type { AskedByServer, ElicitAnswer, ElicitRequest, SamplingRequest } from "./live-server.ts"
import type { Users } from "./users.ts"

/** What skein answers a server, as it says when it connects. */
export const CAPABILITIES = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: { applyDefaults: true }, url: {} },
}

const TEXT_CHARS_MAX = 64_000
const MESSAGE_CHARS_MAX = 4_000
const SCHEMA_CHARS_MAX = 32_000
/** So many may wait for a person or a model at a time; a server that asks for more is told no. */
const ASKING_MAX = 4

/** Answers what a server asks, for whoever uses it last; where nobody does that can answer, it is told no. */
export function answerServer(client: Client, sdk: Sdk, users: Users, roots: () => readonly string[]): void {
  let asking = 0
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    if (asking >= ASKING_MAX) throw declined(sdk, "Too many requests wait already.")
    asking++
    try {
      return await users.whileAsking(work())
    } finally {
      asking--
    }
  }
  client.setRequestHandler("roots/list", () => ({
    roots: roots().map((path) => ({ uri: pathToFileURL(path).href, name: basename(path) })),
  }))
  client.setRequestHandler("sampling/createMessage", async ({ params }) => {
    const sample = whoAnswers(users, "sample")?.sample
    if (sample === undefined) throw declined(sdk, "Nobody lets the server ask a model now.")
    const { text, model } = await asked(() => sample(samplingOf(params))).catch((error: unknown) => {
      throw declined(sdk, error instanceof Error ? error.message : String(error))
    })
    return { role: "assistant", content: { type: "text", text }, model, stopReason: "endTurn" }
  })
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    const elicit = whoAnswers(users, "elicit")?.elicit
    const request = elicitationOf(params)
    if (elicit === undefined || request === undefined) return { action: "decline" }
    return answerOf(await asked(() => elicit(request)))
  })
}

function whoAnswers(users: Users, what: keyof AskedByServer): AskedByServer | undefined {
  return users.newest(({ asked, signal }) => asked?.[what] !== undefined && !signal.aborted)?.asked
}

/** The code that the specification's examples use for a person's no. */
const REJECTED = -1

function declined(sdk: Sdk, why: string): Error {
  return new sdk.ProtocolError(REJECTED, why)
}

function samplingOf({ systemPrompt, messages, maxTokens }: CreateMessageRequestParams): SamplingRequest {
  return {
    ...(systemPrompt === undefined ? {} : { system: systemPrompt.slice(0, TEXT_CHARS_MAX) }),
    messages: messages.map(({ role, content }) => ({ role, text: textOf(content).slice(0, TEXT_CHARS_MAX) })),
    outputTokensMax: maxTokens,
  }
}

function textOf(content: CreateMessageRequestParams["messages"][number]["content"]): string {
  const blocks = Array.isArray(content) ? content : [content]
  return blocks.map((block) => (block.type === "text" ? block.text : `[${block.type} left out]`)).join("\n")
}

/** Undefined for one that could not be shown. */
function elicitationOf(params: ElicitRequestParams): ElicitRequest | undefined {
  const message = visible(params.message).slice(0, MESSAGE_CHARS_MAX)
  if (params.mode === "url") return { message, url: params.url }
  if (JSON.stringify(params.requestedSchema).length > SCHEMA_CHARS_MAX) return undefined
  return { message, schema: params.requestedSchema }
}

function answerOf(answer: ElicitAnswer): ElicitResult {
  if (answer.action !== "accept") return { action: answer.action }
  const content: ElicitResult["content"] = {}
  for (const [name, value] of Object.entries(answer.content ?? {})) {
    if (isFieldValue(value)) content[name] = value
  }
  return { action: "accept", content }
}

function isFieldValue(value: unknown): value is string | number | boolean | string[] {
  if (Array.isArray(value)) return value.every((one) => typeof one === "string")
  return ["string", "number", "boolean"].includes(typeof value)
}
