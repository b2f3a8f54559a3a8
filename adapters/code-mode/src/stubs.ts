import type { ToolFacts } from "@skein/core/ports"
import { typeOf } from "./types.ts"

/** A tool as a function of a module: `import { search } from "servers/github"`. */
export interface Stub {
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
export function stubsOf(tools: readonly ToolFacts[]): readonly Stub[] {
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
export function modulesOf(stubs: readonly Stub[]): Readonly<Record<string, string>> {
  const texts = new Map<string, string>()
  for (const { module, name, tool, inputType } of stubs) {
    const line = `export function ${name}(input: ${inputType} = {} as never): Promise<any> { return call(${JSON.stringify(tool)}, input) }\n`
    texts.set(`${module}.ts`, (texts.get(`${module}.ts`) ?? HEAD) + line)
  }
  return Object.fromEntries(texts)
}

const HEAD = `const call = (globalThis as any).call\n`

/** As a model reads it: the module, and each function with what it takes. */
export function declarationsOf(stubs: readonly Stub[], charsMax: number): string {
  const lines: string[] = []
  let module: string | undefined
  let chars = 0
  for (const [at, stub] of stubs.entries()) {
    const about = stub.description.replace(/\s+/g, " ").slice(0, DESCRIPTION_CHARS)
    const line = `${stub.name}(input: ${stub.inputType})${about === "" ? "" : `  // ${about}`}`
    const head = stub.module === module ? [] : [`from "${stub.module}":`]
    chars += line.length + (head[0]?.length ?? 0)
    if (chars > charsMax) return [...lines, `and ${stubs.length - at} more: search for them`].join("\n")
    lines.push(...head, line)
    module = stub.module
  }
  return lines.join("\n")
}

const DESCRIPTION_CHARS = 300

/** Those that have all of the words, the best first; some of them, where none has all. Pure. */
export function matching(stubs: readonly Stub[], words: string): readonly Stub[] {
  const wanted = words
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
  const scored = stubs.map((stub) => {
    const name = `${stub.module} ${stub.name}`.toLowerCase()
    const text = stub.description.toLowerCase()
    const hits = wanted.map((word) => (name.includes(word) ? 3 : text.includes(word) ? 1 : 0))
    return { stub, score: hits.reduce((sum: number, hit) => sum + hit, 0) }
  })
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score)
    .map(({ stub }) => stub)
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
