import { isAbsolute } from "node:path"
import type { SkillInfo } from "@skein/protocol"
import { asTexts, type Json } from "@skein/protocol/json"
import type { Context, Reply } from "./method.ts"
import { RpcError } from "./peer.ts"

/** `skills/list`: what may be used, folder by folder. It is read anew each time, so `forceReload` asks for nothing more. */
export async function listSkills(params: Json, { engine, cwd }: Context): Promise<Reply> {
  const asked = asTexts(params.cwds)
  const data = (asked.length === 0 ? [cwd] : asked).map(async (folder) => {
    if (!isAbsolute(folder)) throw new RpcError(`Invalid request: ${folder} is no absolute path`)
    const skills = await engine.ask({ type: "skills.list", of: { cwd: folder } })
    return { cwd: folder, skills: skills.map(metadata), errors: [] }
  })
  return { result: { data: await Promise.all(data) } }
}

/** In Codex's words: `SkillMetadata` of its app-server protocol. */
function metadata({ name, description, scope, plugin, file }: SkillInfo): Json {
  return {
    ...{ name, description, enabled: true, scope: SCOPES[scope] },
    // One that is built in lies nowhere.
    path: file ?? `skein:${name}`,
    ...(plugin === undefined ? {} : { pluginId: plugin }),
  }
}

const SCOPES = { project: "repo", user: "user", plugin: "user", builtin: "system" } as const
