import { type Cursor, fail, looksAt, peek, skipBlanks, takingNested } from "./cursor.ts"
import { arithmeticIn } from "./expansions.ts"
import type { Compound, FunctionNode, Node, Redirect } from "./nodes.ts"
import { readRedirect } from "./redirects.ts"
import { readTest } from "./tests.ts"
import { looksAtWord, readWord } from "./words.ts"

/** What this needs of the reader of whole scripts. */
interface Scripts {
  script(cursor: Cursor, closers: readonly string[]): Node
  command(cursor: Cursor): Node
  skipLines(cursor: Cursor): void
}

type Parts = Pick<Compound, "form" | "bodies">

/** Groups, loops, branches, functions and tests, when one begins here. */
export function readCompound(cursor: Cursor, scripts: Scripts): Node | undefined {
  const start = cursor.pos
  const begun = beginOf(cursor)
  if (begun === undefined) return readFunction(cursor, scripts)
  const { value: parts, nested } = takingNested(cursor, () => begun(cursor, scripts))
  if (parts === undefined) return undefined
  const { value: redirects, nested: more } = takingNested(cursor, () => readRedirects(cursor))
  const text = cursor.text.slice(start, cursor.pos)
  return { kind: "compound", ...parts, redirects, nested: [...nested, ...more], text }
}

type Reader = (cursor: Cursor, scripts: Scripts) => Parts | undefined

const WORDS: Readonly<Record<string, Reader>> = {
  "{": group,
  if: branch,
  while: conditionLoop,
  until: conditionLoop,
  for: forLoop,
  select: forLoop,
  case: caseOf,
  "[[": test,
}

function beginOf(cursor: Cursor): Reader | undefined {
  if (looksAt(cursor, "((")) return arithmetic
  if (peek(cursor) === "(") return subshell
  if (looksAtWord(cursor, "coproc")) fail("A coprocess")
  for (const [word, reader] of Object.entries(WORDS)) if (looksAtWord(cursor, word)) return reader
  return undefined
}

function group(cursor: Cursor, scripts: Scripts): Parts {
  cursor.pos += 1
  const body = scripts.script(cursor, [])
  expect(cursor, "}")
  return { form: "group", bodies: [body] }
}

function subshell(cursor: Cursor, scripts: Scripts): Parts {
  cursor.pos += 1
  const body = scripts.script(cursor, [")"])
  if (peek(cursor) !== ")") fail("A parenthesis is not closed")
  cursor.pos += 1
  return { form: "subshell", bodies: [body] }
}

function arithmetic(cursor: Cursor): Parts {
  arithmeticIn(cursor, 2)
  return { form: "group", bodies: [] }
}

function test(cursor: Cursor): Parts {
  readTest(cursor)
  return { form: "group", bodies: [] }
}

function branch(cursor: Cursor, scripts: Scripts): Parts {
  const bodies: Node[] = []
  expect(cursor, "if")
  for (;;) {
    bodies.push(scripts.script(cursor, []))
    expect(cursor, "then")
    bodies.push(scripts.script(cursor, []))
    if (!looksAtWord(cursor, "elif")) break
    expect(cursor, "elif")
  }
  if (looksAtWord(cursor, "else")) {
    expect(cursor, "else")
    bodies.push(scripts.script(cursor, []))
  }
  expect(cursor, "fi")
  return { form: "branch", bodies }
}

function conditionLoop(cursor: Cursor, scripts: Scripts): Parts {
  cursor.pos += "while".length
  const condition = scripts.script(cursor, [])
  return { form: "loop", bodies: [condition, doneAfter(cursor, scripts)] }
}

function forLoop(cursor: Cursor, scripts: Scripts): Parts {
  cursor.pos += looksAtWord(cursor, "for") ? 3 : 6
  skipBlanks(cursor)
  if (looksAt(cursor, "((")) {
    arithmeticIn(cursor, 2)
  } else {
    const name = readWord(cursor).value
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name) || name === "IFS")
      fail("A loop over a name that cannot be read")
    const { isPlain, isNear } = readItems(cursor, scripts)
    const known = cursor.facts.assigned.get(name)
    cursor.facts.assigned.set(name, {
      isPlain: isPlain && known?.isPlain !== false,
      isNear: isNear && known?.isNear !== false && (known === undefined || known.isNear === true),
    })
  }
  skipBlanks(cursor)
  if (peek(cursor) === ";") cursor.pos += 1
  scripts.skipLines(cursor)
  return { form: "loop", bodies: [doneAfter(cursor, scripts)] }
}

