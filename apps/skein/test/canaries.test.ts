import { expect, test } from "bun:test"
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import type { Reply } from "./ground/wire.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 120_000

/** A secret of its own for each place, none of a shape that is known. */
const canary = (place: string) => `canary-${place}-${Bun.hash(place).toString(36)}Q`

const IN_PROJECT: Readonly<Record<string, (secret: string) => string>> = {
  ".env": (secret) => `PORT=3000\nAPI_KEY=${secret}\nFOO="${secret}-foo"\n`,
  ".env.local": (secret) => `STRIPE=${secret}\n`,
  "deploy/prod.env": (secret) => `export DB_PASSWORD='${secret}'\n`,
  ".npmrc": (secret) => `//registry.npmjs.org/:_authToken=${secret}\n`,
  "certs/server.key": (secret) => pem(secret),
  "certs/client.pem": (secret) => pem(secret),
  id_ed25519: (secret) => pem(secret),
  "credentials.json": (secret) => JSON.stringify({ installed: { client_secret: secret } }),
  "service-account-ci.json": (secret) => JSON.stringify({ type: "service_account", private_key: secret }),
  "infra/terraform.tfstate": (secret) => JSON.stringify({ resources: [{ attributes: { password: secret } }] }, null, 1),
  ".git-credentials": (secret) => `https://me:${secret}@github.com\n`,
}
const IN_HOME: Readonly<Record<string, (secret: string) => string>> = {
  ".ssh/id_rsa": (secret) => pem(secret),
  ".aws/credentials": (secret) => `[default]\naws_secret_access_key = ${secret}\n`,
  ".netrc": (secret) => `machine github.com login me password ${secret}\n`,
  ".git-credentials": (secret) => `https://me:${secret}-home@github.com\n`,
  ".local/share/skein/auth.json": (secret) => JSON.stringify({ version: 1, keys: { openai: secret } }),
}

function pem(secret: string): string {
  const body = Buffer.from(`${secret} and so much more that it is a line of its own`).toString("base64")
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`
}

const ENVIRONMENT = {
  CUSTOM_TOKEN: canary("variable"),
  DATABASE_URL: `postgres://app:${canary("address")}@db.internal/app`,
  AWS_SECRET_ACCESS_KEY: canary("aws"),
  SKEIN_CANARY_SECRET: canary("own"),
  GROQ_API_KEY: canary("groq"),
}

/** Everything that must be seen nowhere, also as base64 and hexadecimal write it. */
const CANARIES: readonly string[] = [
  ...Object.keys(IN_PROJECT).map(canary),
  ...Object.keys(IN_HOME).map((name) => canary(`home/${name}`)),
  ...["variable", "address", "aws", "own", "groq", "git-only", "brought"].map(canary),
]
const SPELLINGS = CANARIES.flatMap((secret) => [
  secret,
  Buffer.from(secret).toString("hex"),
  Buffer.from(secret).toString("base64").slice(0, -4),
  // Nobody takes this out of a text: that it is nowhere says that the file itself could not be read.
  [...secret].toReversed().join(""),
])

/** A project whose secrets are committed, copied, linked and talked about. */
function plant(scene: Scene): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode: 0o600 })
  }
  for (const [name, text] of Object.entries(IN_PROJECT)) put(scene.path(name), text(canary(name)))
  for (const [name, text] of Object.entries(IN_HOME)) put(join(scene.home, name), text(canary(`home/${name}`)))
  chmodSync(join(scene.home, ".local/share/skein"), 0o700)
  copyFileSync(scene.path(".env"), scene.path("copy.txt"))
  linkSync(scene.path(".env"), scene.path("hard.txt"))
  symlinkSync(".env", scene.path("soft.txt"))
  put(scene.path(".env.old"), `OLD_API_KEY=${canary("git-only")}\n`)
  put(scene.path("README.md"), `# Read me\n\nThe key is ${canary(".env")}, keep it.\n`)
  git(scene, "init", "-q")
  git(scene, "add", "-A", "-f")
  git(scene, "commit", "-qm", "all of it")
  git(scene, "rm", "-q", ".env.old")
  git(scene, "commit", "-qm", "gone")
  git(scene, "checkout", "-q", "-b", "brought")
  put(scene.path(".env.brought"), `FOO=${canary("brought")}\n`)
  put(scene.path("b.txt"), canary("brought"))
  git(scene, "add", "-f", ".env.brought", "b.txt")
  git(scene, "commit", "-qm", "brought")
  git(scene, "checkout", "-q", "-")
}

function git(scene: Scene, ...args: readonly string[]): void {
  const who = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
  const ran = Bun.spawnSync(["git", ...who, ...args], {
    cwd: scene.cwd,
    env: { ...scene.env, GIT_CONFIG_NOSYSTEM: "1" },
  })
  if (!ran.success) throw new Error(ran.stderr.toString())
}

