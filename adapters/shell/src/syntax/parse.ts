import { cursorOver } from "./cursor.ts"
import { type Facts, type Node, Unreadable } from "./nodes.ts"
import { oddity } from "./readable.ts"
import { readScript } from "./script.ts"
import { doubleQuoted, quotedPiece } from "./words.ts"

export type Parsed =
  | { readonly kind: "script"; readonly script: Node; readonly facts: Facts }
  | { readonly kind: "unreadable"; readonly reason: string }

/** Reads a line as bash does. What bash might read another way is not read. */
export function parse(text: string, home: string | undefined): Parsed {
  const odd = oddity(text)
  if (odd !== undefined) return { kind: "unreadable", reason: odd }
  try {
    const cursor = cursorOver(text, home, { script: readScript, quoted: doubleQuoted, piece: quotedPiece })
    const script = readScript(cursor, [])
    if (cursor.pos < cursor.end) throw new Unreadable("It cannot be read as a shell line")
    // What nobody took would be lost.
    if (cursor.nested.length > 0) throw new Unreadable("A substitution stands where none is expected")
    holdsNoLateCode(cursor.facts)
    return { kind: "script", script, facts: cursor.facts }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { kind: "unreadable", reason: error.message }
  }
}

/** Names that bash itself fills with words of the line, or with what a command reads. */
const FILLED = new Set(
  "_ REPLY MAPFILE BASH_REMATCH BASH_ARGV BASH_ARGV0 BASH_COMMAND BASH_EXECUTION_STRING BASH_SOURCE FUNCNAME OPTARG DIRSTACK PWD OLDPWD BASH_ALIASES BASH_CMDS READLINE_LINE".split(
    " ",
  ),
)

/** Arithmetic evaluates what a variable holds, so what it holds must be known. */
function holdsNoLateCode({ arithmetic, assigned }: Facts): void {
  for (const name of arithmetic) {
    if (FILLED.has(name) || assigned.get(name)?.isPlain === false)
      throw new Unreadable(`Arithmetic evaluates what ${name} holds, and that is only known when it runs`)
  }
}
