import { isWithin } from "@skein/protocol"
import { type Effect, type SimpleCommand, vendoredFolder } from "../ports/index.ts"

/**
 * What a command may have said in others' words; undefined where it is known to be the workspace's own. Builds and tests
 * of the workspace are; what is not known before it runs is not.
 */
export function foreignCommand(
  { reading }: Extract<Effect, { kind: "execute" }>,
  roots: readonly string[],
): string | undefined {
  if (reading === undefined || reading.unclear !== undefined) return "what a command said that is not wholly understood"
  for (const command of reading.commands) {
    const source = foreignIn(command, roots)
    if (source !== undefined) return source
  }
  return undefined
}

function foreignIn({ argv, cwd, reads, risks }: SimpleCommand, roots: readonly string[]): string | undefined {
  const [program = "a command"] = argv
  if (risks.includes("unknown")) return `what ${program} said`
  if (cwd === undefined || argv.includes(undefined)) return `what ${program} read, which was only known as it ran`
  const isForeign = (path: string) => isOutside(path, roots) || vendoredFolder(path, roots) !== undefined
  const own = reads.filter((path) => !QUIET.has(path))
  const unplaced = own.find((path) => !path.startsWith("/"))
  const file = unplaced ?? [cwd, ...own].find(isForeign)
  if (file !== undefined) return file
  return named(argv, { cwd, runs: risks.includes("execute") }).find(isForeign)
}

/** The files that words may name although the reader does not say that they are read: of code that runs, of a commit. */
function named(argv: SimpleCommand["argv"], { cwd, runs }: { readonly cwd: string; readonly runs: boolean }): string[] {
  const [program] = argv
  const words = argv.filter((word, at) => {
    if (word === undefined || (at === 0 && INSTALLED.test(word))) return false
    const before = argv[at - 1] ?? ""
    return (
      !LEFT_OUT.test(word) && !LEFT_OUT.test(before) && !(program === "find" && /^-i?(?:path|wholename)$/.test(before))
    )
  })
  return words.flatMap((word = "") => {
    const path = word.replace(/^[^/]*[:=]/, "")
    // What only reads names its files among `reads`; a bare word is as often a name as a folder.
    const isPath = path.includes("/") && (runs || !path.startsWith("/"))
    return isPath && !QUIET.has(path) && !path.includes("://") ? [resolved(path, cwd)] : []
  })
}

/** Programs that the workspace itself installed or built: run by their path as a build runs them by their name. */
const INSTALLED = /^(?:.*\/)?(?:node_modules\/\.bin|\.?venv\/bin|vendor\/bin|target\/(?:debug|release))\/[^/]+$/

/** Options that say what is left out, and patterns that do. */
const LEFT_OUT = /^(?:!|--?(?:exclude|ignore|skip))/

/** Read by many commands, and nobody's words. */
const QUIET: ReadonlySet<string> = new Set(["/dev/null", "/dev/stdin", "/dev/tty"])

function isOutside(path: string, roots: readonly string[]): boolean {
  return !roots.some((root) => isWithin(path, root))
}

function resolved(path: string, cwd: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "..") parts.pop()
    else if (part !== "" && part !== ".") parts.push(part)
  }
  return `/${parts.join("/")}`
}
