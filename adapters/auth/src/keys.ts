import { SkeinError } from "@skein/protocol"
import { type KeyFileContent, keyFileReader } from "./key-file.ts"
import type { SecretSource, SecretStore, StoreName } from "./store.ts"

/** Who a key is for. */
export interface KeyOwner {
  /** The provider's id. */
  readonly id: string
  /** Environment variables that may hold the key, first wins. */
  readonly keyEnv: readonly string[]
}

/** A key, and where it came from. The value does not show when the object is printed or turned into JSON. */
export interface FoundKey {
  readonly value: string
  /** For people: `environment variable OPENAI_API_KEY`, `key file /home/…`. Never the value. */
  readonly source: string
  /** What is wrong with the place it was found in, and the cure. */
  readonly warning?: string | undefined
}

/** One place that can be looked into at once. Undefined: it has none for that owner, the next is asked. */
type KeySource = (owner: KeyOwner) => FoundKey | undefined

export interface KeysOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** A file with one key, and the provider it is for: no other is ever sent it. */
  readonly keyFile?: { readonly path: string; readonly provider: string } | undefined
  /** Places that take a while, in the order in which they are asked; made with the first key that is sought. */
  readonly stores?: (() => Promise<readonly SecretStore[]>) | undefined
  /** The only places that may be asked; all of them when it is left out. */
  readonly allow?: readonly SecretSource[] | undefined
}

export interface Keys {
  /**
   * What is at hand: in the key file, the environment, and what `seek` found. Throws SkeinError `config.invalid` for a
   * key that could not be sent, or a key file that cannot be read.
   */
  find(owner: KeyOwner): FoundKey | undefined
  /** The same, and then in the stores. A store that cannot be asked is passed over, and `troubles` says so. */
  seek(owner: KeyOwner): Promise<FoundKey | undefined>
  /** Forgets what a store gave for it, so that it is asked anew. */
  forget(owner: Pick<KeyOwner, "id">): void
  /** Why stores could not be asked, one sentence each. */
  troubles(): readonly string[]
}

/**
 * Looks for keys in the key file, the environment, and then the stores. What is at hand is read each time anew, and is in
 * memory only while it is used; what a store gave is kept, for asking it takes time. A pipe in the place of the file, as
 * in `--api-key-file <(pass show key)`, gives its text once, and that is kept.
 */
export function keys({ env, keyFile, stores, allow }: KeysOptions): Keys {
  const isAllowed = (source: SecretSource) => allow === undefined || allow.includes(source)
  const sources: readonly KeySource[] = [
    ...(keyFile !== undefined && isAllowed("key_file") ? [fromFile(keyFile, keyFileReader(keyFile.path))] : []),
    ...(isAllowed("environment") ? [fromEnvironment(env)] : []),
  ]
  const kept = new Map<string, FoundKey>()
  const seeking = new Map<string, Promise<FoundKey | undefined>>()
  const troubles = new Map<StoreName, string>()
  let opened: Promise<readonly SecretStore[]> | undefined

  function find(owner: KeyOwner): FoundKey | undefined {
    for (const source of sources) {
      const found = source(owner)
      if (found !== undefined) return found
    }
    return kept.get(owner.id)
  }

  async function inStores(owner: KeyOwner): Promise<FoundKey | undefined> {
    opened ??= stores?.() ?? Promise.resolve([])
    for (const store of await opened) {
      if (!isAllowed(store.name) || troubles.has(store.name)) continue
      const stored = await store.get(owner.id).catch((error: unknown) => {
        if (!(error instanceof SkeinError) || error.code !== "secret.unavailable") throw error
        troubles.set(store.name, error.message)
        return undefined
      })
      if (stored === undefined) continue
      const key = found(stored.value, stored.source, stored.warning)
      kept.set(owner.id, key)
      return key
    }
    return undefined
  }

  return {
    find,
    seek(owner) {
      const known = find(owner)
      if (known !== undefined) return Promise.resolve(known)
      // Asked once: by the look at what is there and by the first request it may be twice at the same time.
      const asked = seeking.get(owner.id) ?? inStores(owner)
      seeking.set(owner.id, asked)
      return asked
    },
    forget({ id }) {
      kept.delete(id)
      seeking.delete(id)
    },
    troubles: () => [...troubles.values()],
  }
}

function fromFile(file: { readonly path: string; readonly provider: string }, read: () => KeyFileContent): KeySource {
  return (owner) => {
    if (owner.id !== file.provider) return undefined
    const source = `key file ${file.path}`
    const { text, mode } = read()
    if (text.trim() === "")
      throw new SkeinError("config.invalid", `The ${source} is empty. Put the key into it, alone.`)
    return found(text, source, mode === undefined ? undefined : warningAbout(file.path, mode))
  }
}

function fromEnvironment(env: KeysOptions["env"]): KeySource {
  return ({ keyEnv }) => {
    const name = keyEnv.find((name) => (env[name] ?? "").trim() !== "")
    return name === undefined ? undefined : found(env[name] ?? "", `environment variable ${name}`)
  }
}

function warningAbout(path: string, mode: number): string | undefined {
  if ((mode & 0o077) === 0) return undefined
  const permissions = (mode & 0o777).toString(8).padStart(3, "0")
  return `The key file ${path} can be read by others (mode ${permissions}). Run: chmod 600 ${path}`
}

function found(text: string, source: string, warning?: string): FoundKey {
  return new Found(sendable(text, source), source, warning)
}

/** A class for its private field: nothing that prints an object, not even the runtime's own inspector, shows that. */
class Found implements FoundKey {
  readonly #value: string
  readonly source: string
  readonly warning: string | undefined
  constructor(value: string, source: string, warning: string | undefined) {
    this.#value = value
    this.source = source
    this.warning = warning
  }
  get value(): string {
    return this.#value
  }
}

/**
 * The key as it can stand in a header: without blanks around it. What is left may only hold visible ASCII; a line break
 * or a curly quote inside makes every request fail in a way that does not name the key. Throws SkeinError `config.invalid`.
 */
export function sendable(text: string, source: string): string {
  const value = text.replace(/^\uFEFF/, "").trim()
  const at = value.search(/[^\x21-\x7E]/)
  if (at < 0) return value
  const code = (value.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")
  throw new SkeinError(
    "config.invalid",
    `The key in the ${source} cannot be sent: its character ${at + 1} of ${value.length} is ${nameOf(value[at] ?? "")} (U+${code}). Set it again, as one line.`,
  )
}

function nameOf(character: string): string {
  if (character === "\n" || character === "\r") return "a line break"
  if (/\s/.test(character)) return "a blank"
  return /\p{Cc}/u.test(character) ? "a control character" : "no plain ASCII"
}
