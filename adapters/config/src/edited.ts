import { isDeepStrictEqual } from "node:util"
import { isTree, parseToml, type Tree } from "./toml.ts"

/**
 * A configuration with one text, list of texts, or switch of a table set, or of none for an empty name: what else stands in it, comments and order among it, stays byte for byte.
 * Undefined where that cannot be done without knowing better (an inline table, say): nothing is to be written then.
 */
export function withSetting(before: string, table: string, key: string, value: SettingValue): string | undefined {
  const literal = JSON.stringify(value)
  const wanted = withValue(parseToml(before, "the settings"), table, key, value)
  return candidates(before, table, key, literal).find((after) => holds(after, wanted))
}

/** What can be set. */
export type SettingValue = string | boolean | readonly string[]

/** From the least to the most: each is tried, and only one that means what is wanted is taken. */
function candidates(before: string, table: string, key: string, literal: string): string[] {
  const end = before.includes("\r\n") ? "\r\n" : "\n"
  const lines = before.split(end)
  const line = `${key} = ${literal}`
  const changed = lines.flatMap((text, at) => {
    const [, head, tail] = ASSIGNED.exec(text) ?? []
    const name = head?.replace(/[\s"'=]/g, "")
    return name === key || name === `${table}.${key}` ? [lines.toSpliced(at, 1, `${head}${literal}${tail}`)] : []
  })
  const below = lines.flatMap((text, at) =>
    HEADER.exec(text)?.[1]?.replace(/[\s"']/g, "") === table ? [lines.toSpliced(at + 1, 0, line)] : [],
  )
  const dotted = lines.flatMap((text, at) =>
    text.trimStart().startsWith(`${table}.`) ? [lines.toSpliced(at + 1, 0, `${table}.${line}`)] : [],
  )
  // What is of no table stands before all of them.
  if (table === "") return [...changed, [line, ...(before.trim() === "" ? [] : lines)]].map((all) => all.join(end))
  const isEnded = before === "" || before.endsWith(end)
  const appended = [`${before}${isEnded ? "" : end}${before.trim() === "" ? "" : end}[${table}]${end}${line}${end}`]
  return [...[...changed, ...below, ...dotted].map((all) => all.join(end)), ...appended]
}

/** `key = "value"  # why`, a switch, or a list on one line: what stands before the value, and behind it. */
const ASSIGNED = /^(\s*[\w."'-]+\s*=\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|true|false|\[[^\]]*\])(\s*(?:#.*)?)$/
const HEADER = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/

function withValue(tree: Tree, table: string, key: string, value: SettingValue): Tree {
  if (table === "") return { ...tree, [key]: value }
  const own = tree[table]
  return { ...tree, [table]: { ...(isTree(own) ? own : {}), [key]: value } }
}

function holds(text: string, wanted: Tree): boolean {
  try {
    return isDeepStrictEqual(plain(parseToml(text, "the settings")), plain(wanted))
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

/** Dates and tables alike, whoever made them. */
function plain(tree: Tree): unknown {
  return JSON.parse(JSON.stringify(tree))
}
