import { isAbsolute } from "node:path"
import { asText, asTexts, type Json } from "@skein/protocol/json"
import { page } from "./list.ts"
import { type Context, needed, personalOf, type Reply } from "./method.ts"
import { RpcError } from "./peer.ts"

/** `feedback/save`: a file for whoever is to help, with what was done and not what was said. Nothing is sent anywhere. */
export async function saveFeedback(params: Json, context: Context): Promise<Reply> {
  const personal = personalOf("feedback/save", context)
  const classification = needed(params, "classification")
  const savePath = needed(params, "savePath")
  if (!isAbsolute(savePath)) throw new RpcError(`Invalid request: savePath is no absolute path: ${savePath}`)
  if (asTexts(params.extraLogFiles).length > 0) {
    throw new RpcError("feedback/save takes no further files: they could hold anything. Leave extraLogFiles out")
  }
  const threadId = asText(params.threadId)
  const about = {
    classification,
    reason: asText(params.reason) ?? null,
    tags: params.tags ?? {},
    threadId: threadId ?? null,
  }
  const work = threadId === undefined || params.includeLogs === false ? [] : await shapesOf(threadId, context)
  const text = personal.redact(`${JSON.stringify({ version: 1, ...about, work }, null, 2)}\n`)
  try {
    await personal.writeNew(savePath, text)
  } catch (error) {
    throw new RpcError(error instanceof Error ? error.message : String(error))
  }
  return { result: { threadId: threadId ?? "", promptHash: null, path: savePath } }
}

/** What happened in a thread, without a word of it: kinds, states, sizes and codes. */
async function shapesOf(threadId: string, { threads }: Context): Promise<readonly Json[]> {
  const { items } = await threads.read(threadId)
  return items.map((item) => {
    if (item.kind !== "tool_call") return { kind: item.kind }
    const { name, state, result } = item
    return { kind: item.kind, name, state, code: result?.code ?? null, durationMs: result?.durationMs ?? null }
  })
}

/** `externalAgentConfig/detect`: what other programs left of their settings. Nothing is taken over by it. */
export async function detectForeign(params: Json, context: Context): Promise<Reply> {
  const folders = asTexts(params.cwds)
  const found = await personalOf("externalAgentConfig/detect", context).foreign(folders, params.includeHome === true)
  const items = found.map(({ kind, path, cwd }) => ({
    ...{ itemType: kind, description: `Found in ${path}`, cwd: cwd ?? null, details: null },
  }))
  return { result: { items, connectors: [] } }
}

const PROFILES = [":read-only", ":workspace", ":danger-full-access"]

/** What a sandbox holds commands to, by Codex's names. */
export function listProfiles(params: Json): Reply {
  const all = PROFILES.map((id) => ({ id, description: null, allowed: true }))
  return { result: page(all, params) }
}

/** skein has no switches of this kind, which is an answer and no blocker. */
export function noFeatures(params: Json): Reply {
  return { result: page([], params) }
}

/** Those who are asked for models, with whether one can be asked now. */
export async function listProviders(params: Json, { threads }: Context): Promise<Reply> {
  const models = await threads.models()
  const ids = [...new Set(models.map(({ provider }) => provider))]
  const all = ids.map((id) => ({ id, name: id, isReady: models.some((one) => one.provider === id && one.isReady) }))
  return { result: page(all, params) }
}

/** What the provider of a new thread's model can do itself. */
export async function capabilities(_params: Json, context: Context): Promise<Reply> {
  const { settings, threads } = context
  const models = await threads.models()
  const model = models.find(({ provider, id }) => `${provider}/${id}` === settings.model)
  return { result: { imageGeneration: false, webSearch: model?.search !== undefined } }
}
