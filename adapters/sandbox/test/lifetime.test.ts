import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { ArtifactsPort, ExecRequest } from "@skein/core/ports"
import type { ExecOptions } from "../src/index.ts"
import type { DriverTask } from "./driver.ts"
import { isRunning, started } from "./running.ts"
import { type TestWorld, testWorld, whyUnconfined } from "./world.ts"

const reason = await whyUnconfined()

describe("the life of a command", () => {
  let world: TestWorld
  beforeEach(() => {
    world = testWorld()
  })
  afterEach(() => world.cleanUp())

  const runWith = ({ exec, workspace }: TestWorld, command: string, changes: Partial<ExecRequest> = {}) =>
    exec.run({
      command,
      cwd: workspace,
      sandbox: "full-access",
      roots: [workspace],
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      bytesMax: 30_000,
      ...changes,
    })
  const run = (command: string, changes?: Partial<ExecRequest>) => runWith(world, command, changes)
  /** In a world of its own, which is gone afterwards. */
  const runIn = async (options: Partial<ExecOptions>, command: string, changes?: Partial<ExecRequest>) => {
    const own = testWorld(options)
    try {
      return await runWith(own, command, changes)
    } finally {
      own.cleanUp()
    }
  }

  for (const sandbox of ["workspace-write", "full-access"] as const) {
    test.skipIf(sandbox === "workspace-write" && reason !== undefined)(
      `it ends when skein is killed, in ${sandbox}`,
      async () => {
        const mark = `32000000.${process.pid}${sandbox.length}`
        const task: DriverTask = { base: world.base, sandbox, commands: [`sleep ${mark} & sleep ${mark}`] }
        const skein = Bun.spawn([process.execPath, join(import.meta.dir, "driver.ts"), JSON.stringify(task)], {
          stdio: ["ignore", "ignore", "ignore"],
        })
        await started(mark)
        skein.kill("SIGKILL")
        await skein.exited

        expect(await isRunning(mark)).toBe(false)
      },
    )

    test.skipIf(sandbox === "workspace-write" && reason !== undefined)(
      `nothing survives a timeout, in ${sandbox}`,
      async () => {
        const mark = `33000000.${process.pid}${sandbox.length}`
        await run(`(setsid sh -c 'trap "" TERM; sleep ${mark}' &); (trap "" TERM; sleep ${mark}) & sleep ${mark}`, {
          sandbox,
          timeoutMs: 150,
        })

        expect(await isRunning(mark)).toBe(false)
      },
    )

    test.skipIf(sandbox === "workspace-write" && reason !== undefined)(
      `200 MB of output take little memory and time, in ${sandbox}`,
      async () => {
        const startedAt = performance.now()
        const child = Bun.spawn([process.execPath, join(import.meta.dir, "flood.ts"), sandbox], { stderr: "inherit" })
        const took = JSON.parse(await child.stdout.text())

        expect(took).toMatchObject({ bytes: 200_000_000, onDisk: 200_000_000 })
        expect(took.shown).toBeLessThan(31_000)
        expect(took.grownBytes).toBeLessThan(100_000_000)
        expect(performance.now() - startedAt).toBeLessThan(15_000)
      },
    )
  }

  test("an artifact is kept among its session's", async () => {
    const result = await run("seq 1 2000", { bytesMax: 1_000, sessionId: "ses_a" })
    expect(result.artifact?.path).toStartWith("/artifacts/ses_a/")
  })

  test("an artifact ends at its cap, and says so", async () => {
    const result = await runIn({ artifactBytesMax: 5_000 }, "seq 1 20000", { bytesMax: 1_000 })

    expect(result.artifact?.bytes).toBe(5_000)
    expect(result.output).toContain("bytes left out; only the first 5,000 were kept]")
  })

  test("a disk that is full costs the artifact, not the result", async () => {
    const full: ArtifactsPort = {
      create: async () => ({
        write: () => {
          throw new Error("ENOSPC: no space left on device")
        },
        close: () => Promise.reject(new Error("closed after a failure")),
        discard: async () => undefined,
      }),
    }
    const result = await runIn({ artifacts: full }, "seq 1 20000; exit 4", { bytesMax: 1_000 })

    expect(result).toMatchObject({ exitCode: 4, bytes: 108_894 })
    expect(result.artifact).toBeUndefined()
    expect(result.output).toContain("they could not be kept: ENOSPC")
  })

  test.skipIf(reason !== undefined)("what a killed skein left in /tmp is removed by the next", async () => {
    const parent = join(world.base, "tmp")
    const left = join(parent, "skein-2147483646-gone")
    mkdirSync(left, { recursive: true })
    writeFileSync(join(left, "file"), "")
    const port = testWorld({ tmp: parent })
    await runWith(port, "echo x > /tmp/x", { sandbox: "workspace-write" })

    expect(readdirSync(parent)).toEqual([expect.stringMatching(new RegExp(`^skein-${process.pid}-`))])
    port.cleanUp()
    expect(readdirSync(parent)).toEqual([])
  })

  test.skipIf(reason !== undefined)(
    "what is to be hidden may be anywhere, there or not, inside /tmp or out",
    async () => {
      const hidden = ["/tmp/skein-hidden/none", world.base, join(world.home, "none"), "/proc/self/environ", "/dev/shm"]
      const { output } = await runIn({ hidden, tmp: "/var/tmp" }, `ls -A ${world.base}; echo ok`, {
        sandbox: "workspace-write",
      })

      expect(output).toBe("ok\n")
    },
  )

  test("many commands leave no descriptor open", async () => {
    await run("true")
    const before = readdirSync("/proc/self/fd").length
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 20 }, () => run("echo x; sleep 0 & true")))

    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before + 2)
  })
})
