import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { ExecPort, ExecRequest, ExecResult } from "@skein/core/ports"

export interface ExecWorld {
  readonly exec: ExecPort
  /** A folder of the test's own, absolute and resolved, not below `/tmp`. */
  readonly folder: string
  /** What was kept of a full output. */
  readonly artifact: (id: string) => Promise<Uint8Array>
  cleanUp(): void
}

/** What every ExecPort promises, in one sandbox mode. Uses /bin/sh and the usual small programs. */
export function execPortContract(
  name: string,
  make: () => ExecWorld | Promise<ExecWorld>,
  sandbox: ExecRequest["sandbox"] = "workspace-write",
): void {
  describe(`${name} is an ExecPort in ${sandbox}`, () => {
    let world: ExecWorld
    beforeAll(async () => {
      world = await make()
    })
    afterAll(() => world.cleanUp())

    const run = (command: ExecRequest["command"], changes: Partial<ExecRequest> = {}): Promise<ExecResult> =>
      world.exec.run({
        command,
        cwd: world.folder,
        sandbox,
        roots: [world.folder],
        timeoutMs: 20_000,
        signal: new AbortController().signal,
        bytesMax: 30_000,
        ...changes,
      })

    test("confinement says what run will give, and the same again", async () => {
      const given = await world.exec.confinement(sandbox)

      expect(given.kind).toBe(sandbox === "full-access" ? "none" : "confined")
      expect(await world.exec.confinement(sandbox)).toEqual(given)
    })

    test("a shell line runs in its folder and tells its exit code", async () => {
      const result = await run("pwd; exit 3")

      expect(result).toMatchObject({
        exitCode: 3,
        output: `${world.folder}\n`,
        isTimedOut: false,
        isGroupLeftBehind: false,
      })
      expect(result.bytes).toBe(world.folder.length + 1)
    })

    test("a program gets its arguments as they are", async () => {
      expect((await run(["printf", "%s|", "a b", "$HOME", "*", ""])).output).toBe("a b|$HOME|*||")
    })

    test("both streams come in the order in which they were written, and can be opened by name", async () => {
      const result = await run(
        "for i in 1 2 3; do echo o$i; echo e$i >&2; done; echo x > /dev/stderr; echo y > /dev/stdout",
      )

      expect(result.output).toBe("o1\ne1\no2\ne2\no3\ne3\nx\ny\n")
    })

    test("standard input is empty", async () => {
      expect((await run("cat; echo end")).output).toBe("end\n")
    })

    test("who reads from the terminal finds none, and waits for nobody", async () => {
      const startedAt = performance.now()
      const { output } = await run("(read -r x < /dev/tty) 2>/dev/null; echo code $?; test -t 0 || echo none")

      expect(output).toBe("code 1\nnone\n")
      expect(performance.now() - startedAt).toBeLessThan(5_000)
    })

    test("from the moment when its time does not count any more it goes on, and is still ended by the signal", async () => {
      const [abort, untimed] = [new AbortController(), new AbortController()]
      const bytes: Uint8Array[] = []
      const up = Promise.withResolvers<void>()
      const running = run("echo up; sleep 0.6; echo late; sleep 9999", {
        ...{ timeoutMs: 400, signal: abort.signal, untimed: untimed.signal },
        onBytes: (chunk) => {
          bytes.push(chunk)
          up.resolve()
        },
      })
      await up.promise
      untimed.abort()
      while (!Buffer.concat(bytes).includes("late")) await Bun.sleep(10)
      abort.abort()

      expect(await running).toMatchObject({ isTimedOut: false, exitCode: null, output: "up\nlate\n" })
    })

    test("output over the bound keeps head and tail, says what is missing, and is whole in an artifact", async () => {
      const result = await run("seq 1 20000", { bytesMax: 1_000 })
      const whole = `${Array.from({ length: 20_000 }, (_, index) => index + 1).join("\n")}\n`

      expect(result.bytes).toBe(whole.length)
      expect(result.output).toStartWith("1\n2\n3\n")
      expect(result.output).toEndWith("19999\n20000\n")
      expect(result.output).toContain("107,894 bytes left out")
      expect(new TextDecoder().decode(await world.artifact(result.artifact?.id ?? ""))).toBe(whole)
    })

    test("output within the bound needs no artifact", async () => {
      const result = await run("seq 1 20", { bytesMax: 51 })

      expect(result.output).toEndWith("19\n20\n")
      expect(result.artifact).toBeUndefined()
    })

    test("no character is cut in two", async () => {
      for (const bytesMax of [100, 101, 102, 103, 104, 105]) {
        const { output } = await run("i=0; while [ $i -lt 100 ]; do printf '€𝄞'; i=$((i+1)); done", { bytesMax })
        expect(output).not.toContain("\ufffd")
        expect(output).toMatch(/^€.*left out.*𝄞$/s)
      }
    })

    test("output is told while it comes", async () => {
      const told: [number, string][] = []
      const result = await run("echo first; sleep 0.3; echo second", { onOutput: (...now) => told.push(now) })

      expect(told.at(0)).toEqual([6, "first\n"])
      expect(told.at(-1)).toEqual([13, "first\nsecond\n"])
      expect(result.output).toBe("first\nsecond\n")
    })

    for (const [what, command] of [
      ["a background process", "sleep 9999 & echo done"],
      ["a background process that holds nothing", "sleep 9999 >/dev/null 2>&1 & echo done"],
      ["a daemon in a session of its own", "setsid sleep 9999 & echo done"],
      ["a silent daemon", "(setsid sleep 9999 >/dev/null 2>&1 </dev/null &) ; echo done"],
      ["a holder of the pipe that ignores signals", "(trap '' TERM HUP INT; sleep 9999) & echo done"],
    ] as const) {
      test(`${what} delays the result by less than half a second, and is ended`, async () => {
        const startedAt = performance.now()
        const result = await run(command)

        expect(result).toMatchObject({ exitCode: 0, output: "done\n", isGroupLeftBehind: true })
        // Promised within half a second; a busy machine may take longer, a hang takes for ever.
        expect(performance.now() - startedAt).toBeLessThan(5_000)
      })
    }

    test("what a process substitution still has to say is waited for", async () => {
      const result = await run(["/bin/sh", "-c", "(sleep 0.05; echo late) & echo early"])

      expect(result).toMatchObject({ output: "early\nlate\n", isGroupLeftBehind: false })
    })

    test("a timeout ends the whole group", async () => {
      const result = await run("sleep 9999 & sleep 9999", { timeoutMs: 100 })

      expect(result).toMatchObject({
        exitCode: null,
        isTimedOut: true,
        signal: expect.stringMatching(/^SIG(TERM|KILL)$/),
      })
    })

    test("a command may tidy up when it is stopped, but not refuse", async () => {
      const tidy = await run("trap 'echo tidied; exit 0' TERM; sleep 9999 & wait", { timeoutMs: 600 })
      expect(tidy).toMatchObject({ isTimedOut: true, output: expect.stringContaining("tidied") })

      const stubborn = await run("trap '' TERM; while :; do sleep 0.1; done", { timeoutMs: 100 })
      expect(stubborn).toMatchObject({ isTimedOut: true, signal: "SIGKILL" })
    })

    test("an abort ends the group within 200 ms, even one that ignores SIGTERM", async () => {
      for (const command of ["echo up; sleep 9999", "trap '' TERM; echo up; while :; do sleep 0.1; done"]) {
        const abort = new AbortController()
        const up = Promise.withResolvers<void>()
        const running = run(command, { signal: abort.signal, onOutput: () => up.resolve() })
        await up.promise
        const abortedAt = performance.now()
        abort.abort()
        const result = await running

        expect(result).toMatchObject({ exitCode: null, isTimedOut: false })
        expect(performance.now() - abortedAt).toBeLessThan(2_000)
      }
    })

    test("a signal given before the start starts nothing", async () => {
      expect(await run("touch started", { signal: AbortSignal.abort() })).toMatchObject({ exitCode: null, output: "" })
      expect((await run("ls")).output).not.toContain("started")
    })

    test("a folder that is gone is told as a failure of the command", async () => {
      await expect(run("true", { cwd: `${world.folder}/gone` })).rejects.toMatchObject({ name: "ToolFailure" })
    })

    test("commands run beside each other without mixing", async () => {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) => run(`echo ${index}; sleep 0.05; echo ${index}`)),
      )

      expect(results.map(({ output }) => output)).toEqual(results.map((_, index) => `${index}\n${index}\n`))
    })
  })
}
