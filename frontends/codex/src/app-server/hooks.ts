import { isAbsolute } from "node:path"
import type { HookInfo } from "@skein/protocol"
import { asText, asTexts, type Json } from "@skein/protocol/json"
import type { Context, Reply } from "./method.ts"
import { RpcError } from "./peer.ts"

/** `hooks/list`: what files set to run, folder by folder, and whether it is trusted. Runs nothing. */
export async function listHooks(params: Json, { engine, threads, cwd }: Context): Promise<Reply> {
  const threadId = asText(params.threadId)
  const asked = asTexts(params.cwds)
  const own = threadId === undefined ? cwd : (await threads.read(threadId)).cwd
  const data = (asked.length === 0 ? [own] : asked).map(async (folder) => {
    if (!isAbsolute(folder)) throw new RpcError(`Invalid request: ${folder} is no absolute path`)
    const { hooks, flaws } = await engine.ask({ type: "hooks.list", of: { cwd: folder } })
    return { cwd: folder, hooks: hooks.map(metadata), warnings: flaws, errors: [] }
  })
  return { result: { data: await Promise.all(data) } }
}

/** In Codex's words: `HookMetadata` of its app-server protocol. */
function metadata(hook: HookInfo, displayOrder: number): Json {
  const { event, type, matcher, what, file, place, from, plugin, timeoutMs, state, sha256 } = hook
  return {
    key: `${file}#${place}:${displayOrder}`,
    eventName: `${event.slice(0, 1).toLowerCase()}${event.slice(1)}`,
    handlerType: type,
    matcher: matcher ?? null,
    command: type === "command" ? what : null,
    ...{ prompt: null, model: null, continueOnBlock: null, statusMessage: null },
    timeoutSec: Math.ceil(timeoutMs / 1_000),
    sourcePath: file,
    source: SOURCES[from],
    pluginId: plugin ?? null,
    displayOrder,
    enabled: state !== "blocked",
    isManaged: false,
    currentHash: `sha256:${sha256}`,
    trustStatus: state === "untrusted" ? "untrusted" : "trusted",
  }
}

const SOURCES = { person: "user", project: "project", plugin: "plugin" } as const
