import { visible } from "@skein/protocol"
import type { Head } from "./head.ts"

/** What a skill says of itself, as far as it can be used. */
export interface SkillFacts {
  readonly name: string
  readonly description: string
  readonly license?: string | undefined
  readonly compatibility?: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  /** Rule strings; undefined where it says nothing, empty where it says that it needs none. */
  readonly toolsAllowed?: readonly string[] | undefined
  readonly isByPersonOnly: boolean
  readonly isByModelOnly: boolean
  readonly argumentHint?: string | undefined
  /** What it is asked of, in the words of its file. */
  readonly model?: string | undefined
  /** Words that call for it. */
  readonly triggers: readonly string[]
  readonly warnings: readonly string[]
}

export type Loaded =
  | { readonly kind: "loaded"; readonly facts: SkillFacts }
  | { readonly kind: "skipped"; readonly why: string }

const NAME_CHARS_MAX = 64
const DESCRIPTION_CHARS_MAX = 1024
/** Of what a stranger wrote without end this much is kept. */
const KEPT_CHARS_MAX = 4096
const LIST_MAX = 64

/** Fields that are known here or to other agents. Others are warned of. */
const KNOWN = new Set([
  ...["name", "description", "license", "compatibility", "metadata", "allowed-tools"],
  ...["disable-model-invocation", "user-invocable", "model", "argument-hint", "triggers", "resources", "version"],
])

/**
 * Warns and loads, as agentskills.io asks of clients: a skill is left out only without a description, or when its head
 * cannot be read. `folderName` is its name where it gives none that can be used.
 */
export function load(head: Head, folderName: string): Loaded {
  if (head.kind === "hopeless") return { kind: "skipped", why: head.why }
  const { fields, mended } = head
  const description = textOf(fields.get("description"))
  if (description === undefined || description.trim() === "")
    return { kind: "skipped", why: "it has no description, so nobody would know when to use it" }
  const named = nameOf(fields.get("name"), folderName)
  const unknown = [...fields.keys()].filter((key) => !KNOWN.has(key))
  const facts: SkillFacts = {
    name: named.name,
    description: visible(description.trim()).replaceAll(/\s+/g, " ").slice(0, KEPT_CHARS_MAX),
    ...kept("license", fields),
    ...kept("compatibility", fields),
    metadata: metadataOf(fields.get("metadata")),
    toolsAllowed: toolsOf(fields.get("allowed-tools"), fields.has("allowed-tools")),
    isByPersonOnly: fields.get("disable-model-invocation") === true,
    isByModelOnly: fields.get("user-invocable") === false,
    argumentHint: textOf(fields.get("argument-hint"))?.slice(0, 200),
    model: textOf(fields.get("model"))?.slice(0, 200),
    triggers: listOf(fields.get("triggers")),
    warnings: [
      ...mended,
      ...named.warnings,
      ...(description.length > DESCRIPTION_CHARS_MAX
        ? [`its description has ${description.length} characters; ${DESCRIPTION_CHARS_MAX} is the most`]
        : []),
      ...(unknown.length === 0 ? [] : [`these fields are not known: ${shownList(unknown)}`]),
    ],
  }
  return { kind: "loaded", facts }
}

function nameOf(value: unknown, folderName: string): { readonly name: string; readonly warnings: readonly string[] } {
  const given = textOf(value)?.trim().normalize("NFKC") ?? ""
  const folder = folderName.normalize("NFKC")
  if (!isUsable(given)) {
    const name = isUsable(folder) ? folder : "unnamed"
    const why = given === "" ? "it has no name" : "its name has characters that no name has"
    return { name, warnings: [`${why}; it is called ${name}, as its folder`] }
  }
  const name = given.slice(0, NAME_CHARS_MAX)
  return {
    name,
    warnings: [
      ...(given.length > NAME_CHARS_MAX ? [`its name is longer than ${NAME_CHARS_MAX} characters`] : []),
      ...(given === folder ? [] : [`it is called ${name}, and its folder ${visible(folder).slice(0, 100)}`]),
      ...(isStrictName(given) ? [] : ["its name has more than lower-case letters, digits and single hyphens"]),
    ],
  }
}

/** What a person can type and a model can say. */
function isUsable(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(name)
}

export function isStrictName(name: string): boolean {
  return /^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(name) && name === name.toLowerCase()
}

/** A number or a date that stands where a text is meant is that text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined
}

function kept(key: "license" | "compatibility", fields: ReadonlyMap<string, unknown>) {
  const text = textOf(fields.get(key))
  return text === undefined ? {} : { [key]: visible(text).slice(0, KEPT_CHARS_MAX) }
}

function metadataOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {}
  const pairs = Object.entries(value).flatMap(([key, entry]) => {
    const text = textOf(entry)
    return text === undefined ? [] : [[visible(key), visible(text).slice(0, KEPT_CHARS_MAX)] as const]
  })
  return Object.fromEntries(pairs.slice(0, LIST_MAX))
}

function toolsOf(value: unknown, isThere: boolean): readonly string[] | undefined {
  if (!isThere) return undefined
  const texts = Array.isArray(value) ? value.flatMap((each: unknown) => textOf(each) ?? []) : [textOf(value) ?? ""]
  return texts.filter((text) => text.trim() !== "").slice(0, LIST_MAX)
}

function listOf(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts
    .flatMap((each) => textOf(each) ?? [])
    .map((text) => visible(text).slice(0, 200))
    .slice(0, LIST_MAX)
}

function shownList(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => visible(name).slice(0, 60))
  return names.length > 8 ? `${shown.join(", ")} and ${names.length - 8} more` : shown.join(", ")
}
