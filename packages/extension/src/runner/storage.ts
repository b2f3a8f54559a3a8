import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Storage } from "../index.ts"

/** A file of JSON for each key. */
export function storageIn(folder: string): Storage {
  const values = join(folder, "storage")
  const fileOf = (key: string) => join(values, `${encodeURIComponent(key)}.json`)
  return {
    folder,
    async get(key) {
      try {
        return JSON.parse(await readFile(fileOf(key), "utf8"))
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined
        throw error
      }
    },
    async set(key, value) {
      await mkdir(values, { recursive: true })
      const made = `${fileOf(key)}-${crypto.randomUUID()}`
      await writeFile(made, JSON.stringify(value) ?? "null")
      await rename(made, fileOf(key))
    },
  }
}
