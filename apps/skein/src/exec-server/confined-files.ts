import type { ServedFiles } from "@skein/codex"
import { asList, asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import { FileProcess, type FileProcessOptions } from "./file-process.ts"

/** So old, and idle, a process that reads is begun anew: what is hidden is looked at when one begins. */
const RENEWED_AFTER_MS = 5_000

/**
 * Files as programs of the same client reach them: a process of our own, in the sandbox that these have, opens every path, so the
 * operating system decides and nothing can be swapped between a look and a use. One process lasts for reading. Each change has a
 * fresh one, because what is protected is looked at when it begins; and what it made under a protected name is moved aside and
 * refused. `close` ends them.
 */
export function confinedFiles(options: FileProcessOptions): ServedFiles & { close(): Promise<void> } {
  const fresh = () => new FileProcess(options)
  let reader: FileProcess | undefined
  let startedAt = 0
  let lastChange: Promise<unknown> = Promise.resolve()

  async function reading(op: string, params: Json): Promise<unknown> {
    const isOld = reader?.isIdle === true && performance.now() - startedAt > RENEWED_AFTER_MS
    if (isOld) void reader?.close()
    if (reader === undefined || isOld || reader.isOver) {
      reader = fresh()
      startedAt = performance.now()
    }
    return reader.ask(op, params)
  }

  /** One after the other: what is found under a protected name afterwards is the work of this one. */
  function changing(op: string, params: Json): Promise<void> {
    const change = lastChange.then(() => changed(op, params))
    // Whoever asked for the change hears of it.
    lastChange = change.catch(() => undefined)
    return change
  }

  async function changed(op: string, params: Json): Promise<void> {
    const sweep = options.sandbox === "workspace-write" ? await options.exec.guard?.(options.roots) : undefined
    const one = fresh()
    let failure: unknown
    try {
      await one.ask(op, params)
    } catch (error) {
      failure = error
    } finally {
      await one.close()
    }
    const moved = sweep?.() ?? []
    if (moved.length > 0) throw new Error(moved.join("\n"))
    if (failure !== undefined) throw failure
  }

  return {
    read: async (path, bytesMax) => Buffer.from(asText(await reading("read", { path, bytesMax })) ?? "", "base64"),
    facts: async (path) => factsIn(await reading("facts", { path })),
    real: async (path) => asText(await reading("real", { path })) ?? path,
    list: async (path, countMax) =>
      asList(await reading("list", { path, countMax })).map((entry) => {
        const { name, kind } = asObject(entry) ?? {}
        return { name: asText(name) ?? "", kind: kindOf(kind) }
      }),
    write: (path, bytes) => changing("write", { path, data: Buffer.from(bytes).toString("base64") }),
    makeFolder: (path, isRecursive) => changing("makeFolder", { path, isRecursive }),
    remove: (path, { isRecursive, isForced }) => changing("remove", { path, isRecursive, isForced }),
    copy: (from, to, isRecursive) => changing("copy", { path: from, to, isRecursive }),
    async close() {
      await Promise.all([reader?.close(), lastChange])
    },
  }
}

function factsIn(value: unknown): Awaited<ReturnType<ServedFiles["facts"]>> {
  const { kind, isLink, size, createdAt, modifiedAt } = asObject(value) ?? {}
  return {
    ...{ kind: kindOf(kind), isLink: isLink === true, size: asNumber(size) ?? 0 },
    ...{ createdAt: asNumber(createdAt) ?? 0, modifiedAt: asNumber(modifiedAt) ?? 0 },
  }
}

function kindOf(value: unknown): "file" | "folder" | "other" {
  return value === "file" || value === "folder" ? value : "other"
}
