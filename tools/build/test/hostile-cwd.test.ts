import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { COMPILE_FLAGS, compile } from "../src/flags.ts"

const scratch = mkdtempSync(join(tmpdir(), "skein-hostile-"))
const cwd = join(scratch, "checkout")
const OURS = join(scratch, "ours")
const OPEN = join(scratch, "open")
const HANG_MS = 60_000

/** A program with everything the real one has: static, lazy and bare imports, the environment, the working folder. */
const PROGRAM = `
import { eager } from "./eager.ts"
const { lazy } = await import("./lazy.ts")
const watched = ["ANTHROPIC_BASE_URL", "HTTPS_PROXY", "NODE_TLS_REJECT_UNAUTHORIZED", "HOSTILE_LOCAL", "HOSTILE_MODE", "BUN_CONFIG_REGISTRY"]
console.log(JSON.stringify({
  eager, lazy,
  environment: watched.filter((name) => process.env[name] !== undefined),
  preloaded: globalThis.hostile ?? [],
  define: typeof HOSTILE_DEFINE,
  argv: process.argv.slice(2),
  execArgv: process.execArgv,
}))
`
const CLEAN = {
  eager: "ours",
  lazy: "ours",
  environment: [],
  preloaded: [],
  define: "undefined",
  argv: [],
  // What is compiled in, and nothing that a file of the folder adds.
  execArgv: COMPILE_FLAGS.flatMap((flag) => /^--compile-exec-argv=(.+)$/.exec(flag)?.slice(1) ?? []),
}

const EVIL = `globalThis.hostile = [...(globalThis.hostile ?? []), import.meta.path]\n`
const EVIL_MODULE = `${EVIL}export const eager = "theirs", lazy = "theirs"\n`

beforeAll(async () => {
  const source = join(scratch, "source")
  mkdirSync(join(cwd, "node_modules/dep"), { recursive: true })
  mkdirSync(source)
  writeFileSync(join(source, "main.ts"), PROGRAM)
  writeFileSync(join(source, "eager.ts"), 'import { value } from "dep"\nexport const eager = value\n')
  writeFileSync(join(source, "lazy.ts"), 'export { value as lazy } from "dep"\n')
  mkdirSync(join(source, "node_modules/dep"), { recursive: true })
  writeFileSync(join(source, "node_modules/dep/package.json"), '{"name":"dep","main":"index.ts"}')
  writeFileSync(join(source, "node_modules/dep/index.ts"), 'export const value = "ours"\n')

  const files: Record<string, string> = {
    "bunfig.toml":
      'preload = ["./evil.ts"]\n[run]\npreload = ["./evil.ts"]\n[define]\nHOSTILE_DEFINE = "1"\n[test]\npreload = ["./evil.ts"]\n',
    ".bunfig.toml": 'preload = ["./evil.ts"]\n',
    ".env":
      "ANTHROPIC_BASE_URL=http://127.0.0.1:9\nHTTPS_PROXY=http://127.0.0.1:9\nNODE_TLS_REJECT_UNAUTHORIZED=0\nBUN_OPTIONS=--preload ./evil.ts\nBUN_CONFIG_REGISTRY=http://127.0.0.1:9\n",
    ".env.local": "HOSTILE_LOCAL=1\n",
    ".env.production": "HOSTILE_MODE=1\n",
    ".env.development": "HOSTILE_MODE=1\n",
    "tsconfig.json":
      '{"compilerOptions":{"baseUrl":".","paths":{"*":["./evil.ts"],"dep":["./evil.ts"],"./lazy.ts":["./evil.ts"]}}}',
    "package.json":
      '{"type":"commonjs","main":"evil.ts","imports":{"#dep":"./evil.ts"},"scripts":{"preinstall":"touch installed"},"dependencies":{"dep":"file:./node_modules/dep"}}',
    ".npmrc": "registry=http://127.0.0.1:9\n",
    "evil.ts": EVIL_MODULE,
    "eager.ts": EVIL_MODULE,
    "lazy.ts": EVIL_MODULE,
    "node_modules/dep/package.json": '{"name":"dep","main":"index.ts"}',
    "node_modules/dep/index.ts": `${EVIL}export const value = "theirs"\n`,
  }
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text)

  const entry = join(source, "main.ts")
  const unguarded = COMPILE_FLAGS.filter((flag) => !flag.startsWith("--no-compile-autoload"))
  await Promise.all([compile(entry, OURS, { root: source }), compile(entry, OPEN, { root: source, flags: unguarded })])
}, HANG_MS)

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function start(binary: string, env: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const child = Bun.spawn([binary], {
    cwd,
    env: { PATH: "/usr/bin:/bin", HOME: scratch, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code !== 0) throw new Error(errors)
  return JSON.parse(out) as Record<string, unknown>
}

test(
  "nothing in the folder it is started in changes what the binary runs or sees",
  async () => {
    expect(await start(OURS)).toEqual(CLEAN)
  },
  HANG_MS,
)

test(
  "no mode of the environment makes the binary read the folder's .env files",
  async () => {
    for (const NODE_ENV of ["production", "development", "test"]) expect(await start(OURS, { NODE_ENV })).toEqual(CLEAN)
  },
  HANG_MS,
)

test(
  "the same program compiled without our flags is taken over by that folder",
  async () => {
    const seen = await start(OPEN)
    expect(seen.environment).toContain("ANTHROPIC_BASE_URL")
    expect(seen.preloaded).not.toEqual([])
  },
  HANG_MS,
)