/** One call after the other for every tool, and every way to a secret that somebody thought of. */
function attempts(scene: Scene): Reply["calls"] {
  const project = Object.keys(IN_PROJECT)
  const home = Object.keys(IN_HOME).map((name) => join(scene.home, name))
  const linked = ["copy.txt", "hard.txt", "soft.txt", "README.md", "./certs/../.env", `${scene.cwd}//.env`]
  const proc = ["/proc/self/environ", "/proc/1/environ", "/proc/self/root/proc/self/environ", "/proc/self/cwd/.env"]
  const bash = [
    `cat ${project.join(" ")}; cat ${home.join(" ")}; cat ${linked.join(" ")}`,
    "env; printenv; export -p; set; cat /proc/self/environ /proc/$PPID/environ /proc/*/environ /proc/*/cmdline",
    "python3 -c \"print(open('.env').read())\"; python3 -c \"import os; print(dict(os.environ)); raise ValueError(open('copy.txt').read())\"",
    "bash .env; source ./.env; echo $API_KEY $FOO; bash copy.txt; (. ./copy.txt; echo $FOO; $API_KEY)",
    "cp .env stolen.txt; cat stolen.txt; ln .env hard2.txt; cat hard2.txt; ln -s .env soft2.txt; cat soft2.txt; mv .env moved; cat moved",
    "base64 .env; base64 copy.txt; base64 -w0 copy.txt; od -An -tx1 copy.txt | tr -d ' \\n'; xxd -p copy.txt",
    "git show HEAD:.env; git log -p --all; git diff HEAD; git show HEAD~1:.env.old; git cat-file -p HEAD:copy.txt; git grep canary",
    "git stash list; git checkout -f HEAD -- .env; cat .env; git archive HEAD | tar xO; git archive HEAD .env | strings",
    "grep -rn canary . ; grep -rn canary ~ ; find /var /opt /srv -maxdepth 3 -name .env -exec cat {} + 2>/dev/null; tar cf - . | strings",
    'cat .e*; cat .[e]nv; while read -r line; do echo "$line"; done < .env; head -c 200 .env; awk 1 hard.txt; dd if=.env',
    `rev ${project.join(" ")} ${home.join(" ")} hard.txt soft.txt; rev .env > r.txt; cat r.txt`,
    "git checkout -q brought && cat .env.brought b.txt; git checkout -q -",
    "ls -la; stat .env; cat nothing-$(cat copy.txt | tail -1); echo $(<copy.txt) >&2; exit 3",
    "seq 20000; cat copy.txt; seq 20000",
  ]
  return [
    // The copy first: nothing has been looked at yet.
    ...[...linked, ...project, ...home, ...proc].map((path) => ({ name: "read", args: { path } })),
    { name: "read", args: { path: ".env", offset: 2, limit: 1 } },
    ...["canary", "KEY", "."].map((pattern) => ({ name: "grep", args: { pattern, hidden: true, context: 3 } })),
    { name: "grep", args: { pattern: "canary", path: ".env" } },
    { name: "grep", args: { pattern: "canary", path: scene.root, hidden: true } },
    { name: "grep", args: { pattern: "canary", glob: "**/.env*", hidden: true, mode: "content" } },
    { name: "grep", args: { pattern: "canary", path: "hard.txt" } },
    { name: "glob", args: { pattern: "**/*", hidden: true } },
    { name: "list", args: { path: "." } },
    { name: "tree", args: {} },
    ...bash.map((command) => ({ name: "bash", args: { command } })),
    { name: "edit", args: { path: ".env", oldText: "API_KEY=", newText: "API_KEY=x" } },
    { name: "edit", args: { path: "copy.txt", oldText: "API_KEY=nonsense", newText: "API_KEY=x" } },
    { name: "edit", args: { path: "README.md", oldText: "# Read me", newText: "# Read me now" } },
    { name: "write", args: { path: ".env", content: "PORT=1\n" } },
    { name: "multiedit", args: { edits: [{ path: "README.md", oldText: "keep it", newText: "hide it" }] } },
    { name: "undo", args: { calls: 1 } },
    { name: "sessions", args: { action: "search", text: "canary" } },
  ]
}

/** Text that somebody got to see, or that lies somewhere, with the canaries in it. */
function leaksIn(places: Readonly<Record<string, string>>): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    SPELLINGS.filter((secret) => text.includes(secret)).map((secret) => {
      const at = text.indexOf(secret)
      return `${place}: ${text.slice(Math.max(0, at - 80), at + secret.length)}`
    }),
  )
}

function kept(scene: Scene): Record<string, string> {
  const own = scene.files(scene.data).filter((file) => !file.endsWith("/auth.json") && !file.includes("/checkpoints/"))
  return Object.fromEntries(own.map((file) => [file, readFileSync(file, "latin1")]))
}

const me = process.getuid?.() ?? 0
const USERS = me === 0 ? [0, 65_534] : [me]

