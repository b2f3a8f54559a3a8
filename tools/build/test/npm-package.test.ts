import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { packTarball } from "../src/npm-package.ts"

test("the packed npm package installs with npm alone and puts skein itself on the path", async () => {
  const scratch = mkdtempSync(join(tmpdir(), "skein-npm-"))
  try {
    // The layout is what is tested; a script stands for the hundred megabytes of the binary.
    const binary = join(scratch, "skein")
    writeFileSync(binary, '#!/bin/sh\necho "skein 1.2.3 $*"\n', { mode: 0o755 })
    const tarball = packTarball({ binary, version: "1.2.3", folder: join(scratch, "npm"), documents: scratch })
    const prefix = join(scratch, "prefix")
    const npm = [
      "npm",
      "install",
      "--global",
      `--prefix=${prefix}`,
      "--offline",
      "--no-audit",
      "--no-fund",
      "--silent",
      tarball,
    ]
    const installed = Bun.spawnSync(npm, { cwd: scratch, env: { ...process.env, HOME: scratch }, stderr: "inherit" })
    expect(installed.exitCode).toBe(0)

    const said = Bun.spawnSync([join(prefix, "bin/skein"), "--version"], { cwd: scratch })
    expect(said.stdout.toString()).toBe("skein 1.2.3 --version\n")
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}, 60_000)
