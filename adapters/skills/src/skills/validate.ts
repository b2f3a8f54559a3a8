import { visible } from "@skein/protocol"
import type { Head } from "./head.ts"
import { textOf } from "./load.ts"

const NAME_CHARS_MAX = 64
const DESCRIPTION_CHARS_MAX = 1024
const COMPATIBILITY_CHARS_MAX = 500
const FIELDS = ["allowed-tools", "compatibility", "description", "license", "metadata", "name"]

/**
 * What the reference validator of agentskills.io (`skills-ref`) refuses, a sentence each, in its order; empty when it is
 * valid. It reads a narrow YAML, in which every value is a text: no flow style, no anchors, no tags, no key twice.
 */
export function validate(head: Head, folderName: string): readonly string[] {
  if (head.kind === "hopeless") return [`${head.why[0]?.toUpperCase()}${head.why.slice(1)}.`]
  const { fields, mended, yaml } = head
  const narrow = [...(mended.length === 0 ? [] : ["A value with a colon in it is not quoted."]), ...tooFree(yaml)]
  if (narrow.length > 0) return narrow
  const others = [...fields.keys()].filter((key) => !FIELDS.includes(key)).toSorted()
  return [
    ...(others.length === 0
      ? []
      : [
          `Unexpected fields in the front matter: ${others.map(shown).join(", ")}. Only ${FIELDS.join(", ")} are allowed.`,
        ]),
    ...(fields.has("name") ? nameFlaws(fields.get("name"), folderName) : ["The required field name is missing."]),
    ...(fields.has("description")
      ? descriptionFlaws(fields.get("description"))
      : ["The required field description is missing."]),
    ...(fields.has("compatibility") ? compatibilityFlaws(fields.get("compatibility")) : []),
    ...(fields.has("allowed-tools") ? toolsFlaws(fields.get("allowed-tools")) : []),
  ]
}

function nameFlaws(value: unknown, folderName: string): readonly string[] {
  const text = textOf(value)?.trim() ?? ""
  if (text === "") return ["The field name must be a text that is not empty."]
  const name = text.normalize("NFKC")
  const length = [...name].length
  return [
    ...(length > NAME_CHARS_MAX ? [`The name has ${length} characters; ${NAME_CHARS_MAX} is the most.`] : []),
    ...(name === name.toLowerCase() ? [] : [`The name ${shown(name)} must be in lower case.`]),
    ...(name.startsWith("-") || name.endsWith("-") ? ["The name cannot begin or end with a hyphen."] : []),
    ...(name.includes("--") ? ["The name cannot have two hyphens in a row."] : []),
    ...(/^[\p{L}\p{N}-]*$/u.test(name)
      ? []
      : [`The name ${shown(name)} has other characters than letters, digits and hyphens.`]),
    ...(folderName.normalize("NFKC") === name
      ? []
      : [`The folder is called ${shown(folderName)}, and must be called as the skill: ${shown(name)}.`]),
  ]
}

function descriptionFlaws(value: unknown): readonly string[] {
  const text = textOf(value) ?? ""
  if (text.trim() === "") return ["The field description must be a text that is not empty."]
  const length = [...text].length
  return length > DESCRIPTION_CHARS_MAX
    ? [`The description has ${length} characters; ${DESCRIPTION_CHARS_MAX} is the most.`]
    : []
}

function compatibilityFlaws(value: unknown): readonly string[] {
  const text = textOf(value)
  if (text === undefined) return ["The field compatibility must be a text."]
  const length = [...text].length
  return length > COMPATIBILITY_CHARS_MAX
    ? [`The field compatibility has ${length} characters; ${COMPATIBILITY_CHARS_MAX} is the most.`]
    : []
}

function toolsFlaws(value: unknown): readonly string[] {
  if (value === null || textOf(value) !== undefined) return []
  const isList = Array.isArray(value) && value.every((each) => textOf(each) !== undefined)
  return isList ? [] : ["The field allowed-tools must be a text or a list of texts."]
}

/** What the narrow YAML does not have: told by each line's beginning, as a text may hold any of these signs. */
function tooFree(yaml: string): readonly string[] {
  const keys = new Set<string>()
  const flaws: string[] = []
  let isInBlock = false
  for (const line of yaml.split("\n")) {
    const [, key, value = ""] = /^([^\s#][^:]*?)\s*:(?:\s+(.*)|)$/.exec(line) ?? []
    if (key !== undefined) {
      if (keys.has(key)) flaws.push(`The field ${shown(key)} stands there twice.`)
      keys.add(key)
      isInBlock = /^[|>]/.test(value)
    }
    const first = isInBlock ? "" : (/^\s*(?:-\s+|[^\s"'#-][^"':]*:\s+)(\S)/.exec(line)?.[1] ?? "")
    if (first === "[" || first === "{") flaws.push("Lists and maps in brackets are refused: write each on a line.")
    if (first === "&" || first === "*" || first === "!") flaws.push("Anchors, references and tags are refused.")
  }
  return [...new Set(flaws)]
}

function shown(text: string): string {
  return `"${visible(text).slice(0, 100)}"`
}
