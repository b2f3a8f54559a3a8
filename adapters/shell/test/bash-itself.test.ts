import { expect, test } from "bun:test"
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { understand } from "./corpus.ts"

const PIECES = [
  ...[
    "a",
    "b",
    "zz",
    " ",
    " ",
    " ",
    "  ",
    "'",
    '"',
    "\\",
    "$",
    "`",
    "(",
    ")",
    "{",
    "}",
    "#",
    ";",
    "&",
    "|",
    "&&",
    "||",
  ],
  ...["\n", "<", ">", "<<E\n", "\nE\n", "$(", "$((", "))", "${", "${a}", "$a", "[[ ", " ]]", "=", "a=", " ! ", "'b'"],
  ...['"b"', "$'b\\n'", "\\'", "'\\''", "\\\n", "if ", "; then ", "; fi", "for i in ", "; do ", "; done", "while "],
  ...["case a in ", "a)", ";; ", "esac", "f() ", "{ ", "; }", "f", "time ", "<<<", "<(", ">(", "2>&1", ">o", "*", "?"],
  ...["~", "[", "]", ",", "{a,b}", "-c", "%", "@", "+", "eval ", "env ", "command ", "exec ", "\t", "${#a}", "${a:-b}"],
  ...['"$(', ')"', " # "],
]

/** Chance that is the same every time. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x7fffffff) * sides) % sides
  }
}

/** What bash runs, word for word: no program is found, so each is told to a function instead. */
function runBy(bash: string, line: string, folder: string): readonly (readonly string[])[] {
  // A folder of its own: what it leaves in the background may still tell something when the next one runs.
  const own = mkdtempSync(join(folder, "line-"))
  const told = join(own, "told")
  const cwd = join(own, "cwd")
  mkdirSync(cwd)
  writeFileSync(told, "")
  // Told in one write: the two ends of a pipe tell at the same time.
  const handler = `command_not_found_handle() { local all; printf -v all '\\1%s' "$@"; printf 'RAN%s\\0' "$all" >> ${told}; }`
  spawnSync(bash, ["--norc", "-c", `${handler}\n${line}`], {
    ...{ cwd, env: { PATH: "/nonexistent", HOME: "/h/u" }, timeout: 5_000, stdio: "ignore" },
  })
  const text = readFileSync(told, "utf8")
  return text.split("\0").flatMap((one) => (one === "" ? [] : [one.split("\x01").slice(1)]))
}

/** Whether words that are known stand where they should; one that is not known may be any words, or none. */
function fits(ours: readonly (string | undefined)[], theirs: readonly string[]): boolean {
  const [word, ...rest] = ours
  if (ours.length === 0) return theirs.length === 0
  if (word === undefined) return theirs.some((_, at) => fits(rest, theirs.slice(at))) || fits(rest, [])
  return theirs[0] === word && fits(rest, theirs.slice(1))
}

const ROUNDS = process.env.SKEIN_SOAK === "1" ? 30_000 : 1_500

test.skipIf(!existsSync("/bin/bash"))(
  "bash itself runs nothing, in lines made by chance, that is not among the commands of a line that was understood",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "skein-shell-"))
    const roll = dice(ROUNDS)
    const missed: unknown[] = []
    let understood = 0
    let ran = 0
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const line = Array.from({ length: 1 + roll(12) }, () => PIECES[roll(PIECES.length)]).join("")
        const { commands, unclear } = await understand(line)
        if (unclear !== undefined) continue
        understood += 1
        for (const argv of runBy("/bin/bash", line, folder)) {
          ran += 1
          if (!commands.some((one) => fits(one.argv, argv))) missed.push({ line, argv })
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }

    expect(missed).toEqual([])
    expect(understood).toBeGreaterThan(ROUNDS / 20)
    expect(ran).toBeGreaterThan(ROUNDS / 40)
  },
  600_000,
)
