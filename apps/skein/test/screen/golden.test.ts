import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { compare, type Line, tellComparison } from "@skein/term"
import type { Driven } from "@skein/term/driven"
import { describeBinary } from "../ground/binary.ts"
import { flawsIn, left, seated } from "../ground/screen.ts"
import { talking } from "../ground/talking.ts"

const HANG_MS = 60_000
const FOLDER = join(import.meta.dir, "golden")
/** `SKEIN_BLESS=1` takes what is seen as what should be seen: look at it before and after. */
const IS_BLESSING = process.env.SKEIN_BLESS === "1"

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 40, rows: 12 },
]
const WRITE = {
  name: "write",
  args: { path: "src/clock.ts", content: "export const now = () => 0\nexport const day = 1\n" },
}
const TEST = { name: "bash", args: { command: "echo one passed; echo two passed; sleep 100" } }
const ANSWER = "Done: the debounce takes a **clock**.\n\n- both tests use a fake one\n- `npm test` passes"

const changed: string[] = []
afterAll(() => {
  if (changed.length > 0) console.log(`Blessed: ${changed.join(", ")}`)
})

describeBinary.each(SIZES)("a screen of $columns by $rows", ({ columns, rows }) => {
  const size = `${columns}x${rows}`

  test(
    "greets, asks, shows what runs and what came of it, and lists what can be done",
    async () => {
      using talk = talking({ text: "I will inject the clock.", calls: [WRITE] }, { calls: [TEST] }, { text: ANSWER })
      const driven = seated(talk.scene, { columns, rows, args: ["--no-sandbox"] })
      const keep = async (name: string) => matches(`${size}-${name}`, await settledScreen(driven))
      await driven.waitFor("WITHOUT A SANDBOX")
      await keep("welcome")
      driven.type("make the test deterministic")
      await driven.waitFor("deterministic")
      driven.press("enter")
      await answered(driven, "clock.ts")
      await keep("approval")
      driven.press("y")
      await answered(driven, "echo one")
      driven.press("y")
      await driven.waitFor("two passed")
      await keep("working")
      driven.press("escape")
      await driven.waitFor(/stopped|interrupted/i)
      driven.type("go on")
      await driven.waitFor("go on")
      driven.press("enter")
      await driven.waitFor("passes")
      await keep("finished")
      driven.press("ctrl+p")
      await driven.waitFor("/status")
      await keep("palette")
      driven.press("escape")
      await left(driven)
      expect(flawsIn(driven)).toEqual([])
    },
    HANG_MS,
  )
})

/** A question is answered when it could be read: a yes before that does not count. */
async function answered(driven: Driven, about: string): Promise<void> {
  await driven.waitFor(about)
  await driven.waitFor("once")
  await Bun.sleep(700)
}

/** What is on the screen when nothing but a clock or a spinner changes. */
async function settledScreen(driven: Driven): Promise<string> {
  let before = ""
  for (let times = 0; times < 50; times++) {
    const now = steady(driven.text())
    if (now === before) return now
    before = now
    await Bun.sleep(150)
  }
  throw new Error(`The screen does not come to rest:\n${before}`)
}

/** Without what is never the same twice, or changes with every new command: the folder's name, times, the spinner, counts. */
function steady(text: string): string {
  return text
    .replace(/skein-scene-\w+/g, (name) => `skein-scene-${"x".repeat(name.length - "skein-scene-".length)}`)
    .replace(/^( *)[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /gm, "$1⠋ ")
    .replace(/\d+(\.\d+)? (ms|s)\b/g, "0.0 s")
    .replace(/0\.0 s {2,}|0\.0 s$/gm, "0.0 s  ")
    .replace(/(\d–\d+ of )\d{3}$/gm, "$1999")
    .replace(/ +$/gm, "")
}

function matches(name: string, screen: string): void {
  const path = join(FOLDER, `${name}.txt`)
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined
  if (IS_BLESSING && before !== `${screen}\n`) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${screen}\n`)
    changed.push(name)
    return
  }
  if (before !== `${screen}\n`) throw new Error(`${name} is not what it was:\n${differenceOf(before ?? "", screen)}`)
}

/** As `skein view compare` tells it, and then the screen as it is. */
function differenceOf(before: string, screen: string): string {
  const [old, now] = [before.trimEnd(), screen].map((text) => text.split("\n").map((row): Line => [{ text: row }]))
  const rows = Math.max(old?.length ?? 0, now?.length ?? 0, 1)
  const told = tellComparison(compare({ lines: old ?? [] }, { lines: now ?? [] }, { columns: 400, rows }))
  return [...told, "", screen].join("\n")
}
