import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ToolFailure } from "@skein/core/ports"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = await whyUnconfined()

describe.skipIf(reason !== undefined)("a command starts", () => {
  let world: TestWorld
  let below: string
  beforeEach(() => {
    world = testWorld()
    below = realpathSync(mkdtempSync("/tmp/skein-test-"))
  })
  afterEach(() => {
    world.cleanUp()
    rmSync(below, { recursive: true })
  })

  const run = (command: string, root = world.workspace) =>
    world.exec.run({
      command,
      cwd: root,
      sandbox: "workspace-write",
      roots: [root],
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      bytesMax: 30_000,
    })

  test("in a workspace below /tmp, which no earlier command could swap for a link", async () => {
    const root = join(below, "a/b")
    mkdirSync(root, { recursive: true })
    const first = await run(
      `mv ${below} /tmp/old; rm -rf ${below}; ln -sfn /etc ${below}; ln -sfn /etc ${below}/a; ls -A /tmp`,
      root,
    )
    const second = await run("pwd; echo here > file", root)

    expect(first.output).toEndWith(`${below.slice("/tmp/".length)}\n`)
    expect(second.output).toBe(`${root}\n`)
    expect(readdirSync(root)).toEqual(["file"])
  })

  test("with a /tmp of its own for each set of workspaces", async () => {
    const other = join(world.base, "other")
    mkdirSync(other)
    await run("echo secret > /tmp/handed; mkdir -p /tmp/x")

    expect((await run("cat /tmp/handed")).output).toBe("secret\n")
    expect((await run("ls -A /tmp", other)).output).toBe("")
  })

  test("or says that it is too long", async () => {
    const { output } = await run(`: ${"e".repeat(120_000)}; echo ran`)
    const failure = await run(`: ${"\u00e9".repeat(99_000)}`).catch((error: unknown) => error)

    expect(output).toBe("ran\n")
    expect(failure).toBeInstanceOf(ToolFailure)
    expect(String(failure)).toContain("too long")
  })
})
