import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { SkeinError } from "@skein/protocol"
import { absent, isAbsent } from "./absent.ts"
import { type GgufHead, ggufHead } from "./gguf.ts"

/** A model file that can be asked as `local/<name>`. */
export interface LocalModelFile {
  readonly name: string
  /** Absolute. */
  readonly file: string
  readonly bytes: number
  /** SHA-256 of the file when it was added, in hex. */
  readonly sha256: string
  /** Where it was pulled from; absent for a file of the person's own, which is left where it is. */
  readonly source?: string | undefined
  /** Milliseconds since 1970. */
  readonly addedAt: number
}

/** What there is, and what its file says; `problem` when the file cannot be used now. */
export interface ListedModel extends LocalModelFile {
  readonly head?: GgufHead | undefined
  readonly problem?: string | undefined
}

export interface Library {
  readonly folder: string
  /** Newest first. */
  list(): Promise<readonly ListedModel[]>
  /** Undefined when there is none of this name. */
  find(name: string): Promise<ListedModel | undefined>
  /** Takes a file in, where it lies. Throws SkeinError `config.invalid` when it is no model or not the one expected. */
  add(file: string, expected?: string): Promise<ListedModel>
  /** Writes down a file that has been checked. */
  keep(model: LocalModelFile): Promise<void>
  /** Forgets a model, and removes its file when it was pulled. False when there is none of this name. */
  remove(name: string): Promise<boolean>
}

/** The models in a folder: a small JSON file for each, beside the files that were pulled. */
export function library(folder: string, now: () => number): Library {
  const cardOf = (name: string) => join(folder, `${name}.json`)

  /** By its name, or by that of its file. */
  async function find(given: string): Promise<ListedModel | undefined> {
    const name = /\.gguf$/i.test(given) ? nameOf(given) : given
    if (!NAME.test(name)) return undefined
    const text = await readFile(cardOf(name), "utf8").catch(absent)
    const card = text === undefined ? undefined : cardIn(text, name)
    return card === undefined ? undefined : looked(card)
  }

  async function keep(model: LocalModelFile): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const card = cardOf(model.name)
    await writeFile(`${card}.new`, `${JSON.stringify(model, undefined, 2)}\n`, { mode: 0o600 })
    await rename(`${card}.new`, card)
  }

  return {
    folder,
    find,
    keep,
    async list() {
      const names = (await readdir(folder).catch(absent)) ?? []
      const cards = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length))
      const found = await Promise.all(cards.map(find))
      return found.filter((model) => model !== undefined).toSorted((a, b) => b.addedAt - a.addedAt)
    },
    async add(given, expected) {
      const file = resolve(given)
      await checkedHead(file)
      const [sha256, { size }] = [await sha256Of(file), await stat(file)]
      checkSum(file, sha256, expected)
      const model = { name: nameOf(file), file, bytes: size, sha256, addedAt: now() }
      checkName(await find(model.name), model.file)
      await keep(model)
      return looked(model)
    },
    async remove(name) {
      if (!NAME.test(name) || (await stat(cardOf(name)).catch(absent)) === undefined) return false
      const model = await find(name)
      if (model?.source !== undefined && dirname(model.file) === folder) await rm(model.file, { force: true })
      await rm(cardOf(name))
      return true
    },
  }
}

/** What a file is called as a model: its name without `.gguf`, in letters that need no quotes. */
export function nameOf(file: string): string {
  const bare = basename(file)
    .replace(/\.gguf$/i, "")
    .toLowerCase()
  const name = bare
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 100)
  if (name === "")
    throw new SkeinError("config.invalid", `${file} has no name that a model could have. Rename the file.`)
  return name
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/

/** Throws SkeinError `config.invalid` when a model of another file has the name: it would be asked in its stead. */
export function checkName(known: LocalModelFile | undefined, file: string, source?: string): void {
  if (known === undefined || (known.file === file && known.source === source)) return
  const { name } = known
  throw new SkeinError(
    "config.invalid",
    `There is a model called ${name} already, of ${known.source ?? known.file}. Remove it first (skein models rm ${name}), or rename the file.`,
  )
}

/** Throws SkeinError `config.invalid` for a file that holds no model. */
export async function checkedHead(file: string): Promise<GgufHead> {
  try {
    return await ggufHead(file)
  } catch (cause) {
    const why = isAbsent(cause) ? "there is no such file" : cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError("config.invalid", `${file} cannot be used as a model: ${why}.`, { cause })
  }
}

/** Throws SkeinError `config.invalid`, naming both sums. */
export function checkSum(what: string, sha256: string, expected: string | undefined): void {
  if (expected === undefined || expected.toLowerCase() === sha256) return
  throw new SkeinError(
    "config.invalid",
    `The SHA-256 of ${what} is ${sha256}, and ${expected.toLowerCase()} was expected. It is not the file that was meant; it was not added.`,
  )
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256")
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
  return hash.digest("hex")
}

/** What was written down of a model; undefined for what a crash or another hand left there. */
function cardIn(text: string, name: string): LocalModelFile | undefined {
  const card = parsed(text)
  const { file, bytes, sha256, source, addedAt } = card
  if (typeof file !== "string" || typeof bytes !== "number" || typeof sha256 !== "string") return undefined
  if (typeof addedAt !== "number") return undefined
  return { name, file, bytes, sha256, addedAt, ...(typeof source === "string" ? { source } : {}) }
}

function parsed(text: string): Partial<Record<keyof LocalModelFile, unknown>> {
  try {
    return Object(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

async function looked(model: LocalModelFile): Promise<ListedModel> {
  try {
    const head = await ggufHead(model.file)
    const { size } = await stat(model.file)
    // Its sum is too long a work for each question; a file that was got anew or cut off is told by this.
    if (size !== model.bytes)
      return { ...model, problem: "it is not the file that was added: its size is another one. Add it again" }
    return { ...model, head }
  } catch (error) {
    return { ...model, problem: error instanceof Error ? error.message : String(error) }
  }
}
