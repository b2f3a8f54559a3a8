import iniGet from "../../benchmark/ini-get.txt" with { type: "text" }
import renameOption from "../../benchmark/rename-option.txt" with { type: "text" }
import roman from "../../benchmark/roman.txt" with { type: "text" }
import semverSort from "../../benchmark/semver-sort.txt" with { type: "text" }
import sumColumn from "../../benchmark/sum-column.txt" with { type: "text" }
import trimLines from "../../benchmark/trim-lines.txt" with { type: "text" }
import { writeFiles } from "./files.ts"
import { LEVELS, type Task } from "./task.ts"

/** The tasks that travel with the program: they need a POSIX shell and nothing else. */
export function builtInTasks(): readonly Task[] {
  return Object.entries(TEXTS).map(([name, text]) => taskOf(name, text))
}

const TEXTS = {
  "sum-column": sumColumn,
  "trim-lines": trimLines,
  "ini-get": iniGet,
  roman,
  "rename-option": renameOption,
  "semver-sort": semverSort,
}

/** What is said of the task, then each file behind a line with its path. */
function taskOf(name: string, text: string): Task {
  const [head = "", ...parts] = text.split(/^=== /m)
  const facts = new Map(
    head
      .trim()
      .split("\n")
      .map((line) => splitAt(line, ": ")),
  )
  const files = new Map(parts.map((part) => splitAt(part, "\n")))
  const tests = new Map([...files].filter(([path]) => path.startsWith("test/")))
  return {
    name,
    level: LEVELS.find((level) => String(level) === facts.get("tier")) ?? 1,
    prompt: facts.get("prompt") ?? "",
    check: facts.get("check") ?? "",
    prepare: async (folder) => writeFiles(folder, files),
    restore: async (folder) => writeFiles(folder, tests),
  }
}

function splitAt(text: string, by: string): [before: string, after: string] {
  const at = text.indexOf(by)
  return [text.slice(0, at), text.slice(at + by.length)]
}
