import { describe, expect, test } from "bun:test"
import { corpus, effectOf, isHarmful, lineOf, understand } from "./corpus.ts"

describe("ordinary commands of development", () => {
  const lines = corpus("ordinary.txt").map((line) => {
    const [effect = "", ...written] = line.split(" | ")
    return { effect, written: written.join(" | ") }
  })

  test("are what they are taken for, more than 300 of them", async () => {
    const found: string[] = []
    for (const { written } of lines) {
      found.push(`${effectOf(await understand(lineOf(written)))} | ${written}`)
    }

    expect(found).toEqual(lines.map(({ effect, written }) => `${effect} | ${written}`))
    expect(lines.length).toBeGreaterThan(300)
  })

  test("are understood, every one", () => {
    expect(lines.filter(({ effect }) => effect === "unclear")).toEqual([])
  })

  test("that only read take part in none of the other kinds", async () => {
    for (const { effect, written } of lines) {
      if (effect !== "read") continue
      const { commands } = await understand(lineOf(written))
      expect([written, commands.flatMap(({ risks }) => risks).filter((risk) => risk !== "read")]).toEqual([written, []])
    }
  })
})

describe("destructive commands", () => {
  const lines = corpus("destructive.txt")

  test("are at least 60, and none passes for less than a change", async () => {
    const missed: string[] = []
    for (const written of lines) {
      const effect = effectOf(await understand(lineOf(written)))
      if (!isHarmful(effect)) missed.push(`${effect} | ${written}`)
    }

    expect(missed).toEqual([])
    expect(lines.length).toBeGreaterThanOrEqual(60)
  })

  test("that take away what nobody else has are told from those that write", async () => {
    const destroying = [
      "git reset --hard",
      "git clean -fdx",
      "git checkout -- .",
      "git stash clear",
      "git branch -D x",
      "find . -delete",
      "env -i busybox rm x",
      "ls | xargs rm",
      "truncate -s 0 a",
      "python3 -c 'import shutil; shutil.rmtree(\"src\")'",
      "npx rimraf src",
    ]
    for (const line of destroying)
      expect([line, effectOf(await understand(line))]).toEqual([line, expect.stringContaining("destroy")])
  })
})

/** What editors and terminals would hide cannot stand in a file of lines. */
const HIDDEN = [
  "echo hi\rrm x",
  "echo hi\r\nrm x\r\n",
  "echo hi\u2028rm x",
  "echo hi\u2029rm x",
  "ls\u00a0x",
  "ls\u0085rm x",
  "ls\u200bx",
  "ls \u000brm",
  "ls\u0000rm x",
  "ls \u202erm x",
  "ls\ufeff",
  "ls \u{e0041}",
  "ls \ud800",
  "ls \u001b[2J",
]

describe("what is made to look harmless", () => {
  test("is never taken for a command that only reads, in more than 300 forms", async () => {
    const lines = [...corpus("evasions.txt").map(lineOf), ...HIDDEN]
    const missed: string[] = []
    for (const line of lines) if (effectOf(await understand(line)) === "read") missed.push(line)

    expect(missed).toEqual([])
    expect(lines.length).toBeGreaterThan(300)
  })

  test("shows what it does in the very command that does it", async () => {
    const shown = [
      ['echo x; awk \'BEGIN{print "x",\n "y" > "out"}\'', "awk", "write"],
      ['echo x; awk \'BEGIN{print /"/ ? "a" : "b" | "sh"; y = 1 ~ /"/}\'', "awk", "execute"],
      ["set -o keyword; git diff GIT_EXTERNAL_DIFF=./x", "set", "unknown"],
      ["shopt -so keyword; git diff GIT_EXTERNAL_DIFF=./x", "shopt", "unknown"],
      ["ls; bun pm trust x", "bun", "execute"],
      ["ls; rustup show", "rustup", "network"],
      ["bash -euo pipefail -c 'ls; rm x'", "rm", "destroy"],
      ["watch -x rm x", "rm", "destroy"],
      ["git log; git config core.fsmonitor -- '-;x'", "git", "escalate"],
    ] as const
    for (const [line, program, risk] of shown) {
      const { commands } = await understand(line)
      const risks = commands.filter(({ argv }) => argv[0] === program).flatMap((one) => one.risks)
      expect([line, risks.includes(risk)]).toEqual([line, true])
    }
  })

  test("is offered no pattern to remember for the part that does it", async () => {
    const covered: string[] = []
    for (const line of corpus("destructive.txt").map(lineOf)) {
      for (const { risks, pattern } of (await understand(line)).commands) {
        if (
          pattern !== undefined &&
          (risks.includes("destroy") || risks.includes("escalate") || risks.includes("publish"))
        )
          covered.push(line)
      }
    }
    expect(covered).toEqual([])
  })

  test("by characters that are not seen, is not understood", async () => {
    for (const line of HIDDEN) expect([line, (await understand(line)).unclear]).toEqual([line, expect.any(String)])
  })
})
