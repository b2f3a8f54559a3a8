import { expect, test } from "bun:test"
import { cleanEnvironment } from "./environment.ts"

const added = Object.keys(cleanEnvironment({}, { isConfined: false }))
/** The names that come through, without those every command gets. */
const kept = (base: Record<string, string>, isConfined = true) =>
  Object.keys(cleanEnvironment(base, { isConfined })).filter((name) => name in base && !added.includes(name))

test("what makes programs run other code is left out", () => {
  const names =
    "BUN_OPTIONS BUN_BE_BUN NODE_OPTIONS LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES BASH_ENV ENV PROMPT_COMMAND PS4 SHELLOPTS " +
    "GIT_EXTERNAL_DIFF GIT_SSH_COMMAND GIT_DIR GIT_CONFIG_COUNT PYTHONSTARTUP PERL5OPT RUBYOPT LESSOPEN EDITOR VISUAL IFS npm_config_script_shell"

  expect(kept(Object.fromEntries(names.split(" ").map((name) => [name, "x"])))).toEqual([])
})

test("an exported shell function is left out", () => {
  expect(kept({ "BASH_FUNC_ls%%": "() { evil; }", "odd name": "x" })).toEqual([])
})

test("what looks like a secret is left out, by name or by value", () => {
  const byName =
    "ANTHROPIC_API_KEY OPENAI_KEY GITHUB_TOKEN DB_PASSWORD MYSQL_PWD AWS_SECRET_ACCESS_KEY GOOGLE_APPLICATION_CREDENTIALS SESSION_COOKIE NPM_AUTH SENTRY_DSN GH_PAT SSHPASS DBPASS LDAP_BIND_PW STRIPE_SK SLACK_WEBHOOK_URL PASSWORD_SALT"
  const byValue = {
    DATABASE_URL: "postgres://me:hunter2@db/x",
    HTTPS_PROXY: "http://u:p@proxy:3128",
    NOTE: `sk-ant-${"a1".repeat(12)}`,
    MINE: "ghp_abcdefghijklmnopqrstuvwx",
    PEM: "-----BEGIN PRIVATE",
    FIREBASE_CONFIG: '{"projectId":"x","apiKey":"canary-91d3"}',
  }

  expect(kept({ ...Object.fromEntries(byName.split(" ").map((name) => [name, "x"])), ...byValue })).toEqual([])
})

test("harmless variables come through", () => {
  const base = {
    HOME: "/h",
    USER: "u",
    LANG: "C",
    LC_ALL: "C",
    TZ: "UTC",
    JAVA_HOME: "/j",
    GOPATH: "/g",
    VIRTUAL_ENV: "/v",
    CI: "1",
    KEYBOARD_LAYOUT: "us",
    PROXY_BYPASS: "localhost",
    GIT_AUTHOR_NAME: "me",
    HTTP_PROXY: "http://proxy:3128",
  }

  expect(kept(base)).toEqual(Object.keys(base))
})

test("agents, displays and daemons are heard of only without a sandbox", () => {
  const base = {
    SSH_AUTH_SOCK: "/s",
    DBUS_SESSION_BUS_ADDRESS: "unix:/b",
    DISPLAY: ":0",
    DOCKER_HOST: "unix:/d",
    XDG_RUNTIME_DIR: "/run/user/1",
  }

  expect(kept(base, true)).toEqual([])
  expect(kept(base, false)).toEqual(Object.keys(base))
})

test("nothing pages, colours or prompts", () => {
  expect(
    cleanEnvironment({ PAGER: "less", TERM: "xterm", FORCE_COLOR: "1" }, { isConfined: true, tmp: "/tmp" }),
  ).toMatchObject({
    PAGER: "cat",
    GIT_PAGER: "cat",
    TERM: "dumb",
    NO_COLOR: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    TMPDIR: "/tmp",
  })
  expect(cleanEnvironment({ FORCE_COLOR: "1" }, { isConfined: false }).FORCE_COLOR).toBeUndefined()
})

test("programs are found by absolute folders only", () => {
  expect(cleanEnvironment({ PATH: ".:/usr/bin::node_modules/.bin:/bin" }, { isConfined: true }).PATH).toBe(
    "/usr/bin:/bin",
  )
  expect(cleanEnvironment({ PATH: "." }, { isConfined: true }).PATH).toContain("/usr/bin")
})
