import { readFileSync, writeFileSync } from "node:fs"
import { FileRequest, SkeinError } from "@skein/protocol"
import { sha256Of } from "../src/files/open.ts"

/** An editor with some files open, as the engine sees it: texts by path, and what it was asked. */
export function editor(open: Record<string, string> = {}, form: (text: string) => string = (text) => text) {
  const asked: string[] = []
  const texts = new Map(Object.entries(open))
  let isSaving = true
  const refused = (why: string) => new SkeinError("client.refused", why)
  const askClient = async (kind: string, payload: unknown): Promise<unknown> => {
    if (kind !== "fs") throw new Error(`Asked for ${kind}`)
    const request = FileRequest().parse(payload)
    const { path } = request
    asked.push(`${request.kind} ${path.split("/").at(-1)}`)
    const held = texts.get(path)
    if (request.kind === "read") return held === undefined ? {} : { text: held }
    const found = held === undefined ? null : sha256Of(new TextEncoder().encode(held))
    if (found !== request.expected) throw refused("The buffer has another text.")
    const text = form(request.text)
    texts.set(path, text)
    if (isSaving) writeFileSync(path, text)
    return { isWritten: true }
  }
  return {
    texts,
    asked,
    given: { askClient, hasClient: (kind: string) => kind === "fs" },
    /** From now on what is written through it stays in memory. */
    stopSaving() {
      isSaving = false
    },
    diskOf: (path: string) => readFileSync(path, "utf8"),
  }
}
