import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import type { TakeLock } from "@skein/core/ports"
import { asObject, asText, type Json, parseObject } from "@skein/protocol/json"
import type { Description } from "./description.ts"

/** What is remembered of scripts, in the person's own data. */
export interface Kept {
  /** What a script with this identity said of itself. */
  description(identity: string): Description | undefined
  describe(said: ReadonlyMap<string, Description>): Promise<void>
  /** The identity that the script at this path had when it last ran. */
  ranAs(path: string): string | undefined
  ran(path: string, identity: string): Promise<void>
}

const DESCRIPTIONS_MAX = 500
const WAIT_MS = 5_000

export function kept(file: string, lock: () => Promise<TakeLock>): Kept {
  const read = () => readObject(file)
  return {
    description(identity) {
      // We wrote it ourselves, where nobody else writes.
      return asObject(asObject(read().descriptions)?.[identity]) as Description | undefined
    },
    describe: (said) =>
      change(file, lock, (before) => {
        const all = Object.entries({ ...asObject(before.descriptions), ...Object.fromEntries(said) })
        return { ...before, descriptions: Object.fromEntries(all.slice(-DESCRIPTIONS_MAX)) }
      }),
    ranAs: (path) => asText(asObject(read().ran)?.[path]),
    ran: (path, identity) =>
      change(file, lock, (before) => ({ ...before, ran: { ...asObject(before.ran), [path]: identity } })),
  }
}

function readObject(file: string): Json {
  try {
    return parseObject(readFileSync(file, "utf8")) ?? {}
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {}
    throw error
  }
}

/** Reads, changes and writes a file while no other skein does. */
async function change(file: string, lock: () => Promise<TakeLock>, changed: (before: Json) => Json): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fd = openSync(`${file}.lock`, "a", 0o600)
  const made = `${file}-${crypto.randomUUID()}`
  try {
    await locked(await lock(), fd, file)
    writeFileSync(made, JSON.stringify(changed(readObject(file))), { flag: "wx", mode: 0o600 })
    renameSync(made, file)
  } finally {
    closeSync(fd)
    rmSync(made, { force: true })
  }
}

async function locked(take: TakeLock, fd: number, file: string): Promise<void> {
  for (const endsAt = performance.now() + WAIT_MS; ; await Bun.sleep(5)) {
    const taken = take(fd)
    if (taken.kind === "locked") return
    if (taken.kind === "unsupported") throw new Error(`${file} cannot be locked: ${taken.reason}`)
    if (performance.now() > endsAt) throw new Error(`another process has held ${file}.lock for 5 s`)
  }
}