/** `in a b c`: whether each is a number, which arithmetic reads as such; whether each names files below the folder. */
function readItems(cursor: Cursor, scripts: Scripts): { readonly isPlain: boolean; readonly isNear: boolean } {
  scripts.skipLines(cursor)
  if (!looksAtWord(cursor, "in")) return { isPlain: false, isNear: false }
  cursor.pos += 2
  let isPlain = true
  let isNear = true
  const from = cursor.pos
  for (;;) {
    skipBlanks(cursor)
    const at = cursor.pos
    const word = readWord(cursor)
    if (cursor.pos === at) return { isPlain, isNear: isNear && cursor.text.slice(from, at).trim() !== "" }
    isPlain &&= word.value !== undefined && /^[0-9]+$/.test(word.value)
    isNear &&= /^[\w.*?[\]-][\w.*?[\]/-]*$/.test(word.text) && !/(?:^|\/)\.\.(?:\/|$)/.test(word.text)
  }
}

function doneAfter(cursor: Cursor, scripts: Scripts): Node {
  expect(cursor, "do")
  const body = scripts.script(cursor, [])
  expect(cursor, "done")
  return body
}

function caseOf(cursor: Cursor, scripts: Scripts): Parts {
  cursor.pos += 4
  skipBlanks(cursor)
  readWord(cursor)
  scripts.skipLines(cursor)
  expect(cursor, "in")
  const bodies: Node[] = []
  for (;;) {
    scripts.skipLines(cursor)
    if (looksAtWord(cursor, "esac")) break
    readPatterns(cursor)
    bodies.push(scripts.script(cursor, [";;"]))
    const end = /^;(?:;&|;|&)/.exec(cursor.text.slice(cursor.pos, Math.min(cursor.pos + 3, cursor.end)))?.[0]
    if (end !== undefined) cursor.pos += end.length
    else if (!looksAtWord(cursor, "esac")) fail("A case cannot be read")
  }
  expect(cursor, "esac")
  return { form: "branch", bodies }
}

function readPatterns(cursor: Cursor): void {
  if (peek(cursor) === "(") cursor.pos += 1
  for (;;) {
    skipBlanks(cursor)
    const at = cursor.pos
    readWord(cursor)
    if (cursor.pos === at) fail("A pattern of a case cannot be read")
    skipBlanks(cursor)
    const char = peek(cursor)
    cursor.pos += 1
    if (char === ")") return
    if (char !== "|") fail("A pattern of a case cannot be read")
  }
}

/** `name() { …; }` and `function name { …; }`. */
function readFunction(cursor: Cursor, scripts: Scripts): FunctionNode | undefined {
  const head = cursor.text.slice(cursor.pos, Math.min(cursor.pos + 200, cursor.end))
  const found =
    /^function[ \t]+([\w.:-]+)[ \t]*(?:\([ \t]*\))?(?=[\s({])/.exec(head) ?? /^([\w.:-]+)[ \t]*\([ \t]*\)/.exec(head)
  if (found === null) return undefined
  const [all, name = ""] = found
  cursor.pos += all.length
  scripts.skipLines(cursor)
  cursor.facts.functions.add(name)
  const body = scripts.command(cursor)
  if (body.kind !== "compound") fail("A function with an unusual body")
  return { kind: "function", name, body }
}

function readRedirects(cursor: Cursor): readonly Redirect[] {
  const found: Redirect[] = []
  for (;;) {
    skipBlanks(cursor)
    const redirect = readRedirect(cursor)
    if (redirect === undefined) return found
    found.push(redirect)
  }
}

function expect(cursor: Cursor, word: string): void {
  if (!looksAtWord(cursor, word)) fail(`There is no ${word} where one belongs`)
  cursor.pos += word.length
}
