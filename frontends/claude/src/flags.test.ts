import { expect, test } from "bun:test"
import { withSettings } from "./flag-settings.ts"
import { parseFlags } from "./flags.ts"
import { rulesOf, settingsOf } from "./settings.ts"

const SDK = ["--output-format", "stream-json", "--verbose", "--input-format", "stream-json"]

test("the SDK's command line is understood in both spellings", () => {
  const equals = parseFlags([
    ...SDK,
    "--model=opus",
    "--permission-mode=plan",
    "--max-turns=3",
    "--resume=abc",
    "--setting-sources=",
  ])
  const words = parseFlags([
    ...SDK,
    "--model",
    "opus",
    "--permission-mode",
    "plan",
    "--max-turns",
    "3",
    "--resume",
    "abc",
    "--setting-sources",
    "",
  ])

  expect(words).toEqual(equals)
  expect(equals).toMatchObject({
    inputFormat: "stream-json",
    outputFormat: "stream-json",
    model: "opus",
    permissionMode: "plan",
    maxTurns: 3,
    resume: "abc",
    settingSources: [],
    unsupported: [],
  })
})

test("an unknown flag changes nothing", () => {
  expect(parseFlags([...SDK, "--brand-new=1", "--other-new", "--model=opus"])).toEqual(
    parseFlags([...SDK, "--model=opus"]),
  )
})

test("a prompt stands beside flags, and a value that looks like a flag belongs to its flag", () => {
  const flags = parseFlags(["-p", "fix it", "--append-system-prompt", "--be terse", "--", "-now"])
  expect(flags).toMatchObject({ print: true, prompt: "fix it -now", appendSystemPrompt: "--be terse" })
})

test("what is asked for and missing is named, and an empty wish is none", () => {
  const servers = '{"mcpServers":{"one":{"command":"x"}}}'
  expect(parseFlags(["--mcp-config", '{"mcpServers":{}}', "--betas=", "--settings", "{}"]).unsupported).toEqual([])
  const flags = parseFlags(["--mcp-config", servers, "--agent=x", "--permission-prompt-tool=mcp__a__b"])
  expect([flags.mcpConfig, flags.isStrictMcpConfig]).toEqual([[servers], false])
  expect(flags.unsupported).toEqual([
    "--permission-prompt-tool: only stdio is supported, not mcp__a__b; what must be asked is refused.",
  ])
})

test("flags become settings and rules of ours", () => {
  const flags = parseFlags([
    "--model=sonnet",
    "--permission-mode=acceptEdits",
    "--max-turns=5",
    "--max-budget-usd=0.25",
    "--effort=max",
    "--add-dir=lib",
    "--allowedTools=Bash(git *),Read",
    "--disallowedTools=Write",
  ])
  const model = { provider: "anthropic", images: true, tools: true, reasoning: true, isReady: true }
  const models = [
    { ...model, id: "claude-sonnet-4-5" },
    { ...model, id: "claude-sonnet-4-10" },
  ]
  const tools = ["read", "write", "bash"].map((name) => ({
    name,
    description: "",
    inputSchema: {},
    kind: "other" as const,
    isConcurrent: false,
    timeoutMs: 1,
  }))

  expect(settingsOf(flags, models, tools, "/w")).toEqual({
    model: "anthropic/claude-sonnet-4-10",
    mode: "accept-edits",
    effort: "xhigh",
    extraRoots: ["/w/lib"],
    limits: { stepsMax: 5, microUsdMax: 250_000 },
    toolsDenied: ["write"],
  })
  expect(rulesOf(flags, { cwd: "/w" }).rules).toEqual([
    { tool: "bash", command: "git *", decision: "allow", scope: "session" },
    { tool: "read", decision: "allow", scope: "session" },
    { tool: "write", decision: "deny", scope: "session" },
  ])
})

test("fallbackModel, debug and permissionPromptToolName are taken as far as they go, and the rest is named", () => {
  const flags = parseFlags(["--fallback-model=haiku,opus", "--debug-file=/w/debug.log", "--permission-prompt-tool=ask"])
  expect([flags.fallbackModel, flags.debug, flags.hostAnswers]).toEqual(["haiku", { file: "/w/debug.log" }, false])
  expect(flags.unsupported).toEqual([
    "--fallback-model: haiku is asked; of several, only the first is.",
    "--permission-prompt-tool: only stdio is supported, not ask; what must be asked is refused.",
  ])
})

test("settings are read into our words, and what has none is named", () => {
  const settings = {
    ...{ model: "haiku", effortLevel: "high", outputStyle: "concise", env: { A: "b" }, language: "french" },
    permissions: { allow: ["Bash(git *)", "Bsh"], defaultMode: "bypassPermissions", additionalDirectories: ["near"] },
    sandbox: {
      ...{
        enabled: false,
        excludedCommands: ["git"],
        network: { allowedDomains: ["a.org"], deniedDomains: ["b.org"] },
      },
      filesystem: { denyRead: ["~/secret"], allowWrite: ["/far"] },
    },
  }
  const flags = withSettings(parseFlags([]), settings, { cwd: "/w", home: "/home/me" })
  expect([flags.model, flags.permissionMode, flags.fromSettings?.env]).toEqual(["haiku", undefined, { A: "b" }])
  expect(flags.fromSettings?.changes).toEqual({
    ...{ effort: "high", outputStyle: "concise", extraRoots: ["/w/near", "/far"] },
    network: { access: "ask", allow: ["a.org"] },
  })
  expect(flags.fromSettings?.rules).toMatchObject([
    { tool: "bash", command: "git *", decision: "allow" },
    { tool: "*", path: "/home/me/secret", access: "read", decision: "deny" },
    { tool: "*", host: "b.org", decision: "deny" },
  ])
  expect(flags.unsupported.map((text) => text.replace("--settings: ", ""))).toEqual([
    '"Bsh" is no rule: there is no tool Bsh. Did you mean Bash?',
    "The setting sandbox.enabled is left out: commands stay confined. --no-sandbox says otherwise for one run.",
    "The setting sandbox.excludedCommands is not supported; it is left out.",
    "The setting language is not supported; it is left out.",
    "bypassPermissions needs --allow-dangerously-skip-permissions.",
  ])
})