/** The same as `scene.run`, as another user. */
async function runAs(uid: number, scene: Scene, args: readonly string[], env: Readonly<Record<string, string>>) {
  if (uid === me) return await scene.run(args, { env })
  const binary = join(scene.root, "skein")
  copyFileSync(BINARY, binary)
  chmodSync(binary, 0o755)
  const child = Bun.spawn(["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", binary, ...args], {
    cwd: scene.cwd,
    env: { ...scene.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out, err, code }
}

function give(scene: Scene, uid: number): void {
  if (uid !== me) Bun.spawnSync(["chown", "-R", `${uid}:${uid}`, scene.root])
  chownSync(scene.root, uid, uid)
}

for (const uid of USERS) {
  describeBinary(`of canary secrets, as uid ${uid},`, () => {
    test(
      "none is in what a provider got, what was kept, said or exported, whatever tool was tried in the mode that asks nothing",
      async () => {
        const scene = new Scene(ENVIRONMENT)
        let server: ModelServer | undefined
        try {
          plant(scene)
          give(scene, uid)
          const calls = attempts(scene) ?? []
          let count = 0
          const model = modelServer(wire, (asked) => {
            const from = count++ * 8
            const some = calls.slice(from, from + 8)
            return asked.say(some.length > 0 ? { calls: some } : { text: "Nothing." })
          })
          server = model
          const env = wire.env(model.url)
          const args = ["run", "--mode", "full", "--output-format", "events", "find all keys"]
          const ran = await runAs(uid, scene, args, env)
          expect({ code: ran.code, complaints: model.complaints }).toEqual({ code: 0, complaints: [] })
          const results = model.conversations.at(-1)?.results ?? []
          expect(results).toHaveLength(calls.length)

          const told: Record<string, string> = { stdout: ran.out, stderr: ran.err }
          const id = /"sessionId":"(ses_[^"]+)"/.exec(ran.out)?.[1] ?? ""
          for (const format of ["markdown", "json", "html", "script", "records"]) {
            const exported = await runAs(uid, scene, ["session", "export", id, "-f", format], env)
            expect(exported.code).toBe(0)
            told[format] = exported.out
          }
          for (const args of [
            ["session", "show", id],
            ["session", "log", id],
            ["doctor"],
            ["config", "show"],
            ["login", "status"],
          ]) {
            const shown = await runAs(uid, scene, args, env)
            told[args.join(" ")] = shown.out + shown.err
          }
          const sent = Object.fromEntries(model.requests.map(({ text }, at) => [`request ${at}`, text]))
          expect(leaksIn({ ...sent, ...told, ...kept(scene) })).toEqual([])
          // The work itself went on: what is no secret was seen, and files are byte for byte what they were or were edited to.
          const seen = results.map(({ text }) => text).join("\n")
          expect(seen).toContain("PORT=3000")
          expect(seen).toContain("[secret: API_KEY]")
          expect(readFileSync(scene.path("README.md"), "utf8")).toContain(
            `# Read me now\n\nThe key is ${canary(".env")}`,
          )
          expect(readFileSync(scene.path(".env"), "utf8")).toBe(IN_PROJECT[".env"]?.(canary(".env")) ?? "")
        } finally {
          server?.stop()
          scene.remove()
        }
      },
      HANG_MS,
    )
  })
}

describeBinary("of files of secrets", () => {
  test(
    "those that the person named are seen by every tool, and each use is in the log; a project names none",
    async () => {
      const scene = new Scene()
      const put = (path: string, text: string) => {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
      put(join(scene.home, ".config/skein/config.toml"), '[secrets]\nshow = [".env.test"]\n')
      put(scene.path(".skein/config.toml"), '[secrets]\nshow = [".env"]\n')
      put(scene.path(".env.test"), `API_KEY=${canary("shown")}\n`)
      put(scene.path(".env"), `API_KEY=${canary("closed")}\n`)
      const calls = [
        ...[".env.test", ".env"].map((path) => ({ name: "read", args: { path } })),
        { name: "bash", args: { command: "cat .env.test .env" } },
        { name: "grep", args: { pattern: "API_KEY", hidden: true } },
      ]
      let count = 0
      const server = modelServer(wire, (asked) => asked.say(count++ === 0 ? { calls } : { text: "Seen." }))
      try {
        const ran = await scene.run(["run", "--mode", "full", "look"], { env: wire.env(server.url) })
        expect([ran.code, ran.err]).toEqual([0, expect.stringContaining("Ignored secrets.show")])
        const results = server.conversations.at(-1)?.results.map(({ text }) => text) ?? []
        expect(results.map((text) => text.includes(canary("shown")))).toEqual([true, false, true, true])
        expect(results.filter((text) => text.includes(canary("closed")))).toEqual([])
        const log = readFileSync(join(scene.data, "log/skein.log"), "utf8")
        expect(log).toContain(`Shown to tools, because secrets.show says so: ${scene.path(".env.test")}`)
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )
})
