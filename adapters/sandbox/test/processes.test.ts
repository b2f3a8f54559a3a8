import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { chmodSync, readdirSync } from "node:fs"
import { join } from "node:path"
import type { ProcessRequest } from "@skein/core/ports"
import { processesPortContract } from "@skein/testkit"
import type { ProcessTask } from "./process-driver.ts"
import { isRunning, started } from "./running.ts"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = await whyUnconfined()
const SANDBOXES = ["workspace-write", "full-access"] as const
const isSkipped = (sandbox: string) => sandbox === "workspace-write" && reason !== undefined

function make() {
  const world = testWorld()
  return { processes: world.exec, folder: world.workspace, cleanUp: () => world.cleanUp() }
}

describe.skipIf(reason !== undefined)("confined", () => processesPortContract("the sandbox", make))
processesPortContract("the sandbox", make, "full-access")

describe("the life of a lasting process", () => {
  let world: TestWorld
  beforeEach(() => {
    world = testWorld()
  })
  afterEach(() => world.cleanUp())

  const begin = (command: string, changes: Partial<ProcessRequest> = {}) =>
    world.exec.start({
      ...{ command, cwd: world.workspace, sandbox: "workspace-write", roots: [world.workspace] },
      onOutput: () => undefined,
      ...changes,
    })

  const users = process.getuid?.() === 0 ? ([0, 65_534] as const) : ([process.getuid?.() ?? 0] as const)
  for (const sandbox of SANDBOXES) {
    for (const uid of users) {
      for (const isInTerminal of [false, true]) {
        test.skipIf(isSkipped(sandbox))(
          `nothing of it outlives a killed skein, in ${sandbox} as user ${uid}${isInTerminal ? " in a terminal" : ""}`,
          async () => {
            const mark = `34${uid}000.${process.pid}${sandbox.length}${isInTerminal ? 1 : 0}`
            for (const folder of [world.base, world.workspace, world.home]) chmodSync(folder, 0o777)
            const command = `(setsid sh -c 'trap "" TERM HUP; sleep ${mark}' &); sleep ${mark} & sleep ${mark}`
            const task: ProcessTask = { base: world.base, sandbox, command, isInTerminal, uid }
            const skein = Bun.spawn(
              [process.execPath, join(import.meta.dir, "process-driver.ts"), JSON.stringify(task)],
              {
                stdio: ["ignore", "ignore", "inherit"],
              },
            )
            await started(mark)
            skein.kill("SIGKILL")
            await skein.exited

            expect(await isRunning(mark)).toBe(false)
          },
        )
      }
    }

    test.skipIf(isSkipped(sandbox))(`what left its group ends with it, in ${sandbox}`, async () => {
      const mark = `35000000.${process.pid}${sandbox.length}`
      const running = await begin(`setsid sh -c 'trap "" TERM; sleep ${mark}' & sleep ${mark}`, { sandbox })
      await started(mark)
      await running.end()

      expect(await isRunning(mark)).toBe(false)
    })

    test.skipIf(isSkipped(sandbox))(`many processes leave no descriptor open, in ${sandbox}`, async () => {
      const round = async (pty?: ProcessRequest["pty"]) => {
        const all = Array.from({ length: 8 }, () => begin("cat", { sandbox, pty }))
        for (const running of await Promise.all(all)) await running.end()
      }
      await round()
      await round({ columns: 80, rows: 24 })
      const before = readdirSync("/proc/self/fd").length
      for (let count = 0; count < 3; count++) {
        await round()
        await round({ columns: 80, rows: 24 })
      }

      expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before + 2)
    })
  }

  test.skipIf(reason !== undefined)("it is held to the folders of its request, and sees no secret", async () => {
    let text = ""
    const running = await begin(`echo x > ${world.outside}/x; echo x > ./x && ls`, {
      onOutput: (bytes) => {
        text += Buffer.from(bytes).toString()
      },
    })
    await running.exited

    expect(text).toMatch(/Read-only file system\nx\n$/)
    expect(readdirSync(world.outside)).toEqual([])
  })

  test.skipIf(reason !== undefined || Bun.which("perl") === null)(
    "a later command reaches what it serves, and nobody else does",
    async () => {
      const port = 20_000 + (process.pid % 20_000)
      const server = `$s=IO::Socket::INET->new(LocalAddr=>"127.0.0.1:${port}",Listen=>5); $|=1; print "up"; while($c=$s->accept){print $c "served\\n"; close $c}`
      let text = ""
      const running = await begin(`exec perl -MIO::Socket::INET -e '${server}'`, {
        onOutput: (bytes) => {
          text += Buffer.from(bytes).toString()
        },
      })
      while (!text.includes("up")) await Bun.sleep(10)
      const run = (sandbox: "workspace-write" | "full-access") =>
        world.exec.run({
          ...{ command: `exec 9<>/dev/tcp/127.0.0.1/${port} && cat <&9`, cwd: world.workspace, sandbox },
          ...{ roots: [world.workspace], timeoutMs: 20_000, signal: new AbortController().signal, bytesMax: 1_000 },
        })

      expect((await run("workspace-write")).output).toBe("served\n")
      expect((await run("full-access")).output).toContain("refused")
      await running.end()
    },
  )
})
