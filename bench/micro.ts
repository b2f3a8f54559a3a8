/** Small costs that add up, one line each: `bun bench/micro.ts [FOLDER]`. The folder's disk is the one whose flush is timed. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { compile } from "../tools/build/src/flags.ts"
import { buildFloor } from "./floor.ts"
import { anthropic } from "./mock/anthropic.ts"
import { chat } from "./mock/chat.ts"
import { gemini } from "./mock/gemini.ts"
import { responses } from "./mock/responses.ts"
import { wordsOf } from "./mock/script.ts"
import { medianOf } from "./samples.ts"

const ROOT = resolve(import.meta.dir, "..")
/** Importing these is what a start may have to pay for. */
const PACKAGES = ["packages/protocol", "packages/core", "adapters/tools", "adapters/models", "packages/host"]

const work = resolve(process.argv[2] ?? join(tmpdir(), "skein-bench"), "micro")
mkdirSync(work, { recursive: true })
console.log(`import, CPU ms above a compiled hello: ${(await imports()).join(", ")}`)
console.log(`append 200 bytes and flush, ms: ${flush()}`)
console.log(`decode a stream of 20,000 tokens, ms: ${decoding().join(", ")}`)

/** A compiled program that imports one package and does nothing with it: what its modules and schemas cost to build. */
async function imports(): Promise<string[]> {
  await buildFloor(work)
  const hello = cpuMs(join(work, "hello"))
  const costs: string[] = []
  for (const folder of PACKAGES) {
    const program = join(work, folder.replace("/", "-"))
    const entry = JSON.stringify(join(ROOT, folder, "src/index.ts"))
    writeFileSync(`${program}.ts`, `import * as all from ${entry}\nconsole.log(Object.keys(all).length)\n`)
    const refusal = await compile(`${program}.ts`, program, { root: ROOT }).catch((error: unknown) => String(error))
    costs.push(`${folder} ${refusal === undefined ? (cpuMs(program) - hello).toFixed(1) : "does not compile"}`)
  }
  return costs
}

function cpuMs(program: string): number {
  return medianOf(
    Array.from({ length: 15 }, () => {
      const run = Bun.spawnSync([program], { stdin: "ignore", stdout: "ignore", stderr: "ignore" })
      return Number(run.resourceUsage.cpuTime.total) / 1000
    }),
  )
}

function flush(): string {
  const file = openSync(join(work, "flush"), "w")
  const times = Array.from({ length: 100 }, () => {
    const start = performance.now()
    writeSync(file, "x".repeat(200))
    fdatasyncSync(file)
    return performance.now() - start
  }).toSorted((a, b) => a - b)
  closeSync(file)
  return `median ${medianOf(times).toFixed(2)}, 95 % under ${(times[94] ?? 0).toFixed(2)}`
}

/** The least that decoding takes: lines found, JSON parsed, nothing kept. */
function decoding(): string[] {
  const words = wordsOf(20_000)
  return [responses, chat, anthropic, gemini].map((wire) => {
    const text = wire.say("mock-model", words, {}).join("")
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      let at = 0
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", at)) {
        if (text.startsWith("data: {", at)) JSON.parse(text.slice(at + 6, end))
        at = end + 1
      }
      return performance.now() - start
    })
    return `${wire.name} ${medianOf(times).toFixed(0)} (${(text.length / 1e6).toFixed(1)} MB)`
  })
}
