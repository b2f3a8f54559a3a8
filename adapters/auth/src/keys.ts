import { SkeinError } from "@skein/protocol"
import { type KeyFileContent, keyFileReader } from "./key-file.ts"

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

/** One place keys may be in. Undefined: this place has none for that owner, the next is asked. */
export type KeySource = (owner: KeyOwner) => FoundKey | undefined

export interface KeysOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** A file with one key, and the provider it is for: no other is ever sent it. */
  readonly keyFile?: { readonly path: string; readonly provider: string } | undefined
}

export interface Keys {
  /** Throws SkeinError `config.invalid` for a key that could not be sent, or a key file that cannot be read. */
  find(owner: KeyOwner): FoundKey | undefined
}

/**
 * Looks for keys in the key file, then the environment, each time anew: a key is in memory only while it is used. A pipe
 * in the place of the file, as in `--api-key-file <(pass show key)`, gives its text once, and that is kept.
 */
export function keys({ env, keyFile }: KeysOptions): Keys {
  const sources: readonly KeySource[] = [
    ...(keyFile === undefined ? [] : [fromFile(keyFile, keyFileReader(keyFile.path))]),
    fromEnvironment(env),
  ]
  return {
    find(owner) {
      for (const source of sources) {
        const found = source(owner)
        if (found !== undefined) return found
      }
      return undefined
    },
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
 * or a curly quote inside makes every request fail in a way that does not name the key.
 */
function sendable(text: string, source: string): string {
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
