import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"
import { asArray, asObject, type JsonObject } from "../wire/json.ts"
import { type Change, isDroppable, KEYWORDS, type Quirk, SET_PATHS } from "./quirk.ts"

/** The person's file of quirks, as it is now: another skein may write it, and so may the person. */
export interface KeptQuirks {
  readonly file: string
  all(): readonly Quirk[]
  of(model: string, host: string): Change | undefined
  /**
   * In the place of what was known of the same model and server. Gives why it could not be written, when it could not: it
   * holds in this process all the same.
   */
  keep(quirk: Quirk): SkeinError | undefined
  /** How many were there. */
  drop(model: string): number
}

/** A step asks many times what is known of one model: what another skein wrote meanwhile may wait so long. */
const LOOK_EVERY_MS = 500

/** Reads the file when it is asked for, and again only when it changed. One that is not there holds none. */
export function keptQuirks(file: string, now: () => number): KeptQuirks {
  let stamp = ""
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let quirks: readonly Quirk[] = []
  /** What could not be written. */
  let unwritten: readonly Quirk[] = []
  function all(): readonly Quirk[] {
    const found = stampOf(file)
    if (found !== stamp) quirks = found === "" ? [] : quirksIn(file)
    stamp = found
    lookedAtMs = now()
    return quirks
  }
  function lately(): readonly Quirk[] {
    return Math.abs(now() - lookedAtMs) < LOOK_EVERY_MS ? quirks : all()
  }
  function write(next: readonly Quirk[]): void {
    const made = `${file}.${process.pid}.new`
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(made, `${JSON.stringify({ quirks: next }, undefined, 2)}\n`, { mode: 0o600 })
      renameSync(made, file)
    } catch (cause) {
      throw new SkeinError("config.invalid", `Cannot write what was learned of models into ${file}.`, { cause })
    }
    stamp = ""
    lookedAtMs = Number.NEGATIVE_INFINITY
  }
  return {
    file,
    all,
    of: (model, host) => [...unwritten, ...lately()].find((quirk) => isOf(quirk, { model, host }))?.change,
    keep(quirk) {
      unwritten = unwritten.filter((other) => !isOf(other, quirk))
      try {
        write([...all().filter((other) => !isOf(other, quirk)), quirk])
        return undefined
      } catch (error) {
        if (!(error instanceof SkeinError)) throw error
        unwritten = [...unwritten, quirk]
        return error
      }
    },
    drop(model) {
      const rest = all().filter((quirk) => quirk.model !== model)
      const count = all().length - rest.length
      if (count > 0) write(rest)
      return count
    },
  }
}

function isOf({ model, host }: Quirk, other: Pick<Quirk, "model" | "host">): boolean {
  return model === other.model && host === other.host
}

/** Empty where there is no such file, or no folder for it. */
function stampOf(file: string): string {
  try {
    // Mostly there is none, and an error would cost more than the look.
    const found = statSync(file, { throwIfNoEntry: false })
    return found === undefined ? "" : `${found.mtimeMs} ${found.size} ${found.ino}`
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined
    if (code === "ENOTDIR") return ""
    throw new SkeinError("config.invalid", `Cannot look at what was learned of models in ${file} (${String(code)}).`, {
      cause,
    })
  }
}

function quirksIn(file: string): readonly Quirk[] {
  try {
    return asArray(asObject(JSON.parse(readFileSync(file, "utf8")))?.quirks).map(quirkOf)
  } catch (cause) {
    throw new SkeinError(
      "config.invalid",
      `Cannot read what was learned of models in ${file}: ${cause instanceof Error ? cause.message : String(cause)}. Mend it, or delete it: it is found out again.`,
      { cause },
    )
  }
}

function quirkOf(value: unknown): Quirk {
  const { model, host, date, said, change } = asObject(value) ?? {}
  const texts = [model, host, date, said]
  if (!texts.every((text) => typeof text === "string")) throw new Error("a quirk has model, host, date and said")
  const fields = asObject(change)
  if (fields === undefined) throw new Error(`the quirk of ${String(model)} has no change`)
  return { model: String(model), host: String(host), date: String(date), said: String(said), change: changeIn(fields) }
}

/** What is not of the closed list is an error and not passed over: a person who wrote it means something by it. */
function changeIn({ dialect, edits, contextTokens }: JsonObject): Change {
  for (const [field, value] of Object.entries(asObject(dialect) ?? {})) {
    if (FIELDS[field]?.(value) !== true) throw new Error(`dialect.${field} cannot be ${JSON.stringify(value)}`)
  }
  for (const edit of asArray(edits)) {
    const kind = String(asObject(edit)?.kind)
    if (EDITS[kind]?.(asObject(edit) ?? {}) !== true) throw new Error(`there is no edit ${JSON.stringify(edit)}`)
  }
  if (contextTokens !== undefined && !isCount(contextTokens)) throw new Error("contextTokens is a number of tokens")
  // Every field of it was looked at.
  return { dialect, edits, contextTokens } as Change
}

type Accepts = (value: unknown) => boolean
const flag: Accepts = (value) => typeof value === "boolean"
const isCount: Accepts = (value) => Number.isSafeInteger(value) && Number(value) > 0
const isPath: Accepts = (value) => typeof value === "string" && value !== ""
const one =
  (...words: readonly string[]): Accepts =>
  (value) =>
    words.includes(String(value))

/** No server wants longer ones. */
const CALL_ID_CHARS_MAX = 64

const FIELDS: Readonly<Record<string, Accepts>> = {
  outputCapField: one("max_tokens", "max_completion_tokens"),
  systemRole: one("system", "developer"),
  reasoningField: one("reasoning_content", "reasoning"),
  isReasoningOptional: flag,
  effort: one("reasoning_effort", "reasoning", "thinking", "none"),
  lacksUsageOption: flag,
  lacksReasoningSummary: flag,
  lacksOutputSchema: flag,
  lacksJsonSchema: flag,
  lacksImages: flag,
  isGateway: flag,
  cache: one("prompt_cache_key", "cache_control", "none"),
  callIdLength: (value) => isCount(value) && Number(value) <= CALL_ID_CHARS_MAX,
}

const EDITS: Readonly<Record<string, (edit: JsonObject) => boolean>> = {
  drop: ({ path }) => typeof path === "string" && isDroppable(path),
  cap: ({ path, value }) => isPath(path) && isCount(value),
  set: ({ path, value }) => one(...SET_PATHS)(path) && typeof value === "number",
  drop_keyword: ({ keyword }) => one(...KEYWORDS)(keyword),
  fill_content: ({ text }) => typeof text === "string",
  flatten_content: () => true,
  system_in_user: () => true,
}
