import { expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { BINARY, buildFacts, ensureBinary, hasApplication, programsToEmbed, ROOT } from "../src/binary.ts"

const COMPILE_MS = 120_000

test.skipIf(!hasApplication())(
  "skein itself names its version in a hostile folder, and holds no path of the machine it was made on",
  async () => {
    await ensureBinary()
    const cwd = mkdtempSync(join(tmpdir(), "skein-binary-"))
    try {
      writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./evil.ts"]\n')
      writeFileSync(join(cwd, "evil.ts"), 'console.log("evil")\n')
      const run = Bun.spawnSync([BINARY, "--version"], {
        cwd,
        env: { HOME: cwd, PATH: "/usr/bin:/bin", SKEIN_HOME: join(cwd, "home") },
      })
      expect([run.exitCode, run.stderr.toString()]).toEqual([0, ""])
      expect(run.stdout.toString()).toContain(buildFacts([]).version)
      expect(run.stdout.toString()).not.toContain("evil")
      expect(readFileSync(BINARY).includes(`${ROOT}/`)).toBe(false)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  },
  COMPILE_MS,
)

test.skipIf(programsToEmbed().length === 0)("what is embedded as rg is ripgrep", () => {
  const [rg = ""] = programsToEmbed()
  expect(Bun.spawnSync([rg, "--version"]).stdout.toString()).toStartWith("ripgrep ")
})
