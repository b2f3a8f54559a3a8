import { type Finding, lineAt, type Rule } from "../rule.ts"
import { mask } from "../source/mask.ts"
import { isSource, isTest } from "../tree.ts"

/** The glossary: a table whose third column lists the words that are not used. */
export const GLOSSARY = "docs/words.md"

/** Words of that column which have another, honest meaning in core or protocol, with that meaning. */
export const ALSO_MEANS: Readonly<Record<string, string>> = {
  abort: "AbortSignal is the platform's word for what an interrupt arrives as",
  action: "a planned action is one thing a call would do",
  block: "a content block is a piece of what the model reads",
  cancel: "a call and a queued input are cancelled; a turn is interrupted",
  command: "a shell command is what an exec runs",
  done: "a plain English state of an iteration",
  entry: "a folder has entries",
  finish: "a plain English verb",
  history: "a plain English noun",
  log: "the event log is the truth that the transcript is folded from",
  notification: "a plain English noun at protocol edges",
  part: "an input has parts before it is an item",
  permission: "what a mode gives",
  provider: "who serves a model",
  resolve: "an approval is resolved, a path too",
  round: "numbers are rounded",
  run: "a tool's port has run()",
  setting: "settings are what a session may change",
  snapshot: "session.snapshot is the live state a late client gets",
  stats: "a file has stats",
  summarise: "compaction summarises",
  task: "a plain English noun for what a person wants",
}

/** Names that answer no question, for a thing or a folder, whatever the glossary says. */
const EMPTY_NAMES = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "impl"]

export const oneWordPerThing: Rule = {
  name: "core and protocol use the glossary's word for a thing",
  why: "two words for one thing make two things of it in a reader's mind",
  instead: "use the word of docs/words.md; if the other word is better, change it there first",
  check(tree) {
    const banned = bannedWords(tree.files.get(GLOSSARY) ?? "")
    return [...tree.files].flatMap(([path, text]) => {
      if (!/^packages\/(core|protocol)\/src\//.test(path) || !isSource(path) || isTest(path)) return []
      return identifiers(text).flatMap(({ name, line }) =>
        wordsOf(name).flatMap((word) => {
          const said = banned.get(word)
          return said === undefined ? [] : [{ path, line, what: `${name}: "${word}" is said as "${said}"` }]
        }),
      )
    })
  },
}

export const namesAnswer: Rule = {
  name: "no file or folder is called utils, helpers, common, misc, manager or service",
  why: "such a name answers no question, so everything fits and nothing is found",
  instead: "name it for the question its contents answer",
  check: (tree) =>
    [...tree.files.keys()].flatMap((path): Finding[] => {
      const empty = path.split(/[/.-]/).find((part) => EMPTY_NAMES.includes(part))
      return empty === undefined ? [] : [{ path, what: `is called "${empty}"` }]
    }),
}

export const kebabFiles: Rule = {
  name: "a source file's name is kebab-case",
  why: "one spelling for files means none has to be remembered",
  instead: "my-file.ts",
  check: (tree) =>
    [...tree.files.keys()]
      .filter(
        (path) => isSource(path) && !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.(ts|tsx|mjs|js)$/.test(path.split("/").at(-1) ?? ""),
      )
      .map((path) => ({ path, what: "is not kebab-case" })),
}

/** Word that is not used → the word that is. */
export function bannedWords(glossary: string): Map<string, string> {
  const banned = new Map<string, string>(EMPTY_NAMES.map((word) => [word, "the question it answers"]))
  for (const line of glossary.split("\n").filter((row) => row.startsWith("|"))) {
    const [word = "", , nots = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
    if (word === "" || /^(word|-+)$/.test(word)) continue
    for (const not of nots.replace(/\(.*?\)/g, "").split(/[,;/]/)) {
      const key = not.trim().toLowerCase()
      if (/^[a-z]+$/.test(key) && !(key in ALSO_MEANS)) banned.set(key, word.replaceAll("*", ""))
    }
  }
  return banned
}

function identifiers(text: string): { name: string; line: number }[] {
  return [...mask(text).matchAll(/[A-Za-z_$][\w$]*/g)].map((match) => ({
    name: match[0],
    line: lineAt(text, match.index),
  }))
}

/** `sessionManagerV2` → session, manager, v2. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase())
}
