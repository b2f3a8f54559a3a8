import { expect, setDefaultTimeout, test } from "bun:test"
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { handOver, startedBy, WHO, type Who } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard, on a machine that does much else.
setDefaultTimeout(120_000)

interface Reply {
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly message: string }
}

const PROTECTED = [".git/config", ".git/hooks/pre-commit", ".skein/config.toml", ".vscode/tasks.json"]
/** So long one write after the other is tried; a check that can be raced is passed within a tenth of it. */
const HUNT_MS = 5_000
const MARK = "# a-word-that-nobody-is-told"
const HOME_SECRETS = [".ssh/id_rsa", ".local/share/skein/serve/token"]

/** Not below /tmp, where the sandbox has a folder of its own. */
function ground(who: Who, sandbox: string) {
  const root = realpathSync(mkdtempSync("/var/tmp/skein-exec-attack-"))
  const [project, home, outside] = ["project", "home", "outside"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ]
  const files = [
    ...PROTECTED.map((name) => join(project, name)),
    ...HOME_SECRETS.map((name) => join(home, name)),
    join(project, ".git/HEAD"),
    join(outside, "kept"),
  ]
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, MARK)
  }
  const argv = [...startedBy(who)]
  const program = join(root, "skein")
  const built = argv.pop() ?? ""
  try {
    linkSync(built, program)
  } catch {
    copyFileSync(built, program)
  }
  if (who === "nobody") handOver(root)
  const env = { PATH: "/usr/bin:/bin", HOME: home, LANG: "C.UTF-8", A_MARK: MARK }
  const child = Bun.spawn([...argv, program, "exec-server", "--listen", "stdio", ...sandbox.split(" ")], {
    ...{ cwd: project, env, stdin: "pipe", stdout: "pipe", stderr: "ignore" },
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  const reading = (async () => {
    let rest = ""
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) {
        const message = JSON.parse(line)
        waiting.get(message.id)?.(message)
      }
    }
  })()
  void child.exited.then(() => {
    for (const settle of waiting.values()) settle({ error: { code: 0, message: "The server ended." } })
  })
  let ids = 0
  const ask = (method: string, params: object): Promise<Reply> => {
    const { promise, resolve } = Promise.withResolvers<Reply>()
    waiting.set(++ids, resolve)
    child.stdin.write(`${JSON.stringify({ id: ids, method, params })}\n`)
    void child.stdin.flush()
    return promise
  }
  const start = (processId: string, script: string) =>
    ask("process/start", {
      ...{ processId, argv: ["/bin/bash", "-c", script], cwd: `file://${project}`, tty: false },
      env: { PATH: "/usr/bin:/bin" },
    })
  return {
    ...{ root, project, home, outside, ask, start },
    greet: () => ask("initialize", { clientName: "attack" }),
    write: (path: string) => ask("fs/writeFile", { path: `file://${path}`, dataBase64: btoa("x") }),
    async read(path: string): Promise<string> {
      const { result } = await ask("fs/readFile", { path: `file://${path}` })
      return atob(String(result?.dataBase64 ?? ""))
    },
    async [Symbol.asyncDispose]() {
      void child.stdin.end()
      await Promise.all([reading, child.exited])
      rmSync(root, { recursive: true, force: true })
    },
  }
}

