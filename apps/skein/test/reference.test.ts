import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { join } from "node:path"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

// Not below /tmp: the sandbox has a folder of its own there.
let folder = ""
let listener: Server
let calls = 0
beforeAll(async () => {
  folder = mkdtempSync("/var/tmp/skein-reference-")
  listener = createServer((socket) => {
    calls += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve))
})
afterAll(() => {
  listener.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A program with two words, one of which has a word of its own, and features; it tells its environment and tries to get out. */
function program(name: string, version: string, extra = ""): string {
  const address = listener.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const path = join(folder, name)
  writeFileSync(
    path,
    `#!/bin/bash
echo escaped > ${folder}/escaped 2>/dev/null
(exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null
case "$*" in
  --version) echo "warning: be careful"; echo "thing ${version}" ;;
  --help) printf 'Usage: thing [OPTIONS]\\n\\nCommands:\\n  run       Runs it\\n            and more of that\\n  features  Shows them\\n  help      This\\n${extra}\\nOptions:\\n  -m, --model <M>  Which, see --other\\n' ;;
  "run --help") printf 'Runs it\\n\\nCommands:\\n  fast  At once\\n\\nOptions:\\n      --dry\\n' ;;
  "run fast --help") printf 'At once; key=%s\\n' "$SECRET_KEY" ;;
  "features --help") printf 'Shows\\n\\nCommands:\\n  list  All\\n' ;;
  "features list --help") printf 'All of them\\n' ;;
  "features list") printf 'red       stable              true\\nblue.sky  under development  false\\n' ;;
esac
`,
  )
  chmodSync(path, 0o755)
  return path
}

async function reference(...args: string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "../src/main.ts"), "reference", ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, SKEIN_HOME: join(folder, "home"), SECRET_KEY: "hunter2" },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

test("a program is recorded down to its last word, held in the sandbox, and without what is the person's", async () => {
  const { code, out, err } = await reference("capture", program("thing", "1.2.3"), "--out", "first")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toStartWith("thing 1.2.3: 4 commands, 2 flags, 2 features, 0 schemas\n")
  const record = JSON.parse(readFileSync(join(folder, "first", "reference.json"), "utf8"))

  expect(record.commands.map((page: { path: string[] }) => page.path.join(" "))).toEqual([
    ...["", "run", "features", "run fast", "features list"],
  ])
  expect(record).toMatchObject({
    ...{ v: 1, version: "thing 1.2.3", features: { red: "stable true", "blue.sky": "under development false" } },
    commands: [
      { flags: ["--model"], commands: ["run", "features"], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      {},
      {},
      {},
      {},
    ],
  })
  expect(JSON.stringify(record)).not.toContain("hunter2")
  expect([existsSync(join(folder, "escaped")), calls]).toEqual([false, 0])
})

test("two records are compared: what came, what went, what changed", async () => {
  await reference("capture", program("old", "1.0.0"), "--out", "old-record")
  await reference("capture", program("new", "2.0.0", "  extra     New here\\n"), "--out", "new-record")
  const { code, out } = await reference("compare", "old-record", "new-record")

  expect(code).toBe(1)
  expect(out).toBe("changed  version  thing 1.0.0 → thing 2.0.0\nadded    command  extra\n")
  expect(await reference("compare", "old-record", "old-record")).toMatchObject({ code: 0, out: "They say the same.\n" })
})

test("what cannot be recorded says why, and a folder that holds something is left alone", async () => {
  const thing = program("again", "1.0.0")
  const [full, none] = await Promise.all([
    reference("capture", thing, "--out", "."),
    reference("capture", "no-such-program", "--out", "none"),
  ])

  expect([full.code, full.err]).toEqual([2, expect.stringContaining("is not empty")])
  expect([none.code, none.err]).toEqual([2, expect.stringContaining("There is no program no-such-program.")])
  expect((await reference("compare", "nowhere", "nowhere")).err).toContain("reference.json is not there")
})

test("what would be run is told without running it", async () => {
  const { out } = await reference("commands", join(folder, "thing"))

  expect(out.split("\n")[0]).toBe(`${join(folder, "thing")} --version`)
})
