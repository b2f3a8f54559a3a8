import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { asText, type Json, parseObject } from "@skein/protocol/json"
import type { SessionStore } from "./store.ts"

/**
 * One session in files: `storage/session/<project>/<id>.json`, its messages in `storage/message/<id>/`, their parts in
 * `storage/part/<message>/`. Names sort by time.
 */
export function jsonFiles(path: string): SessionStore {
  const root = dirname(dirname(dirname(path)))
  const own = () => readJson(path)
  return {
    async sessions() {
      const session = await own()
      return session === undefined ? [] : [{ ...session, id: asText(session.id) ?? basename(path, ".json") }]
    },
    async *messages(id, onBroken) {
      for (const file of await jsonIn(join(root, "message", id))) {
        const message = await readJson(join(root, "message", id, file))
        if (message === undefined) {
          onBroken()
          continue
        }
        const messageId = asText(message.id) ?? basename(file, ".json")
        yield { message: { ...message, id: messageId }, parts: await partsOf(root, messageId, onBroken) }
      }
    },
    async fingerprint(id) {
      const hash = createHash("sha256")
      let bytes = 0
      const add = async (file: string) => {
        const content = await readFile(file)
        hash.update(`${basename(file)} ${content.length}\n`).update(content)
        bytes += content.length
      }
      await add(path)
      for (const file of await jsonIn(join(root, "message", id))) {
        await add(join(root, "message", id, file))
        const parts = join(root, "part", basename(file, ".json"))
        for (const part of await jsonIn(parts)) await add(join(parts, part))
      }
      return { sha256: hash.digest("hex"), bytes }
    },
  }
}

async function partsOf(root: string, messageId: string, onBroken: () => void): Promise<readonly Json[]> {
  const folder = join(root, "part", messageId)
  const parts: Json[] = []
  for (const file of await jsonIn(folder)) {
    const part = await readJson(join(folder, file))
    if (part === undefined) onBroken()
    else parts.push(part)
  }
  return parts
}

async function readJson(path: string): Promise<Json | undefined> {
  return parseObject(await readFile(path, "utf8"))
}

async function jsonIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".json")).sort()
  } catch (cause) {
    // A session nothing was said in has no folder of messages, and a message may have no parts.
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return []
    throw cause
  }
}
