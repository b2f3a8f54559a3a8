import { isDeepStrictEqual } from "node:util"
import { SkeinError } from "@skein/protocol"
import { isTree, parseToml, type Tree } from "./toml.ts"

const TABLE = "mcp_servers"

/** A configuration with one more server at its end; all else stays byte for byte. Undefined where that cannot be done. */
export function withServer(before: string, name: string, server: Tree): string | undefined {
  const end = before === "" || before.endsWith("\n") ? "" : "\n"
  const after = `${before}${end}${before.trim() === "" ? "" : "\n"}${sectionOf([TABLE, name], server)}`
  const tree = parseToml(before, "the settings")
  const wanted = { ...tree, [TABLE]: { ...tableOf(tree), [name]: server } }
  return means(after, wanted) ? after : undefined
}

/** The same without a server: its own sections go, from their heads to the next. Undefined where that is not all of it. */
export function withoutServer(before: string, name: string): string | undefined {
  const tree = parseToml(before, "the settings")
  const { [name]: gone, ...others } = tableOf(tree)
  if (gone === undefined) return before
  const { [TABLE]: _, ...rest } = tree
  const wanted = Object.keys(others).length === 0 ? rest : { ...rest, [TABLE]: others }
  const kept: string[] = []
  let isIts = false
  for (const line of before.split("\n")) {
    const head = /^\s*\[([^[\]].*)\]\s*(?:#.*)?$/.exec(line)?.[1]
    if (head !== undefined) isIts = isHeadOf(head, name)
    if (!isIts) kept.push(line)
  }
  const after = kept
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/\n{2,}$/, "\n")
  return means(after, wanted) ? after : undefined
}

/** Whether a table's head, as it is written, begins with the server's own. */
function isHeadOf(head: string, name: string): boolean {
  const tree = headTree(head)
  return tree !== undefined && Object.hasOwn(tableOf(tree), name)
}

function headTree(head: string): Tree | undefined {
  try {
    return parseToml(`[${head}]\n`, "the settings")
  } catch (error) {
    if (error instanceof SkeinError) return undefined
    throw error
  }
}

function tableOf(tree: Tree): Tree {
  const table = tree[TABLE]
  return isTree(table) ? table : {}
}

function sectionOf(path: readonly string[], table: Tree): string {
  const entries = Object.entries(table)
  const plain = entries
    .filter(([, value]) => !isTree(value))
    .map(([key, value]) => `${keyOf(key)} = ${JSON.stringify(value)}\n`)
  const inner = entries.flatMap(([key, value]) => (isTree(value) ? [`\n${sectionOf([...path, key], value)}`] : []))
  return [`[${path.map(keyOf).join(".")}]\n`, ...plain, ...inner].join("")
}

const keyOf = (key: string) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))

/** An empty table says as much as none. */
function means(text: string, wanted: Tree): boolean {
  try {
    return isDeepStrictEqual(plain(parseToml(text, "the settings")), plain(wanted))
  } catch (error) {
    if (error instanceof SkeinError) return false
    throw error
  }
}

function plain(tree: Tree): unknown {
  return JSON.parse(JSON.stringify(tree))
}
