import { mkdir, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import type { SearchAsked, SearchFindings } from "@skein/core/ports"

/** What earlier searches found. */
export interface FoundFile {
  find(asked: SearchAsked): Promise<SearchFindings | undefined>
  keep(asked: SearchAsked, findings: SearchFindings): Promise<void>
}

const AGE_MAX_MS = 30 * 24 * 3_600_000
const FILES_MAX = 500

/** One file for each question, in a folder that its owner alone may read; none older than 30 days is given. */
export function foundFile(folder: string, now: () => number): FoundFile {
  const pathOf = ({ query, domains }: SearchAsked) => {
    const key = JSON.stringify([query.trim().toLowerCase().replace(/\s+/g, " "), [...domains].toSorted()])
    return join(folder, `${new Bun.CryptoHasher("sha256").update(key).digest("hex").slice(0, 32)}.json`)
  }
  return {
    async find(asked) {
      const file = Bun.file(pathOf(asked))
      if (!(await file.exists())) return undefined
      const { at, findings } = (await file.json()) as { readonly at: number; readonly findings: SearchFindings }
      if (now() - at > AGE_MAX_MS) return undefined
      return { ...findings, results: findings.results.slice(0, asked.limit), network: [] }
    },
    async keep(asked, findings) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await Bun.write(pathOf(asked), JSON.stringify({ at: now(), findings: { ...findings, network: [] } }), {
        mode: 0o600,
      })
      await prune(folder)
    },
  }
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"))
  if (names.length <= FILES_MAX) return
  // One that another skein took away meanwhile has no time, and is as good as the oldest.
  const dated = names.map((name) => ({ name, at: Bun.file(join(folder, name)).lastModified }))
  const oldest = dated.toSorted((a, b) => a.at - b.at).slice(0, names.length - FILES_MAX)
  await Promise.all(oldest.map(({ name }) => rm(join(folder, name), { force: true })))
}
