import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { ProcessesPort, ProcessRequest, RunningProcess } from "@skein/core/ports"

export interface ProcessesWorld {
  readonly processes: ProcessesPort
  /** A folder of the test's own, absolute and resolved, not below `/tmp`. */
  readonly folder: string
  cleanUp(): void
}

interface Begun {
  readonly running: RunningProcess
  /** All output so far as text. */
  text(stream?: "stdout" | "stderr"): string
  /** Resolves when the output holds this. Bounded by the test's own time. */
  says(part: string): Promise<void>
}

/** What there may be beside what the request adds; a mark of the adapter's own, by which it finds what it started. */
const MINIMAL =
  /^(|GREETING|SKEIN_COMMAND|PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TERM|TZ|TMPDIR|TMP|TEMP|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|(HTTPS?|NO)_PROXY|PWD|SHLVL|_)$/

/** What every ProcessesPort promises, in one sandbox mode. Uses /bin/sh and the usual small programs. */
export function processesPortContract(
  name: string,
  make: () => ProcessesWorld,
  sandbox: ProcessRequest["sandbox"] = "workspace-write",
): void {
  describe(`${name} is a ProcessesPort in ${sandbox}`, () => {
    let world: ProcessesWorld
    beforeAll(() => {
      world = make()
    })
    afterAll(() => world.cleanUp())

    async function begin(command: ProcessRequest["command"], changes: Partial<ProcessRequest> = {}): Promise<Begun> {
      const all: { bytes: Uint8Array; stream: "stdout" | "stderr" }[] = []
      const running = await world.processes.start({
        ...{ command, cwd: world.folder, sandbox, roots: [world.folder] },
        onOutput: (bytes, stream) => all.push({ bytes, stream }),
        ...changes,
      })
      const text = (only?: "stdout" | "stderr") =>
        Buffer.concat(all.filter(({ stream }) => (only ?? stream) === stream).map(({ bytes }) => bytes)).toString()
      const says = async (part: string) => {
        while (!text().includes(part)) await Bun.sleep(5)
      }
      return { running, text, says }
    }
    const bytesOf = (text: string) => new TextEncoder().encode(text)
    const inTerminal = { pty: { columns: 71, rows: 19 } }

    test("it runs in its folder, tells both streams apart, and says how it ended", async () => {
      const { running, text } = await begin("pwd; echo oops >&2; exit 3")

      expect(await running.exited).toEqual({ exitCode: 3, signal: null })
      expect([text("stdout"), text("stderr")]).toEqual([`${world.folder}\n`, "oops\n"])
      expect(running.confinement === "none").toBe(sandbox === "full-access")
    })

    test("it reads what is written to it until its input is closed", async () => {
      const { running, text, says } = await begin(["cat"])
      await running.write(bytesOf("one\n"))
      await says("one")
      await running.write(bytesOf("two\n"))
      running.closeInput()

      expect(await running.exited).toEqual({ exitCode: 0, signal: null })
      expect(text()).toBe("one\ntwo\n")
      await expect(running.write(bytesOf("late"))).rejects.toMatchObject({ name: "ToolFailure" })
    })

    test("a writer waits until what it wrote is taken", async () => {
      const { running } = await begin("sleep 0.2; head -c 300000 | wc -c")
      const from = performance.now()
      await running.write(new Uint8Array(300_000))

      expect(performance.now() - from).toBeGreaterThan(100)
      expect(await running.exited).toMatchObject({ exitCode: 0 })
    })

    test("all of a long output comes", async () => {
      const { running, text } = await begin("seq 1 200000")
      await running.exited

      expect(text().length).toBe(1_288_895)
    })

    test("its environment has what the request adds", async () => {
      const { running, text } = await begin("echo $GREETING", { env: { GREETING: "hello" } })
      await running.exited

      expect(text()).toBe("hello\n")
    })

    test("a stranger's program is told where things are, and nothing else of the environment", async () => {
      const { running, text } = await begin(["env"], { environment: "minimal", env: { GREETING: "hello" } })
      await running.exited
      const names = text()
        .split("\n")
        .map((line) => line.split("=")[0] ?? "")

      expect(names).toContain("PATH")
      expect(names).toContain("GREETING")
      expect(names.filter((name) => !MINIMAL.test(name))).toEqual([])
    })

    test("signals reach its whole group", async () => {
      const { running, says, text } = await begin(
        "trap 'echo heard' USR1; (trap 'echo child' USR1; while :; do sleep 0.05; done) & echo up; while :; do sleep 0.05; done",
      )
      await says("up")
      await Bun.sleep(100)
      running.signal("SIGUSR1")
      await says("heard")
      await says("child")
      running.signal("SIGKILL")

      expect(await running.exited).toEqual({ exitCode: null, signal: "SIGKILL" })
      expect(text()).toContain("up")
    })

    test("one that tidies up is given time to, one that refuses to end is killed", async () => {
      const tidy = await begin("trap 'echo tidied; exit 5' TERM; echo up; while :; do sleep 0.05; done")
      await tidy.says("up")
      expect(await tidy.running.end()).toEqual({ exitCode: 5, signal: null })
      expect(tidy.text()).toContain("tidied")

      const stubborn = await begin("trap '' TERM; echo up; while :; do sleep 0.05; done")
      await stubborn.says("up")
      expect(await stubborn.running.end()).toEqual({ exitCode: null, signal: "SIGKILL" })
    })

    test("a terminal has the size it was given, and another when it is told", async () => {
      const { running, says } = await begin(
        "trap 'stty size; exit' WINCH; stty size; while :; do sleep 0.05; done",
        inTerminal,
      )
      await says("19 71")
      running.resize(100, 40)
      await says("40 100")

      expect(await running.exited).toMatchObject({ exitCode: 0 })
    })

    test("in a terminal programs know that they are in one, and it is theirs", async () => {
      const { running, text } = await begin(
        "test -t 0 && test -t 1 && echo yes; echo direct > /dev/tty; echo $TERM",
        inTerminal,
      )
      await running.exited

      expect(text()).toBe("yes\r\ndirect\r\nxterm-256color\r\n")
    })

    test("keys that mean a signal reach what runs in the foreground of a terminal", async () => {
      const { running, says } = await begin("bash --norc -i", inTerminal)
      await running.write(bytesOf("sleep 9999; echo code $?\n"))
      await Bun.sleep(300)
      await running.write(bytesOf("\x03"))
      await running.write(bytesOf("echo code $((100+30))\n"))
      await says("code 130\r\n")
      running.closeInput()

      expect(await running.exited).toMatchObject({ signal: null })
    })

    test("a job of an interactive shell ends with it", async () => {
      const { running, says } = await begin("bash --norc -i", inTerminal)
      await running.write(bytesOf('sleep 9999 &\nsetsid sleep 9999 &\necho u""p\n'))
      await says("up\r\n")
      const from = performance.now()
      await running.end()

      expect(performance.now() - from).toBeLessThan(10_000)
    })

    test("a program that is not there, and a folder that is not there, are told at the start", async () => {
      await expect(begin(["no-such-program-at-all"])).rejects.toMatchObject({ name: "ToolFailure" })
      await expect(begin("true", { cwd: `${world.folder}/gone` })).rejects.toMatchObject({ name: "ToolFailure" })
    })

    test("nothing is told after its end", async () => {
      const { running, text } = await begin("(sleep 0.1; echo late) & echo early")
      await running.exited
      const said = text()
      await Bun.sleep(200)

      expect(text()).toBe(said)
      expect(said).toStartWith("early\n")
    })
  })
}
