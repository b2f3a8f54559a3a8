import { afterEach, expect, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const MAIN = resolve(import.meta.dir, "../src/main.ts")

let talk: Talking | undefined
afterEach(() => talk?.[Symbol.dispose]())

/** What people add to skein, and what runs it. */
const EXTENDING =
  /adapters\/(?:mcp|hooks|plugins|commands)\/|adapters\/skills\/src\/(?:skills|install)\/|packages\/unpack\/|frontends\/mcp\/|@modelcontextprotocol/

/** The modules of those that were loaded by one run from the source. */
async function loadedBy({ scene }: Talking, args: readonly string[]): Promise<readonly string[]> {
  const list = join(scene.root, "loaded")
  writeFileSync(list, "")
  const child = Bun.spawn([process.execPath, "--preload", join(import.meta.dir, "ground/loading.ts"), MAIN, ...args], {
    ...{ cwd: scene.cwd, env: { ...scene.env, SKEIN_TEST_LOADED: list } },
    ...{ stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  })
  expect([await child.exited, await child.stderr.text()]).toEqual([0, ""])
  const paths = readFileSync(list, "utf8").split("\n")
  // Else it would say nothing that none of them is there.
  expect(paths).toContain("apps/skein/src/main.ts")
  return paths.filter((path) => EXTENDING.test(path))
}

test(
  "where there are no servers, hooks, skills, commands and plugins, nothing of them is loaded, at the start or in a turn",
  async () => {
    talk = talking({ text: "Hello." })
    expect(await loadedBy(talk, ["help"])).toEqual([])
    expect(await loadedBy(talk, ["-p", "hi"])).toEqual([])
  },
  HANG_MS,
)

test(
  "a server that is not used is known without the protocol's own code",
  async () => {
    talk = talking({ text: "Hello." })
    const loaded = await loadedBy(talk, ["-p", "hi", "--mcp-config", '{"notes": {"command": "notes"}}'])
    expect(loaded.some((path) => path.startsWith("adapters/mcp/src/provider/"))).toBe(true)
    expect(loaded.filter((path) => path.includes("@modelcontextprotocol"))).toEqual([])
  },
  HANG_MS,
)
