import { createInterface } from "node:readline"
import { runExtension } from "@skein/extension/runner"

// What the program does in its own verb, for tests that have no binary.
const plan = JSON.parse(process.argv.at(-1) ?? "")
const write = (line: string) => process.stdout.write(`${line}\n`)
process.exit(await runExtension(plan, { lines: createInterface({ input: process.stdin }), write }))
