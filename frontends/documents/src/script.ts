import { isWithin, type SessionView, visible } from "@skein/protocol"
import { asList, asObject, asText } from "@skein/protocol/json"
import { patchActs } from "./patch.ts"
import { type Acted, factsOf, isSuccess, personsCommand, titleOf } from "./story.ts"

/**
 * What a session did, as a bash script that does it again: its commands, files and edits, in order. Only what succeeded is
 * done; what failed or was refused, and what no shell can do, stands there as comments. It stops at the first thing that
 * goes differently.
 */
export function scriptOf(view: SessionView): string {
  const writer = new Writer(view.cwd)
  const steps = view.items.flatMap((item) => {
    if (item.kind === "shell") return item.isPrivate ? [] : writer.step(personsCommand(item))
    return item.kind === "tool_call" ? writer.step(item) : []
  })
  return `${[...head(view), ...steps, "", "echo 'Done: every step went through.'"].join("\n")}\n`
}

function head(view: SessionView): string[] {
  return [
    "#!/usr/bin/env bash",
    comment(titleOf(view)),
    "# What a session of skein did, to be done again. Read it first: it runs commands and writes files.",
    "# Usage: bash this-file [folder]",
    "set -euo pipefail",
    "",
    `cd -- "\${1:-${doubleQuoted(view.cwd)}}"`,
    "",
    "# Runs a command as it was run: a shell of its own, nothing on its input.",
    `run() { bash -c "$1" </dev/null; }`,
    "# edit FILE OLD NEW [all]: puts NEW in the place of OLD, and fails where OLD is not.",
    `edit() { OLD="$2" NEW="$3" ALL="\${4:-}" perl -0777 -i -pe '$n = $ENV{ALL} ? s/\\Q$ENV{OLD}\\E/$ENV{NEW}/g : s/\\Q$ENV{OLD}\\E/$ENV{NEW}/; END { exit($n ? 0 : 1) }' -- "$1" || { echo "Cannot edit $1: the text to replace is not there." >&2; exit 1; }; }`,
  ]
}

class Writer {
  readonly #cwd: string
  #count = 0

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  step(call: Acted): string[] {
    const input = asObject(call.input) ?? {}
    const isAct = call.toolKind === "execute" || ACTS.has(call.toolKind) || asText(input.command) !== undefined
    if (!isAct) return []
    this.#count += 1
    const about = `${this.#count}. ${call.title}`
    if (!isSuccess(call))
      return [
        "",
        comment(about),
        comment(`Not done again, because it did not succeed: ${factsOf(call).join(", ") || call.state}`),
        ...commented(call),
      ]
    const lines = this.#act(call)
    if (lines === undefined)
      return ["", comment(about), comment("Not done again: a shell has no words for it."), ...commented(call)]
    return ["", comment(about), ...lines]
  }

  #act({ name, input }: Acted): string[] | undefined {
    const words = asObject(input) ?? {}
    const command = asText(words.command)
    if ((name === "bash" || name === "!") && command !== undefined)
      return [...this.#held("command", command), 'run "$command"']
    const patch = asText(words.patch)
    if (name === "apply_patch" && patch !== undefined) return this.#patch(patch)
    const path = asText(words.path)
    if (path === undefined) return undefined
    const file = this.#path(path)
    const content = asText(words.content)
    if (name === "write" && content !== undefined) return this.#write(path, content)
    const edits =
      name === "edit" ? [words] : name === "multiedit" ? asList(words.edits).map((edit) => asObject(edit) ?? {}) : []
    const lines = edits.flatMap((edit) => {
      const [before, after] = [asText(edit.oldText), asText(edit.newText)]
      if (before === undefined || after === undefined) return []
      const all = edit.replaceAll === true ? " all" : ""
      return [...this.#held("old", before), ...this.#held("new", after), `edit ${file} "$old" "$new"${all}`]
    })
    return lines.length === 0 ? undefined : lines
  }

  #write(path: string, content: string): string[] {
    const file = this.#path(path)
    const made = [`mkdir -p -- "$(dirname -- ${file})"`, `printf '%s' "$content" > ${file}`]
    return [...this.#held("content", content), ...made]
  }

  #patch(patch: string): string[] | undefined {
    return patchActs(patch)?.flatMap((act) => {
      if (act.kind === "add") return this.#write(act.path, act.content)
      if (act.kind === "delete") return [`rm -- ${this.#path(act.path)}`]
      const file = this.#path(act.path)
      return [...this.#held("old", act.before), ...this.#held("new", act.after), `edit ${file} "$old" "$new"`]
    })
  }

  /** A variable that holds exactly this text. What would hide itself from a reader is in base64, and shown in a comment. */
  #held(name: string, text: string): string[] {
    if (visible(text) !== text) {
      const base64 = Buffer.from(text).toString("base64")
      return [
        comment(visible(text)),
        `${name}="$(printf '%s' '${base64}' | base64 -d; printf x)"; ${name}="\${${name}%x}"`,
      ]
    }
    if (!text.includes("\n")) return [`${name}=${singleQuoted(text)}`]
    const end = delimiterFor(text, this.#count)
    return [`IFS= read -r -d '' ${name} <<'${end}' || true`, text, end, `${name}="\${${name}%$'\\n'}"`]
  }

  /** Below the folder of the session, paths are relative: the script may run in a copy. */
  #path(path: string): string {
    const isBelow = isWithin(path, this.#cwd) && path !== this.#cwd
    const short = isBelow ? path.slice(this.#cwd.replace(/\/$/, "").length + 1) : path
    return singleQuoted(short.startsWith("-") ? `./${short}` : short)
  }
}

const ACTS: ReadonlySet<string> = new Set(["edit", "delete", "move"])

/** The call's own words, none of them to be run. */
function commented({ input, inputText }: Acted): string[] {
  const words = asObject(input)
  const text = inputText ?? asText(words?.command) ?? asText(words?.patch) ?? JSON.stringify(input ?? {})
  return [comment(`  ${text}`)]
}

/** Every line of it a comment. */
function comment(text: string): string {
  return visible(text)
    .split("\n")
    .map((line) => `# ${line}`.trimEnd())
    .join("\n")
}

/** A line that the text does not hold. */
function delimiterFor(text: string, count: number): string {
  const lines = new Set(text.split("\n"))
  let end = `SKEIN_${count}`
  while (lines.has(end)) end += "_"
  return end
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function doubleQuoted(text: string): string {
  return visible(text).replace(/[\\"$`}]/g, "\\$&")
}
