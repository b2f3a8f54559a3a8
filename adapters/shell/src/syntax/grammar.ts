import { lazy } from "@skein/protocol"
import type { Node as TreeNode } from "web-tree-sitter"
import type { Facts } from "./nodes.ts"
import { type MakeParser, SecondReader } from "./second-reader.ts"

export async function loadGrammar(): Promise<void> {
  await reader().prepare()
}

/**
 * Reads a line a second time and compares: both must find the same commands begin at the same places. Gives the reason
 * when they differ, when this reader finds an error, or when it cannot say.
 */
export async function secondOpinion(text: string, facts: Facts): Promise<string | undefined> {
  const { masked, hidden } = withoutHeredocs(text, facts)
  return await reader().read(masked, (root) => compare(root, facts, hidden))
}

/** Some seconds of work. */
const REPORTS_MAX = 200_000

const reader = lazy(() => new SecondReader(loadBash, REPORTS_MAX))

/** The grammar of bash, by another hand. Loaded when a line is first read that is not plain: 1.6 MB of code. */
export async function loadBash(): Promise<MakeParser> {
  const [{ Language, Parser }, core, bash] = await Promise.all([
    import("web-tree-sitter"),
    import("web-tree-sitter/web-tree-sitter.wasm", { with: { type: "file" } }),
    import("tree-sitter-bash/tree-sitter-bash.wasm", { with: { type: "file" } }),
  ])
  const [wasmBinary, grammar] = await Promise.all([Bun.file(core.default).bytes(), Bun.file(bash.default).bytes()])
  await Parser.init({ wasmBinary })
  const language = await Language.load(grammar)
  return () => new Parser().setLanguage(language)
}

interface Range {
  readonly from: number
  readonly to: number
}

/**
 * The texts of here-documents taken out, and their operators made plain redirections, at the same length: this grammar
 * stumbles over what follows an operator on its line.
 */
function withoutHeredocs(text: string, { heredocs }: Facts): { masked: string; hidden: readonly Range[] } {
  let masked = text
  for (const { operator, from, to } of heredocs) {
    const operatorLength = text.startsWith("<<-", operator) ? 3 : 2
    masked = `${masked.slice(0, operator)}${"<".padStart(operatorLength)}${masked.slice(operator + operatorLength)}`
    masked = `${masked.slice(0, from)}${" ".repeat(to - from)}${masked.slice(to)}`
  }
  return { masked, hidden: heredocs }
}

function compare(root: TreeNode, { commandStarts }: Facts, hidden: readonly Range[]): string | undefined {
  const isHidden = (at: number) => hidden.some(({ from, to }) => at >= from && at < to)
  const theirs = new Set<number>()
  const open: TreeNode[] = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (COMMANDS.has(node.type) && !isTestOfWords(node)) theirs.add(startOf(node))
    for (const child of node.namedChildren) if (child !== null) open.push(child)
  }
  const ours = [...commandStarts].filter((at) => !isHidden(at))
  const isSame = ours.every((at) => theirs.has(at)) && [...theirs].every((at) => commandStarts.has(at))
  return isSame ? undefined : "Two readers of bash find different commands in it"
}

const COMMANDS = new Set(["command", "declaration_command", "unset_command", "test_command"])

/** `[[ ]]` and `(( ))` are not commands with words. */
function isTestOfWords(node: TreeNode): boolean {
  return node.type === "test_command" && !(node.text.startsWith("[") && !node.text.startsWith("[["))
}

function startOf(node: TreeNode): number {
  return node.type === "command" ? (node.childForFieldName("name")?.startIndex ?? node.startIndex) : node.startIndex
}