for (const who of WHO) {
  describeBinary(`a client of an exec-server that attacks its sandbox, as ${who}`, () => {
    test("T23: a folder that becomes a link while a file is written lets nothing out", async () => {
      await using server = ground(who, "--sandbox workspace-write")
      await server.greet()
      const flip = "for i in $(seq 3000); do mv -T r1 sw; mv -T r2 r1; mv -T r1 r2; mv -T sw r1; done"
      await server.start("flip", `mkdir r1; ln -sfn ${server.outside} r2; touch ready; while :; do ${flip}; done`)
      while (!existsSync(join(server.project, "ready"))) await Bun.sleep(5)
      const replies: Reply[] = []
      const isOut = () => existsSync(join(server.outside, "raced"))
      const until = performance.now() + HUNT_MS
      while (performance.now() < until && !isOut()) {
        const path = join(server.project, "r1/raced")
        replies.push(...(await Promise.all(Array.from({ length: 8 }, () => server.write(path)))))
      }
      await server.ask("process/terminate", { processId: "flip" })
      expect(replies.length).toBeGreaterThan(0)
      expect(isOut()).toBe(false)
      // What is inside is written all the while.
      expect((await server.write(join(server.project, "calm"))).result).toEqual({})
    })

    test("T23: what makes other programs run commands is neither written nor removed, and loses nothing", async () => {
      await using server = ground(who, "--sandbox workspace-write")
      await server.greet()
      const made = [".mcp.json"]
      const replies = [
        await server.ask("fs/createDirectory", { path: `file://${server.project}/.idea`, recursive: true }),
        ...(await Promise.all([...PROTECTED, ...made].map((name) => server.write(join(server.project, name))))),
        await server.ask("fs/remove", { path: `file://${server.project}/.git`, recursive: true, force: true }),
      ]
      expect(replies.map(({ error }) => error?.code)).toEqual(replies.map(() => -32603))
      for (const name of [...PROTECTED, ".git/HEAD"]) {
        expect(readFileSync(join(server.project, name), "utf8")).toBe(MARK)
      }
      for (const name of [...made, ".idea"]) expect(existsSync(join(server.project, name))).toBe(false)
    })

    test("T23: no secret is read: not the server's environment, nor a key, nor by a copy", async () => {
      await using server = ground(who, "--sandbox workspace-write")
      await server.greet()
      writeFileSync(join(server.project, "plain"), MARK)
      expect(await server.read(join(server.project, "plain"))).toBe(MARK)
      const secrets = ["/proc/self/environ", "/proc/1/environ", ...HOME_SECRETS.map((name) => join(server.home, name))]
      for (const path of secrets) {
        expect(await server.read(path)).not.toContain(MARK)
        const to = join(server.project, "stolen")
        const copy = { sourcePath: `file://${path}`, destinationPath: `file://${to}`, recursive: false }
        await server.ask("fs/copy", copy)
        expect(existsSync(to) ? readFileSync(to, "utf8") : "").not.toContain(MARK)
      }
    })

    test("a pipe that nobody writes to is no file, and holds up nothing", async () => {
      await using server = ground(who, "--sandbox workspace-write")
      await server.greet()
      expect(Bun.spawnSync(["mkfifo", "-m", "666", join(server.project, "pipe")]).exitCode).toBe(0)
      const path = `file://${server.project}/pipe`
      expect((await server.ask("fs/readFile", { path })).error?.code).toBe(-32600)
      expect((await server.write(join(server.project, "pipe"))).error?.code).toBe(-32603)
    })

    test("a process that served files and was killed is begun again, and says what became of it", async () => {
      await using server = ground(who, "--no-sandbox --sandbox full-access")
      await server.greet()
      const path = "file:///proc/self/stat"
      const pid = ({ result }: Reply) => Number.parseInt(atob(String(result?.dataBase64)), 10)
      const first = pid(await server.ask("fs/readFile", { path }))
      process.kill(first, "SIGKILL")
      let reply = await server.ask("fs/readFile", { path })
      // Asked before the end was noticed, it fails by that end.
      while (reply.error !== undefined) {
        expect(reply.error.message).toContain("The process that serves files was ended by SIGKILL")
        reply = await server.ask("fs/readFile", { path })
      }
      expect(pid(reply)).toBeGreaterThan(0)
      expect(pid(reply)).not.toBe(first)
    })

    test("without a sandbox all of it is the client's to do, so the above says something", async () => {
      await using server = ground(who, "--no-sandbox --sandbox full-access")
      await server.greet()
      for (const name of PROTECTED) expect((await server.write(join(server.project, name))).result).toEqual({})
      expect(await server.read(join(server.home, HOME_SECRETS[0] ?? ""))).toBe(MARK)
      expect((await server.write(join(server.outside, "kept"))).result).toEqual({})
      const remove = { path: `file://${server.project}/.git`, recursive: true, force: true }
      expect((await server.ask("fs/remove", remove)).result).toEqual({})
      expect(existsSync(join(server.project, ".git"))).toBe(false)
    })
  })
}
