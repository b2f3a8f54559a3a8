import { basename } from "node:path"
import { secretByName } from "../files/names.ts"
import { type NamedSecret, secretsIn } from "./read.ts"

/**
 * Secrets of files that a text quotes by their names, though nobody has seen the files themselves: in a diff of what git
 * has of them, or in what a search found in them.
 */
export function secretsQuoted(text: string): readonly NamedSecret[] {
  return [...(text.includes("\n+++ ") || text.startsWith("+++ ") ? inDiffs(text) : []), ...inMatches(text)]
}

function* inDiffs(text: string): Generator<NamedSecret> {
  for (const section of text.split(/^(?=diff --git |--- )/m)) {
    const paths = [...section.matchAll(/^(?:---|\+\+\+) (?:"?[ab]\/)?(.+?)"?$/gm)].map(([, path = ""]) =>
      basename(path),
    )
    const lines = section.split("\n").flatMap((line) => (/^[+ -](?![+-]{2} )/.test(line) ? [line.slice(1)] : []))
    const name = paths.find((one) => holdsSecrets(one, lines.join("\n")))
    if (name !== undefined) yield* secretsIn(lines.join("\n"), name)
  }
}

function holdsSecrets(name: string, text: string): boolean {
  const found = secretByName(name)
  return found !== undefined && (found.look === undefined || found.look.test(text))
}

/** `path:12:text`, `revision:path:text`. */
function* inMatches(text: string): Generator<NamedSecret> {
  if (!QUOTED_NAME.test(text)) return
  for (const [, first = "", second = "", rest = ""] of text.matchAll(MATCH)) {
    const name = [first, second].map((path) => basename(path)).find((one) => holdsSecrets(one, rest))
    if (name !== undefined) yield* secretsIn(rest.replace(/^\d{1,7}[:-]/, ""), name)
  }
}

const MATCH = /^([^\s:]{1,400}):(?:([^\s:=]{1,400}):)?(.{8,2000})$/gm

/** A cheap look for any of the names that come with a colon: most texts have none. */
const QUOTED_NAME = /(?:env[\w.-]{0,40}|\.json|rc|netrc|credentials|tfstate|tfvars|secrets?|\.ya?ml):/i
