// Everything that is checked: `npm test`. A path runs a part (`npm test -- adapters/store`), `--soak` the long tests too.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { BINARY, ensureBinary, hasApplication, programsToEmbed, ROOT, weigh } from "./src/binary.ts"
import { ensurePrograms } from "./src/debian.ts"
import { byPackage, casesOf, failuresSaid } from "./src/junit.ts"

const ALL = ["apps", "frontends", "adapters", "packages", "editors", "tools", "bench"]
const TEST_TIMEOUT_MS = 30_000
const REPORT = join(ROOT, "dist/test-report.xml")

const args = process.argv.slice(2)
const isSoak = args.includes("--soak")
const named = args.filter((arg) => !arg.startsWith("--"))
const unknown = args.filter((arg) => arg.startsWith("--") && arg !== "--soak")
const absent = named.filter((path) => !existsSync(join(ROOT, path)))
if (unknown.length > 0 || absent.length > 0) {
  console.error(
    `Not understood: ${[...unknown, ...absent].join(" ")}. Give paths of this repository, and --soak for the long tests.`,
  )
  process.exit(2)
}

ensurePrograms()
let failedSteps = 0
await step("the binary", async () => {
  if (!hasApplication()) return "not there yet: no apps/skein/src/main.ts"
  return `${(await ensureBinary()) === "made" ? "made" : "unchanged"}, ${weigh(BINARY, programsToEmbed())}`
})
await step("format and lint", async () => {
  const biome = join(ROOT, "node_modules/.bin/biome")
  const child = Bun.spawn([biome, "check", "--error-on-warnings", ...named], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code !== 0) throw new Error(`${out}${errors}`.trim())
  return "nothing to say"
})
const { passed, failed, skipped } = await runTests(named.length > 0 ? named : ALL)
console.log(`\n${passed} passed, ${failed + failedSteps} failed, ${skipped} skipped`)
process.exit(failed + failedSteps > 0 || passed === 0 ? 1 : 0)

/** One line when it holds; the whole story when it does not. */
async function step(name: string, act: () => Promise<string>): Promise<void> {
  try {
    console.log(`${name}: ${await act()}`)
  } catch (error) {
    failedSteps++
    console.error(`${name}: failed\n${error instanceof Error ? error.message : String(error)}\n`)
  }
}

/** Shows failing tests in full as they happen, then one line per package. */
async function runTests(paths: readonly string[]): Promise<{ passed: number; failed: number; skipped: number }> {
  mkdirSync(join(ROOT, "dist"), { recursive: true })
  rmSync(REPORT, { force: true })
  const places = paths.filter((path) => existsSync(join(ROOT, path))).map((path) => `./${path}`)
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      "--only-failures",
      // A process for each core, and a fresh global for each file: one file cannot lean on what another left behind.
      "--parallel",
      `--timeout=${TEST_TIMEOUT_MS}`,
      "--reporter=junit",
      `--reporter-outfile=${REPORT}`,
      ...places,
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...(isSoak ? { SKEIN_SOAK: "1" } : {}) },
      stdin: "ignore",
      stdout: "inherit",
      stderr: "pipe",
    },
  )
  let said = ""
  const decoder = new TextDecoder()
  for await (const bytes of child.stderr) {
    said += decoder.decode(bytes, { stream: true })
    await Bun.write(Bun.stderr, bytes)
  }
  const code = await child.exited
  const cases = existsSync(REPORT) ? casesOf(readFileSync(REPORT, "utf8")) : []
  const count = (outcome: string) => cases.filter((one) => one.outcome === outcome).length
  summarise(cases)
  const failed = Math.max(count("failed"), failuresSaid(said), code === 0 ? 0 : 1)
  return { passed: count("passed"), failed, skipped: count("skipped") }
}

function summarise(cases: ReturnType<typeof casesOf>): void {
  for (const [folder, { passed, failed, skipped, seconds }] of byPackage(cases)) {
    const parts = [`${passed} passed`, failed > 0 ? `${failed} failed` : "", skipped > 0 ? `${skipped} skipped` : ""]
    console.log(`${folder.padEnd(22)} ${parts.filter((part) => part !== "").join(", ")}  (${seconds.toFixed(1)} s)`)
  }
  for (const { file, name } of cases.filter(({ outcome }) => outcome === "skipped"))
    console.log(`skipped  ${file}  ${name}`)
  for (const { file, name } of cases.filter(({ outcome }) => outcome === "failed"))
    console.log(`failed   ${file}  ${name}`)
}
