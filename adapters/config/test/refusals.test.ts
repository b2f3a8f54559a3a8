import { expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { configFiles, directories } from "../src/index.ts"
import { load, refusal } from "./scene.ts"

const OWN = "/home/me/.config/skein/config.toml"

test("broken TOML is told with its file and the line where the statement begins", () => {
  const cases: [string, number][] = [
    ["model = gpt", 1],
    ['model = "a/b"\n\nmode = "ask\n', 3],
    ["a = [\n1,\n2\n\n[limits]\nsteps = 1\n", 1],
    ['[limits]\nsteps = 1\nsteps = 2\n[log]\nlevel = "info"', 3],
    [`${"# comment\n".repeat(300)}steps =\n${"x = 1\n".repeat(300)}`, 301],
  ]
  for (const [user, line] of cases)
    expect(refusal({ user })).toMatch(new RegExp(`^config.invalid: Cannot read ${OWN}: .* in line ${line}\\. `))
})

test("no part of a broken or mistyped value is repeated", () => {
  const secret = "sk-canary-0123456789"
  const all = [
    refusal({ user: `key = ${secret}` }),
    refusal({ user: `[providers.a]\nkey_env = "${secret}"` }),
    refusal({ user: `[providers.a]\nbase_url = "${secret}"` }),
    refusal({ user: `[limits]\nsteps = "${secret}"` }),
    refusal({ env: { SKEIN_LIMITS__STEPS: secret } }),
    refusal({ overrides: [`limits.steps=${secret}`] }),
    refusal({ overrides: [`providers.a.headers.Authorization=${secret}`] }),
    refusal({ overrides: [secret] }),
    ...load({ user: `api_key = "${secret}"\n[providers.a]\napi_key = "${secret}"` }).warnings,
  ]
  expect(all.length).toBe(10)
  for (const message of all) expect(message).not.toMatch(/canary|it loaded/)
})

test("a wrong type says where it stands and what was expected", () => {
  expect(refusal({ user: '[limits]\nsteps = "many"' })).toBe(
    `config.invalid: Cannot use limits.steps in ${OWN}: expected a whole number of at least 1, found another text. Correct it, or leave it out.`,
  )
  const cases: [Parameters<typeof load>[0], string][] = [
    [
      { user: "limits = 3" },
      "Cannot use limits in /home/me/.config/skein/config.toml: expected a table, found another number.",
    ],
    [{ user: "[limits]\nsteps = 1.5" }, "expected a whole number of at least 1"],
    [{ user: "[limits]\nusd = inf" }, "expected a number above 0"],
    [{ user: 'mode = "everything"' }, 'expected one of plan, ask, accept-edits, auto, full, found "everything".'],
    [{ user: 'mode = "sk-ant-0a1b2c3d"' }, "accept-edits, auto, full, found another text."],
    [{ user: "model = {a = 1}" }, "expected a text, found a table"],
    [{ user: 'rules = [{tool = "bash", comand = "x", decision = "allow"}]' }, "Cannot use rules in"],
    [{ user: '[providers.a]\nbase_url = "file:///etc"' }, "expected a URL that starts with http:// or https://"],
    [{ env: { SKEIN_LIMITS__STEPS: "many" } }, "Cannot use SKEIN_LIMITS__STEPS: expected"],
    [{ overrides: ["limits.steps=0"] }, "Cannot use -c limits.steps: expected"],
    [{ flags: { sandbox: "none" } }, "Cannot use --sandbox: expected one of read-only, workspace-write, full-access"],
    [{ overrides: ["model"] }, "Cannot use -c: expected key=value"],
    [{ overrides: ["=x"] }, "Cannot use -c: expected key=value"],
    [{ overrides: ["a b=x"] }, "Cannot use -c: expected key=value"],
    [{ profile: "nope", user: "[profiles.work]\nmodel='a/b'" }, 'Cannot find profile "nope". There are: work.'],
    [{ profile: "constructor" }, 'Cannot find profile "constructor". No profile is defined'],
    [{ settingsFile: "/none.toml" }, "Cannot find the settings file /none.toml"],
    [{ env: { SKEIN_HOME: "here" } }, "Cannot use SKEIN_HOME: expected an absolute path"],
  ]
  for (const [given, wanted] of cases) expect(refusal(given)).toContain(wanted)
})

test("an unknown key is a warning with the nearest known one, and foreign variables are nobody's business", () => {
  const config = load({
    user: 'modle = "x"\nzzz = 1\n[limits]\nstep = 3\n[providers.a]\nbaseurl = "x"',
    env: { SKEIN_SANDBX: "read-only", SKEIN_BUILD_NUMBER: "7", SKEIN_SESSION: "abc", SKEIN_LIMITS__STEP: "3" },
    overrides: ["eford=low"],
  })
  expect(config.warnings).toEqual([
    `Ignored modle in ${OWN}: skein has no such setting. Did you mean model?`,
    `Ignored zzz in ${OWN}: skein has no such setting.`,
    `Ignored limits.step in ${OWN}: skein has no such setting. Did you mean limits.steps?`,
    `Ignored providers.a.baseurl in ${OWN}: skein has no such setting. Did you mean providers.a.base_url?`,
    "Ignored SKEIN_SANDBX: skein has no such setting. Did you mean SKEIN_SANDBOX?",
    "Ignored SKEIN_LIMITS__STEP: skein has no such setting. Did you mean SKEIN_LIMITS__STEPS?",
    "Ignored -c eford: skein has no such setting. Did you mean -c effort?",
  ])
})

test("what is shown holds every value with its place, and no secret", () => {
  const rows = load({
    user: `
      model = "a/b"
      [network]
      proxy = "http://me:canary@proxy.test:3128"
      [providers.a]
      key_env = "A_KEY"
      base_url = "https://canary@a.test/v1?x=1"
      headers = { Authorization = "Bearer canary" }`,
    overrides: ["limits.steps=4"],
  }).show()
  expect(rows.map((row) => `${row.key} = ${row.value} (${row.origin.layer})`)).toEqual([
    "agents.depth_max = 2 (defaults)",
    "agents.running_max = 10 (defaults)",
    "agents.timeout_minutes = 30 (defaults)",
    "approvals.effects = false (defaults)",
    "audit.enabled = true (defaults)",
    "audit.mb = 32 (defaults)",
    "audit.sync = false (defaults)",
    "cache.keep_alive = 0 (defaults)",
    'cache.ttl = "5m" (defaults)',
    "checkpoints.enabled = true (defaults)",
    "checkpoints.mb = 2048 (defaults)",
    "context.compact_at = 0.8 (defaults)",
    'context.profile = "auto" (defaults)',
    "context.repo_map_tokens = 0 (defaults)",
    'context.when_full = "compact" (defaults)',
    "context.windowing = false (defaults)",
    'edit.format = "auto" (defaults)',
    "hooks.enabled = true (defaults)",
    'hooks.import = ["claude","codex"] (defaults)',
    "limits.steps = 4 (override)",
    'limits.wait = "ask" (defaults)',
    "limits.wait_minutes_max = 360 (defaults)",
    "lint.biome = true (defaults)",
    "lint.eslint = true (defaults)",
    "lint.ruff = true (defaults)",
    "lint.stylelint = true (defaults)",
    'log.level = "info" (defaults)',
    "lsp.enabled = true (defaults)",
    "lsp.idle_minutes = 5 (defaults)",
    "lsp.memory_mb = 4096 (defaults)",
    'mcp.import = ["claude","codex","cursor","vscode"] (defaults)',
    "mcp.tokens_in_full = 1500 (defaults)",
    'mode = "ask" (defaults)',
    'model = "a/b" (user)',
    "network.idle_timeout_ms = 90000 (defaults)",
    'network.proxy = "http://********@proxy.test:3128" (user)',
    "network.retries = 6 (defaults)",
    "network.retry_base_ms = 250 (defaults)",
    "network.timeout_ms = 60000 (defaults)",
    'permissions.import = ["claude","codex"] (defaults)',
    'plugins.import = ["claude","codex"] (defaults)',
    'providers.a.base_url = "https://********@a.test/v1?x=1" (user)',
    "providers.a.headers.Authorization = ******** (user)",
    'providers.a.key_env = "A_KEY" (user)',
    'sandbox = "workspace-write" (defaults)',
    'session.location = "user" (defaults)',
    "tool_router.enabled = false (defaults)",
    "tool_router.max_tokens = 512 (defaults)",
    "tool_router.temperature = 0.1 (defaults)",
    'tools_network.access = "ask" (defaults)',
    "tools_network.allow = [] (defaults)",
    'tui.editing = "emacs" (defaults)',
    'tui.glyphs = "auto" (defaults)',
    'tui.images = "auto" (defaults)',
    'tui.motion = "full" (defaults)',
    'tui.notify = "unfocused" (defaults)',
    'tui.screen = "inline" (defaults)',
    'tui.theme = "monochrome" (defaults)',
    'web_search = "disabled" (defaults)',
  ])
})

test("the folders follow XDG, and SKEIN_HOME moves all three", () => {
  expect(directories({}, "/home/me")).toEqual({
    config: "/home/me/.config/skein",
    data: "/home/me/.local/share/skein",
    cache: "/home/me/.cache/skein",
  })
  expect(directories({ XDG_CONFIG_HOME: "/c", XDG_DATA_HOME: "relative", XDG_CACHE_HOME: "" }, "/home/me")).toEqual({
    config: "/c/skein",
    data: "/home/me/.local/share/skein",
    cache: "/home/me/.cache/skein",
  })
  expect(directories({ SKEIN_HOME: "/s", XDG_CONFIG_HOME: "/c" }, "/home/me")).toEqual({
    config: "/s/config",
    data: "/s/data",
    cache: "/s/cache",
  })
})

test("a file is read as it is; a FIFO, a folder or a huge file in its place is refused at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "skein-config-"))
  try {
    const at = (name: string) => join(folder, name)
    const files = configFiles()
    writeFileSync(at("good"), "model = 'ü'")
    symlinkSync(at("good"), at("link"))
    writeFileSync(at("huge"), Buffer.alloc(1024 * 1024 + 1))
    mkdirSync(at("folder"))
    Bun.spawnSync(["mkfifo", at("fifo")])
    expect([files.read(at("good")), files.read(at("link")), files.read(at("none"))]).toEqual([
      "model = 'ü'",
      "model = 'ü'",
      undefined,
    ])
    expect([files.exists(at("folder")), files.exists(at("none")), files.read(join(at("good"), "x"))]).toEqual([
      true,
      false,
      undefined,
    ])
    for (const name of ["huge", "folder", "fifo"]) expect(() => files.read(at(name))).toThrow(`Cannot read ${at(name)}`)
    expect(statSync(folder).isDirectory()).toBe(true)
    // The name is longer than any may be: what cannot be looked at is an error to read and not there to find.
    const endless = at("x".repeat(5000))
    expect(files.exists(endless)).toBe(false)
    expect(() => files.read(endless)).toThrow("Cannot read")
  } finally {
    rmSync(folder, { recursive: true })
  }
})
