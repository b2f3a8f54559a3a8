import { expect, test } from "bun:test"
import { configFiles, directories, loadConfig } from "@skein/config"
import { destinationsOf } from "./destinations.ts"

function told(overrides: readonly string[], env: Record<string, string> = {}, consent?: "no-sandbox") {
  const home = "/nowhere/me"
  const config = loadConfig({
    ...{ files: configFiles(), env: {}, cwd: "/nowhere", project: undefined, home, overrides },
    directories: directories({}, home),
  })
  const rule = { tool: "bash", scope: "user" } as const
  const rules = [
    { ...rule, host: "ruled.test", decision: "allow" } as const,
    { ...rule, host: "no.test", decision: "deny" } as const,
    { ...rule, host: "over.test", decision: "allow", expiresAt: 9 } as const,
  ]
  const models = [{ provider: "own", name: "Own", origin: "https://own.test", proxy: "http://own-proxy.test:1" }]
  const keySources = new Map([["own", "environment variable OWN_KEY"]])
  const logins = [{ name: "Own", servers: ["https://id.test/oauth/token"] }]
  return destinationsOf({ config, env, models, logins, keySources, rules, consent, now: 10 }).map(
    ({ purpose, to, why }) => `${purpose} ${to}: ${why}`,
  )
}

test("whoever can be reached is told, with why; names and passwords of proxies are not", () => {
  const env = { VAULT_ADDR: "https://me:canary@vault.test:8200/x", https_proxy: "me:canary@proxy.test:3128" }
  expect(told(['tools_network.allow=["A.test"]', 'network.proxy="http://me:canary@set.test:2"'], env)).toEqual([
    "model https://own.test: Own, environment variable OWN_KEY",
    "login https://id.test: renews the login of Own",
    "secrets https://vault.test:8200: Vault, environment variable VAULT_ADDR",
    "command a.test: the list of tools_network.allow",
    "command ruled.test: a rule",
    'command any other host that you allow: tools_network.access is "ask"',
    "proxy http://set.test:2: network.proxy",
    "proxy http://own-proxy.test:1: the proxy of Own",
    "proxy http://proxy.test:3128: environment variable https_proxy",
  ])
})

test("with the network off commands reach nothing, with it on everything public", () => {
  const commands = (access: string) =>
    told([`tools_network.access="${access}"`, 'tools_network.allow=["a.test"]']).filter((line) =>
      line.startsWith("command"),
    )
  expect(commands("off")).toEqual([])
  expect(commands("on").at(-1)).toBe('command every public host: tools_network.access is "on"')
})

test("in mode full it is every public host, and without a sandbox anything, whatever the network is set to", () => {
  expect(told(["mode=full"])).toContain("command every public host: mode full asks nothing")
  const commands = (lines: readonly string[]) => lines.filter((line) => line.startsWith("command"))
  for (const access of ["off", "ask", "on"]) {
    const set = `tools_network.access="${access}"`
    expect(commands(told([set], {}, "no-sandbox"))).toEqual([
      "command anything: --no-sandbox holds no network from commands",
    ])
    expect(commands(told([set, "sandbox=full-access"]))).toEqual([
      "command anything: the sandbox full-access holds no network from commands",
    ])
  }
})
