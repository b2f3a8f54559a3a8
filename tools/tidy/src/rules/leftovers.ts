import { type Finding, lineAt, type Rule } from "../rule.ts"
import { commentsOf, mask } from "../source/mask.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

export const reasonedSuppressions: Rule = {
  name: "the compiler and the linter are overruled with a reason, in the open, or not at all",
  why: "a suppression outlives the case it was written for; its reason is how one finds out",
  instead:
    "fix the cause; else `// biome-ignore <rule>: <reason of several words>`. `@ts-expect-error` is for tests of types",
  check: (tree) =>
    comments(tree, (comment, path) => {
      const ignored = /biome-ignore(-\w+)?\s+[\w/]+\s*:?\s*(.*)/.exec(comment)
      if (ignored !== null && (ignored[2] ?? "").split(/\s+/).length < 3) return "silences Biome without a reason"
      if (/noExplicitAny/.test(comment) && ignored !== null && !isTest(path)) return "uses `any` outside tests"
      if (/@ts-(ignore|nocheck)/.test(comment)) return "silences the compiler"
      if (/@ts-expect-error\s*$/.test(comment) || (/@ts-expect-error/.test(comment) && !isTest(path))) {
        return "expects a compile error outside a test, or without saying why"
      }
      if (/(eslint|prettier|tslint)-\w+/.test(comment)) return "speaks to a tool that is not used here"
    }),
}

export const nothingPutOff: Rule = {
  name: "no comment puts work off",
  why: "nobody is told of it: it is neither done nor listed",
  instead: "do it now, or describe what is missing in docs/roadmap.md",
  check: (tree) =>
    comments(tree, (comment) => {
      const word = new RegExp(
        `\\b(${["TO", "FIX", "XX"].map((start, at) => start + ["DO", "ME", "X"][at]).join("|")}|HACK)\\b`,
      )
      return word.test(comment) ? `says ${word.exec(comment)?.[0]}` : undefined
    }),
}

/** Judges every line of every comment. */
function comments(tree: Tree, judge: (comment: string, path: string) => string | undefined): Finding[] {
  return [...tree.files].flatMap(([path, text]) => {
    if (!isSource(path)) return []
    return commentsOf(text)
      .flatMap((comment) => comment.text.split("\n").map((line, at) => ({ line, at: lineAt(text, comment.at) + at })))
      .flatMap(({ line, at }) => {
        const what = judge(line.replace(/\*\/\s*$/, ""), path)
        return what === undefined ? [] : [{ path, line: at, what }]
      })
  })
}

export const testsAreSentences: Rule = {
  name: "a test's name is a sentence that is true of the product",
  why: "the list of test names is the specification that cannot go stale",
  instead: 'say what is so: "a tool failure is told to the model and the turn goes on"; no "should", no single word',
  check: (tree) =>
    [...tree.files].flatMap(([path, text]) => {
      if (!/\.test\.tsx?$/.test(path) || !isSource(path)) return []
      const code = mask(text)
      const named = /(?<![.\w])(?:test|it)(?:\.\w+(?:\([^)]*\))?)*\(\s*(["'`])/g
      return [...code.matchAll(named)].flatMap((match) => {
        const start = match.index + match[0].length
        const name = text.slice(start, code.indexOf(match[1] ?? '"', start))
        const isInGroup = /[ \t]$/.test(text.slice(0, match.index))
        const what = badName(name, isInGroup)
        return what === undefined ? [] : [{ path, line: lineAt(text, match.index), what: `"${name}" ${what}` }]
      })
    }),
}

/** In a group, the group's name begins the sentence. In a table of cases, the case stands in for words. */
function badName(name: string, isInGroup: boolean): string | undefined {
  if (/\bshould\b/i.test(name)) return "says what should be, not what is"
  const isSentence = /%\w|\$\{|\$\w/.test(name) || name.trim().split(/\s+/).length >= (isInGroup ? 2 : 3)
  return isSentence ? undefined : "is no sentence"
}

export const honestTests: Rule = {
  name: "all tests run, on fakes of ports and never on replaced modules",
  why: "`only` hides the rest of the file, and a replaced module tests a program that nobody ships",
  instead: "remove `only`; pass a fake of the port",
  check: (tree) =>
    [...tree.files].flatMap(([path, text]) => {
      if (!isTest(path) || !isSource(path)) return []
      return [...mask(text).matchAll(/\b(?:test|it|describe)\.only\b|\bmock\.module\b/g)].map((match) => ({
        path,
        line: lineAt(text, match.index),
        what: `uses ${match[0]}`,
      }))
    }),
}
