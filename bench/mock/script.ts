import { object, string } from "./json.ts"
import type { Call, Conversation, Tool } from "./wire.ts"

/** What a prompt asks of the mock: so many tool calls, one after the other, then an answer of so many tokens. */
export interface Script {
  readonly calls: number
  readonly tokens: number
  /** Folder of the files the calls read. */
  readonly folder: string
  /** Tokens a second, a packet each; as fast as they are read when absent. */
  readonly rate?: number
}

/** What to answer now. `aside`: a side request (a title, a summary) that is no part of the script. */
export type Next =
  | { readonly kind: "aside" }
  | { readonly kind: "call"; readonly step: number; readonly isTrue: boolean; readonly call: Call }
  | {
      readonly kind: "say"
      readonly step: number
      readonly isTrue: boolean
      readonly tokens: number
      readonly rate?: number
    }

const MARK = /\[\[bench calls=(\d+) tokens=(\d+) (?:rate=(\d+) )?folder=([^\]\s]+)\]\]/

export function promptOf({ calls, tokens, folder, rate }: Script): string {
  const paced = rate === undefined ? "" : ` rate=${rate}`
  return `[[bench calls=${calls} tokens=${tokens}${paced} folder=${folder}]] Please go on.`
}

/** The name and text of the file the call number `index` reads; the text proves that it was read. */
export function fileOf(index: number): { readonly name: string; readonly proof: string } {
  const number = String(index % 100).padStart(2, "0")
  return { name: `note-${number}.txt`, proof: `bench note ${number} line` }
}

/** Words of an answer, one per delta; lines of forty words, a paragraph every four hundred. */
export function wordsOf(tokens: number): string[] {
  return Array.from({ length: tokens }, (_, index) => {
    if (index % 400 === 399) return "\n\n"
    const word = WORDS[(index * 5 + (index >> 3)) % WORDS.length] ?? ""
    return index % 40 === 39 ? `${word}.\n` : `${word} `
  })
}

const WORDS =
  "each step reads one small file and says in plain words what it found so that the next can start from there".split(
    " ",
  )

/**
 * `isTrue`: every result so far holds the text of the file that was asked for.
 * A user text after the answer, without a mark of its own, is somebody's side request.
 */
export function nextOf({ entries, tools }: Conversation): Next {
  let script: Script | undefined
  let results: string[] = []
  let isAnswered = false
  let turn = 0
  for (const entry of entries) {
    if (entry.kind === "result") results.push(entry.text)
    else if (entry.kind === "answer") isAnswered = true
    else {
      const asked = scriptIn(entry.text)
      if (asked !== undefined || (isAnswered && entry.text.trim() !== "")) {
        script = asked
        turn++
        results = []
        isAnswered = false
      }
    }
  }
  const tool = readerAmong(tools)
  if (script === undefined || tool === undefined) return { kind: "aside" }
  const step = results.length
  const isTrue = results.every((text, index) => text.includes(fileOf(index).proof))
  if (step >= script.calls) {
    const paced = script.rate === undefined ? {} : { rate: script.rate }
    return { kind: "say", step, isTrue, tokens: script.tokens, ...paced }
  }
  const input = inputFor(tool, `${script.folder}/${fileOf(step).name}`)
  return { kind: "call", step, isTrue, call: { id: `call_bench_${turn}_${step}`, name: tool.name, input } }
}

function scriptIn(text: string): Script | undefined {
  const start = text.lastIndexOf("[[bench ")
  const [, calls, tokens, rate, folder] = (start < 0 ? null : MARK.exec(text.slice(start))) ?? []
  if (folder === undefined) return undefined
  return { calls: Number(calls), tokens: Number(tokens), folder, ...(rate === undefined ? {} : { rate: Number(rate) }) }
}

/** Names of tools that read a file, best first; an agent without one is asked through its shell. */
const READERS = [
  /^(read|read_?file|view|view_file)$/i,
  /^(file_)?read/i,
  /^(exec_command|shell|shell_command|bash|run_shell_command)$/i,
  /shell|bash|exec/i,
]

function readerAmong(tools: readonly Tool[]): Tool | undefined {
  for (const name of READERS) {
    const found = tools.find((tool) => name.test(tool.name))
    if (found !== undefined) return found
  }
  return undefined
}

/** The smallest input that the tool's own schema allows and that reads `path`. */
function inputFor(tool: Tool, path: string): { readonly [key: string]: unknown } {
  const properties = object(tool.schema.properties)
  const required = Array.isArray(tool.schema.required) ? tool.schema.required.map(string) : []
  const named = required.some((key) => isAboutReading(key))
    ? required
    : [...required, ...Object.keys(properties).filter(isAboutReading)]
  return Object.fromEntries(named.map((key) => [key, valueFor(key, object(properties[key]), path)]))
}

function isAboutReading(key: string): boolean {
  return /path|file|^(cmd|command|script)$/i.test(key)
}

function valueFor(key: string, property: { readonly [key: string]: unknown }, path: string): unknown {
  const types = [property.type].flat().map((type) => string(type).toLowerCase())
  const isList = types.includes("array")
  if (/^(cmd|command|script)$/i.test(key)) return isList ? ["cat", path] : `cat ${path}`
  if (isAboutReading(key)) return isList ? [path] : path
  if (types.includes("null")) return null
  if (Array.isArray(property.enum)) return property.enum[0]
  if (types.includes("integer") || types.includes("number")) return 1
  return types.includes("boolean") ? false : "bench"
}
