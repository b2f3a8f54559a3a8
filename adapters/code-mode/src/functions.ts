import type { ToolFacts } from "@skein/core/ports"
import { typeOf } from "./types.ts"

/** A tool as a function of a module: `import { search } from "servers/github"`. */
export interface ToolFunction {
  /** `servers/github`. */
  readonly module: string
  /** `search`. */
  readonly name: string
  /** As a model calls the tool. */
  readonly tool: string
  readonly description: string
  readonly inputType: string
}

/** What modules of a provider are called, where not by its id. */
const FOLDERS: Readonly<Record<string, string>> = { mcp: "servers" }

/** Tools of providers, `<id>__<group>__<tool>` and `<id>__<tool>`, as functions. Pure. */
export function functionsOf(tools: readonly ToolFacts[]): readonly ToolFunction[] {
  const taken = new Set<string>()
  return tools.flatMap(({ name, description, inputSchema }) => {
    const [id, ...path] = name.split("__")
    const own = path.pop()
    if (id === undefined || own === undefined) return []
    const module = [FOLDERS[id] ?? id, ...path].map(fileName).join("/")
    const base = identifier(own)
    let free = base
    for (let more = 2; taken.has(`${module} ${free}`); more++) free = `${base}${more}`
    taken.add(`${module} ${free}`)
    return [{ module, name: free, tool: name, description, inputType: typeOf(inputSchema) }]
  })
}

/** The files of the modules, by their path below `node_modules`. Only data of ours and quoted names are in them. Pure. */
export function modulesOf(functions: readonly ToolFunction[]): Readonly<Record<string, string>> {
  const texts = new Map<string, string>()
  for (const { module, name, tool } of functions) {
    const line = `export function ${name}(input = {}) { return call(${JSON.stringify(tool)}, input) }\n`
    texts.set(`${module}.js`, (texts.get(`${module}.js`) ?? HEAD) + line)
  }
  return Object.fromEntries(texts)
}

const HEAD = `const { call } = globalThis\n`

/** As a model reads it: the module, and each function with what it takes. */
export function declarationsOf(functions: readonly ToolFunction[], charsMax: number): string {
  const lines: string[] = []
  let module: string | undefined
  let chars = 0
  for (const [at, fn] of functions.entries()) {
    const about = fn.description.replace(/\s+/g, " ").slice(0, DESCRIPTION_CHARS)
    const line = `${fn.name}(input: ${fn.inputType})${about === "" ? "" : `  // ${about}`}`
    const head = fn.module === module ? [] : [`from "${fn.module}":`]
    chars += line.length + (head[0]?.length ?? 0)
    if (chars > charsMax) return [...lines, `and ${functions.length - at} more: search for them`].join("\n")
    lines.push(...head, line)
    module = fn.module
  }
  return lines.join("\n")
}

const DESCRIPTION_CHARS = 300

/** Those that have all of the words, the best first; some of them, where none has all. Pure. */
export function matching(functions: readonly ToolFunction[], words: string): readonly ToolFunction[] {
  const wanted = words
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
  const scored = functions.map((fn) => {
    const name = `${fn.module} ${fn.name}`.toLowerCase()
    const text = fn.description.toLowerCase()
    const hits = wanted.map((word) => (name.includes(word) ? 3 : text.includes(word) ? 1 : 0))
    return { fn, score: hits.reduce((sum: number, hit) => sum + hit, 0) }
  })
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score)
    .map(({ fn }) => fn)
}

function fileName(text: string): string {
  return text.replace(/[^\w-]/g, "_")
}

function identifier(text: string): string {
  const plain = text.replace(/[^\w$]/g, "_")
  return /^\d/.test(plain) || RESERVED.has(plain) ? `_${plain}` : plain
}

/** Words that cannot name a function of a module. */
const RESERVED = new Set(
  (
    "arguments await break call case catch class const continue debugger default delete do else enum eval export extends false finally " +
    "for function if implements import in instanceof interface let new null package private protected public return static super switch " +
    "this throw true try typeof var void while with yield"
  ).split(" "),
)
