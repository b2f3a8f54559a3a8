import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { terminalFacts } from "@skein/term"
import type { Machine } from "../../src/system/machine.ts"
import { machinePrograms } from "../../src/system/programs.ts"

/** A folder of this test alone, with files in it; gone with `using`. */
export function folder(files: Readonly<Record<string, string>> = {}) {
  const path = mkdtempSync(join(tmpdir(), "skein-system-"))
  const write = (name: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text, { mode })
    return join(path, name)
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return { path, write, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** This machine, with the programs of these folders, and a home without anybody's settings. */
export function realMachine(home: string, more: { path?: string; env?: Record<string, string> } = {}) {
  const told: string[] = []
  const said: string[] = []
  const env = { PATH: more.path ?? process.env.PATH ?? "", HOME: home, ...more.env }
  const machine: Machine = {
    ...{ env, cwd: home, home, temporary: tmpdir(), platform: process.platform, programs: machinePrograms(env) },
    facts: () => terminalFacts([], env),
    say: (sequence) => said.push(sequence),
    tell: (sentence) => told.push(sentence),
  }
  return { ...machine, told, said }
}
