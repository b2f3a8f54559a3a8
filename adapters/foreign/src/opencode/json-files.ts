import { createHash } from "node:crypto"
import { readdir } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { asText, type Json } from "@skein/protocol/json"
import { objectIn } from "../files/json.ts"
import { opened } from "../files/lines.ts"
import type { SessionStore } from "./store.ts"

/**
 * One session in files: `storage/session/<project>/<id>.json`, its messages in `storage/message/<id>/`, their parts in
 * `storage/part/<message>/`. Names sort by time.
 */
export function jsonFiles(path: string): SessionStore {
  const root = dirname(dirname(dirname(path)))
  const own = () => objectIn(path)
  return {
    async sessions() {
      const session = await own()
      return session === undefined ? [] : [{ ...session, id: asText(session.id) ?? basename(path, ".json") }]
    },
    async *messages(id, onBroken) {
      for (const file of await jsonIn(root, "message", id)) {
        const message = await objectIn(join(root, "message", id, file))
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
        const content = await contentOf(file)
        hash.update(`${basename(file)} ${content.length}\n`).update(content)
        bytes += content.length
      }
      await add(path)
      for (const file of await jsonIn(root, "message", id)) {
        await add(join(root, "message", id, file))
        const messageId = basename(file, ".json")
        for (const part of await jsonIn(root, "part", messageId)) await add(join(root, "part", messageId, part))
      }
      return { sha256: hash.digest("hex"), bytes }
    },
  }
}

async function contentOf(path: string): Promise<Buffer> {
  await using file = await opened(path)
  return await file.readFile()
}

async function partsOf(root: string, messageId: string, onBroken: () => void): Promise<readonly Json[]> {
  const parts: Json[] = []
  for (const file of await jsonIn(root, "part", messageId)) {
    const part = await objectIn(join(root, "part", messageId, file))
    if (part === undefined) onBroken()
    else parts.push(part)
  }
  return parts
}

/** The files of a message or of a session. An id that would name another folder has none. */
async function jsonIn(...[root, kind, id]: readonly [string, string, string]): Promise<readonly string[]> {
  if (id === "" || id.startsWith(".") || /[/\\\0]/.test(id)) return []
  try {
    const folder = join(root, kind, id)
    return (await readdir(folder)).filter((name) => name.endsWith(".json")).sort()
  } catch (cause) {
    // A session nothing was said in has no folder of messages, and a message may have no parts.
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return []
    throw cause
  }
}
