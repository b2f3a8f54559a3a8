import { expect, test } from "bun:test"
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { connectSkein, type Event, tool } from "@skein/sdk"
import { describeBinary } from "./ground/binary.ts"
import { append } from "./ground/model.ts"
import { embedded } from "./ground/sdk.ts"

const HANG_MS = 60_000
const bash = (command: string) => ({ calls: [{ name: "bash", args: { command } }] })

/** Every path below a folder with all that it is: kind, mode, bytes. */
function looks(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true }).map(String).toSorted()
  return Object.fromEntries(
    paths.map((path) => {
      const [full, stat] = [join(folder, path), lstatSync(join(folder, path))]
      const mode = (stat.mode & 0o7777).toString(8)
      if (stat.isSymbolicLink()) return [path, `link ${readlinkSync(full)}`]
      return [path, stat.isDirectory() ? `folder ${mode}` : `file ${mode} ${readFileSync(full).toString("base64")}`]
    }),
  )
}

describeBinary("a session by the SDK", () => {
  test(
    "goes on by its id in another process, with and without the prefix",
    async () => {
      await using my = await embedded({ text: "One." }, { text: "Two." }, { text: "Three." })
      const first = await my.skein.session()
      await first.prompt("a")
      await my.skein.close()
      const again = await my.start()
      const second = await again.session({ id: first.id })
      expect((await second.prompt("b")).text).toBe("Two.")
      await again.close()
      const third = await (await my.start()).session({ id: first.id.slice("ses_".length), mode: "plan" })
      expect((await third.prompt("c")).text).toBe("Three.")

      expect(my.server.conversations.at(-1)?.said).toEqual(["a", "b", "c"])
      expect((await third.read()).settings.mode).toBe("plan")
      const none = again.session({ id: "nope/../x" })
      await expect(none).rejects.toMatchObject({ code: "session.not_found" })
    },
    HANG_MS,
  )

  test(
    "goes back byte for byte: what tools, and what commands made, changed, linked and removed; and forward again",
    async () => {
      const command =
        "printf 'changed\\000' > data.bin; rm gone.txt; chmod 700 tool.sh; ln -sfn other link; mkdir made; echo new > made/new.txt"
      const write = { calls: [{ name: "write", args: { path: "notes.txt", content: "by a tool\n" } }] }
      await using my = await embedded({ text: "Ready." }, write, bash(command), { text: "Done." }, { text: "Anew." })
      const { scene, skein } = my
      writeFileSync(scene.path("data.bin"), Buffer.from([0, 255, 10, 13, 0]))
      writeFileSync(scene.path("gone.txt"), "here\n")
      writeFileSync(scene.path("tool.sh"), "#!/bin/sh\n")
      chmodSync(scene.path("tool.sh"), 0o640)
      symlinkSync("data.bin", scene.path("link"))
      const before = looks(scene.cwd)
      const session = await skein.session({ mode: "full" })
      const { turnId: first } = await session.prompt("look")
      const { turnId, changes } = await session.prompt("change")
      const after = looks(scene.cwd)

      expect(after).not.toEqual(before)
      expect(changes.map(({ path, kind }) => [path.slice(scene.cwd.length + 1), kind]).toSorted()).toEqual(
        expect.arrayContaining([
          ["data.bin", "update"],
          ["gone.txt", "delete"],
          ["made/new.txt", "add"],
          ["notes.txt", "add"],
        ]),
      )
      await session.rewind("code")
      expect(looks(scene.cwd)).toEqual(before)
      expect((await session.read()).items.some((item) => "turnId" in item && item.turnId === turnId)).toBeTrue()
      await session.redo("code")
      expect(looks(scene.cwd)).toEqual(after)
      await session.rewind("both", { to: turnId })
      expect(looks(scene.cwd)).toEqual(before)
      const left = (await session.read()).items.flatMap((item) => ("turnId" in item ? [item.turnId] : []))
      expect([...new Set(left)]).toEqual([first])
      await session.prompt("again")
      expect(my.server.conversations.at(-1)?.said).toEqual(["look", "again"])
    },
    HANG_MS,
  )

  test(
    "does not go back over what somebody else wrote since, unless it is told to",
    async () => {
      await using my = await embedded({ calls: [append("one")] }, { text: "Done." })
      const session = await my.skein.session({ mode: "full" })
      await session.prompt("go")
      writeFileSync(my.scene.path("ran.txt"), "a person's own\n")

      expect(await session.rewind("code").catch((error) => error.code)).toBe("checkpoint.conflict")
      expect(my.scene.read("ran.txt")).toBe("a person's own\n")
      await session.rewind("code", { onConflict: "overwrite" })
      expect(looks(my.scene.cwd)).toEqual({})
    },
    HANG_MS,
  )

  test(
    "forks into a conversation of its own",
    async () => {
      await using my = await embedded({ text: "One." }, { text: "Two." }, { text: "Other." })
      const session = await my.skein.session()
      const { turnId } = await session.prompt("a")
      await session.prompt("b")
      const fork = await session.fork({ throughTurnId: turnId })
      await fork.prompt("c")

      expect(my.server.conversations.at(-1)?.said).toEqual(["a", "c"])
      expect(fork.id).not.toBe(session.id)
      expect((await session.read()).items.length).toBe(4)
    },
    HANG_MS,
  )

  test(
    "takes more while a turn runs: at its next step, or as the next turn; a second one is busy",
    async () => {
      const begun = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      await using my = await embedded(
        async (asked) => {
          begun.resolve()
          await go.promise
          await asked.say({ calls: [append("one")] })
        },
        { text: "Steered." },
        { text: "Queued." },
      )
      const session = await my.skein.session({ mode: "full" })
      const turn = await session.stream("a")
      await begun.promise
      expect(await session.prompt("no").catch((error) => error.code)).toBe("turn.busy")
      await session.steer("b")
      const queued = await session.queue("c")
      go.resolve()

      expect((await turn.result()).text).toBe("Steered.")
      expect((await queued.result()).text).toBe("Queued.")
      expect(my.server.conversations.map(({ said }) => said)).toEqual([["a"], ["a", "b"], ["a", "b", "c"]])
    },
    HANG_MS,
  )

  test(
    "changes its settings, makes room, and runs commands as a person would",
    async () => {
      await using my = await embedded({ text: "One." }, { text: "A summary." })
      const session = await my.skein.session()
      await session.prompt("a ".repeat(2_000))
      await session.change({ mode: "plan", effort: "low" })
      expect((await session.read()).settings).toMatchObject({ mode: "plan", effort: "low" })
      expect((await session.command("/status")).text).toContain("plan")
      const refusal = await session.command("/nosuch").catch((error) => error.code)
      expect(refusal).toBe("op.invalid")
      const events: Event[] = []
      await session.compact("the names").catch((error) => expect(error.code).toBe("context.nothing_to_compact"))
      for await (const event of session.events(1)) {
        if (event.type === "session.snapshot") break
        events.push(event)
      }
      expect(events[0]?.type).toBe("session.created")
      expect((await my.skein.sessions({ includesNonInteractive: true })).map(({ sessionId }) => sessionId)).toEqual([
        session.id,
      ])
    },
    HANG_MS,
  )

  test(
    "is led over a socket and over http as over a pipe, by whoever has the token",
    async () => {
      await using my = await embedded({ text: "One." }, { text: "Two." })
      const socket = join(my.scene.root, "s", "skein.sock")
      const server = my.scene.start(["serve", "--listen", `unix:${socket}`, "--listen", "http://127.0.0.1:0"])
      try {
        let said = ""
        const reading = server.stderr.getReader()
        while (!/listening on http.*\n/.test(said)) said += new TextDecoder().decode((await reading.read()).value)
        const [, address = ""] = /listening on (http\S+)/.exec(said) ?? []
        const [, file = ""] = /token +is in ([^;]+);/.exec(said) ?? []
        const near = await connectSkein({ address: `unix:${socket}`, cwd: my.scene.cwd })
        const session = await near.session()
        expect((await session.prompt("a")).text).toBe("One.")
        const token = readFileSync(file, "utf8").trim()
        const far = await connectSkein({ address, token, cwd: my.scene.cwd })
        expect((await (await far.session({ id: session.id })).prompt("b")).text).toBe("Two.")
        const stranger = await connectSkein({ address, token: `${token}x` }).catch((error) => error.code)
        expect(stranger).toBe("engine.refused")
        await near.close()
        await far.close()
      } finally {
        server.kill()
        await server.exited
      }
    },
    HANG_MS,
  )

  test(
    "is free for another process as soon as it is closed",
    async () => {
      await using my = await embedded({ text: "One." })
      const session = await my.skein.session()
      await session.prompt("a")
      await session.close()
      await my.skein.close()
      const again = await my.start()
      expect((await again.session({ id: session.id })).id).toBe(session.id)
    },
    HANG_MS,
  )

  test(
    "goes on when the skein that was started for it is killed, with the same session and handlers",
    async () => {
      const clock = tool({ name: "clock", description: "Tells the time.", run: () => "noon" })
      await using my = await embedded(
        { text: "One." },
        { calls: [{ name: "mcp__host__clock", args: {} }] },
        { text: "Two." },
      )
      const session = await my.skein.session({ hostTools: [clock] })
      await session.prompt("a")
      const [pid] = servers(my.scene.cwd)
      process.kill(pid ?? 0, "SIGKILL")
      expect((await session.prompt("b")).text).toBe("Two.")

      expect(my.server.requests.at(-1)?.text).toContain("noon")
      expect(my.server.conversations.at(-1)?.said).toEqual(["a", "b"])
      expect(servers(my.scene.cwd)).not.toEqual([pid])
      await my.skein.close()
      expect(servers(my.scene.cwd)).toEqual([])
    },
    HANG_MS,
  )
})

/** Processes of this one's that work in a folder. */
function servers(cwd: string): number[] {
  const { stdout } = Bun.spawnSync(["ps", "-o", "pid=", "--ppid", String(process.pid)])
  const pids = stdout.toString().trim().split(/\s+/).map(Number)
  return pids.filter((pid) => existsSync(`/proc/${pid}/cwd`) && readlinkSync(`/proc/${pid}/cwd`) === cwd)
}
