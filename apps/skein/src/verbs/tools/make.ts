import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { directories } from "@skein/config"
import { gitRootOf } from "@skein/host"
import { hostRequest } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein tools make <name>`: a script that works, to be changed. Nothing is overwritten. */
export const run: Run = async ({ flags, words, io }) => {
  const [name, ...more] = words
  if (name === undefined || more.length > 0 || !/^[a-z0-9][\w-]{0,47}$/i.test(name))
    throw new UsageError("tools make takes one name of letters, digits, - and _.")
  const lang = flags.text("lang") ?? "sh"
  const skeleton = SKELETONS[lang]
  if (skeleton === undefined)
    throw new UsageError(`--lang is one of ${Object.keys(SKELETONS).join(", ")}, not ${JSON.stringify(lang)}.`)
  const { cwd, env, home } = hostRequest(flags, io)
  const isOfProject = flags.has("project")
  const folder = isOfProject ? join(gitRootOf(cwd) ?? cwd, ".skein") : directories(env, home).config
  const file = join(folder, "tools", `${name}.${lang}`)
  if (existsSync(file)) {
    io.err(`skein: ${file} is there already`)
    return 1
  }
  mkdirSync(dirname(file), { recursive: true, mode: isOfProject ? 0o755 : 0o700 })
  writeFileSync(file, skeleton(name), { flag: "wx", mode: isOfProject ? 0o755 : 0o700 })
  io.out(file)
  if (isOfProject) io.err("note    It is a tool in a folder that is trusted with it as it is: skein trust accept")
  io.err(`note    Change it, then try it: skein tools use toolbox__${name} text=hello --yes`)
  return 0
}

const SKELETONS: Readonly<Record<string, (name: string) => string>> = { sh, ts, py }

/** What every skeleton says of itself, each line behind the sign of a comment. */
function head(name: string, sign: string): string {
  return [
    "skein tool",
    `name: ${name}`,
    "description: Counts the characters of a text. Say here what it does and when to use it: models choose it by this.",
    "text: string What is counted. One line for each argument; ? behind its type where it may be left out",
    "effects: read",
  ]
    .map((line) => `${sign} ${line}\n`)
    .join("")
}

/** What effects there are, for whoever changes it. */
const EFFECTS =
  "effects: read (only looks), write (changes files of the folder), network; without the line it may do all, and is asked about."

function sh(name: string): string {
  return `#!/bin/sh
${head(name, "#")}
# ${EFFECTS}
# Its arguments come as one JSON object on stdin. Test: echo '{"text":"hello"}' | ./${name}.sh
set -eu
arguments=$(cat)
text=$(printf '%s' "$arguments" | sed -n 's/.*"text" *: *"\\([^"]*\\)".*/\\1/p')
echo "\${#text} characters"
`
}

function ts(name: string): string {
  return `${head(name, "//")}
// ${EFFECTS}
// skein itself runs it. Its arguments come as one JSON object on stdin. Test: skein tools use toolbox__${name} text=hello --yes
const { text } = JSON.parse(await Bun.stdin.text()) as { text: string }
console.log(\`\${text.length} characters\`)
`
}

function py(name: string): string {
  return `#!/usr/bin/env python3
${head(name, "#")}
# ${EFFECTS}
# Its arguments come as one JSON object on stdin. Test: echo '{"text":"hello"}' | ./${name}.py
import json
import sys

arguments = json.load(sys.stdin)
print(len(arguments["text"]), "characters")
`
}
