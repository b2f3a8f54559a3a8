import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { parseObject } from "@skein/protocol/json"
import { UsageError } from "../usage.ts"
import { LEVELS, type Task } from "./task.ts"

/**
 * The tasks of a folder, one in each folder of it: `prompt.md`, `task.json` with `check` (and `tier`), `files` to begin with,
 * and `tests`, which are laid over them before and put back before the check. Throws UsageError for what is no suite.
 */
export function tasksIn(suite: string): readonly Task[] {
  const names = existsSync(suite) ? readdirSync(suite).toSorted() : []
  const tasks = names.filter((name) => existsSync(join(suite, name, "prompt.md"))).map((name) => taskIn(suite, name))
  if (tasks.length > 0) return tasks
  throw new UsageError(`${suite} holds no task: each is a folder with prompt.md, task.json, files and tests.`)
}

function taskIn(suite: string, name: string): Task {
  const folder = join(suite, name)
  const facts = factsIn(join(folder, "task.json"))
  const tests = join(folder, "tests")
  const layTests = async (target: string) => {
    if (!existsSync(tests)) return
    for (const entry of readdirSync(tests, { recursive: true, withFileTypes: true }))
      if (!entry.isDirectory())
        rmSync(join(target, entry.parentPath.slice(tests.length), entry.name), { recursive: true, force: true })
    cpSync(tests, target, { recursive: true })
  }
  return {
    name,
    level: LEVELS.find((level) => level === facts.tier) ?? 1,
    prompt: readFileSync(join(folder, "prompt.md"), "utf8").trim(),
    check: facts.check,
    async prepare(target) {
      if (existsSync(join(folder, "files"))) cpSync(join(folder, "files"), target, { recursive: true })
      await layTests(target)
    },
    restore: layTests,
  }
}

function factsIn(file: string): { readonly check: string; readonly tier?: unknown } {
  const facts = existsSync(file) ? parseObject(readFileSync(file, "utf8")) : undefined
  if (typeof facts?.check === "string" && facts.check.trim() !== "") return { check: facts.check, tier: facts.tier }
  throw new UsageError(`${file} has to say "check": the command whose exit code tells whether the task is done.`)
}
