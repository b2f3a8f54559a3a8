import { describe, expect, test } from "bun:test"
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { testWorld, whyUnconfined } from "./world.ts"

const CANARY = "canary-77aa"
const reason = await whyUnconfined()

describe.skipIf(reason !== undefined)("a command in a workspace with files of secrets", () => {
  const attempts = [
    "cat .env; rev .env; base64 .env; head -c 99 soft.txt; cat deep/er/.env; python3 -c \"print(open('.env').read())\"",
    "cp .env a; cat a; ln .env b && cat b; mv .env c && cat c; cat < .env; exec 3<.env; cat <&3",
    "rm -f .env; cat .env; echo x > .env; umount .env; mount -t tmpfs none . ; cat .env; cat /proc/self/root$PWD/.env",
    "tar cf - . | strings; find . -type f -exec cat {} +; grep -r canary .",
  ]

  for (const sandbox of ["workspace-write", "read-only"] as const) {
    test(`reads nothing of them in ${sandbox}, by no name, and leaves them as they are`, async () => {
      const listed: (readonly string[])[] = []
      const world = testWorld({
        secretFiles: async (roots) => {
          listed.push(roots)
          return roots.flatMap((root) => [".env", "deep/er/.env", "gone/.env"].map((name) => join(root, name)))
        },
      })
      try {
        const put = (name: string) => writeFileSync(join(world.workspace, name), `A=${CANARY}\n`, { mode: 0o644 })
        mkdirSync(join(world.workspace, "deep/er"), { recursive: true })
        put(".env")
        put("deep/er/.env")
        symlinkSync(".env", join(world.workspace, "soft.txt"))
        for (const command of attempts) {
          const ran = await world.exec.run({
            ...{
              command,
              cwd: world.workspace,
              sandbox,
              roots: [world.workspace],
              timeoutMs: 30_000,
              bytesMax: 50_000,
            },
            signal: new AbortController().signal,
          })
          expect(ran.output).not.toContain("77aa")
          expect(ran.output).not.toContain([...CANARY].toReversed().join(""))
        }
        expect(readFileSync(join(world.workspace, ".env"), "utf8")).toBe(`A=${CANARY}\n`)
        expect(listed[0]).toContain(world.workspace)
      } finally {
        world.cleanUp()
      }
    }, 60_000)
  }

  test("has the other files, and those that only look like one of them", async () => {
    const world = testWorld({ secretFiles: async () => [] })
    try {
      writeFileSync(join(world.workspace, ".env.example"), "A=\n")
      linkSync(join(world.workspace, ".env.example"), join(world.workspace, "b"))
      chmodSync(join(world.workspace, "b"), 0o600)
      const ran = await world.exec.run({
        ...{
          command: "cat .env.example b",
          cwd: world.workspace,
          sandbox: "workspace-write",
          roots: [world.workspace],
        },
        ...{ timeoutMs: 30_000, bytesMax: 50_000, signal: new AbortController().signal },
      })
      expect(ran.output).toBe("A=\nA=\n")
    } finally {
      world.cleanUp()
    }
  })

  test("reaches no socket that the host names, as that of a keyring's bus, wherever it lies", async () => {
    const world = testWorld()
    const socket = join(world.outside, "bus")
    const listener = Bun.listen({ unix: socket, socket: { open: (one) => void one.end("let in\n"), data() {} } })
    const named = testWorld({ hidden: [socket] })
    const connect = `perl -MSocket -e 'socket(S,PF_UNIX,SOCK_STREAM,0); connect(S, pack_sockaddr_un("${socket}")) and print <S>'`
    const outputOf = async (from: typeof world) =>
      (
        await from.exec.run({
          ...{ command: connect, cwd: from.workspace, sandbox: "workspace-write" },
          ...{ roots: [from.workspace], timeoutMs: 30_000, bytesMax: 5_000, signal: new AbortController().signal },
        })
      ).output
    try {
      expect(await outputOf(named)).toBe("")
    } finally {
      listener.stop(true)
      named.cleanUp()
      world.cleanUp()
    }
  }, 60_000)
})
