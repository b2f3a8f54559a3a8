import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const use = (args: Record<string, unknown>) => ({ calls: [{ name: "process", args }] })
const bash = (args: Record<string, unknown>) => ({ calls: [{ name: "bash", args }] })

/** What the model was told, request by request, as it was sent. */
const told = ({ server }: Talking) => server.requests.map(({ text }) => text)

describeBinary("what goes on between a model's calls", () => {
  test(
    "a program in a terminal is started, answered and ended; what it did to files can be taken back",
    async () => {
      using talk = talking(
        use({
          action: "start",
          command: "read -p 'name? ' x; echo hello $x | tee greeting; test -t 0 && tput cols",
          terminal: true,
        }),
        use({ action: "write", process: "p1", text: "skein\n" }),
        use({ action: "wait", process: "p1" }),
        { text: "Done." },
      )
      const { scene } = talk
      await scene.run(["-p", "greet"])
      const [, started = "", written = "", waited = ""] = told(talk)

      expect(started).toContain("name?")
      expect(written).toContain("hello skein")
      expect(waited).toContain("100")
      expect(waited).toContain("p1: exit 0")
      expect(scene.read("greeting")).toBe("hello skein\n")
      await scene.run(["-p", "--continue", "/undo yes"])
      expect(existsSync(scene.path("greeting"))).toBe(false)
    },
    HANG_MS,
  )

  test(
    "a command in the background answers later commands, and its end is told at the next step",
    async () => {
      using talk = talking(
        bash({ command: "mkfifo box; echo up; cat box; exit 7", background: true }),
        { calls: [{ name: "monitor", args: { process: "p1", patterns: ["u*p"] } }] },
        bash({ command: "echo through > box; sleep 0.3" }),
        use({ action: "read", process: "p1" }),
        { text: "Done." },
      )
      await talk.scene.run(["-p", "go"])
      const [, begun = "", , , last = ""] = told(talk)

      expect(begun).toContain("It runs as p1")
      expect(last).toContain("p1 (mkfifo box; echo up; cat box; exit 7) has said")
      expect(last).toContain("ended with exit code 7")
      expect(last).toContain("through")
    },
    HANG_MS,
  )

  test(
    "a command whose time is over goes on where the model said so, else its whole group is gone",
    async () => {
      const mark = `36000000.${process.pid}`
      using talk = talking(
        bash({ command: `sleep ${mark} & sleep ${mark}`, timeoutMs: 300 }),
        bash({ command: "sleep 1; echo late", timeoutMs: 300, onTimeout: "background" }),
        use({ action: "wait", process: "p1" }),
        { text: "Done." },
      )
      await talk.scene.run(["-p", "go"])
      const [, killed = "", moved = "", waited = ""] = told(talk)

      expect(killed).toContain("stopped after 0.3 s")
      expect(moved).toContain("It goes on in the background as p1")
      expect(waited).toContain("late")
      expect(Bun.spawnSync(["pgrep", "-f", mark]).stdout.toString()).toBe("")
    },
    HANG_MS,
  )

  test(
    "nothing of it outlives skein, and what it was is said",
    async () => {
      const mark = `37000000.${process.pid}`
      using talk = talking(bash({ command: `setsid sleep ${mark} & sleep ${mark}`, background: true }), {
        text: "Done.",
      })
      await talk.scene.run(["-p", "go"])

      expect(Bun.spawnSync(["pgrep", "-f", mark]).stdout.toString()).toBe("")
    },
    HANG_MS,
  )

  test(
    "a process that is not there, a missing word and a name in use are said",
    async () => {
      using talk = talking(
        use({ action: "read", process: "nobody" }),
        use({ action: "start" }),
        use({ action: "start", command: "cat", process: "cat" }),
        use({ action: "start", command: "cat", process: "cat" }),
        { calls: [{ name: "monitor", args: { process: "dog", patterns: ["x"] } }] },
        { text: "Done." },
      )
      await talk.scene.run(["-p", "go"])
      const last = told(talk).at(-1) ?? ""

      expect(last).toContain("There is no process nobody. None was started.")
      expect(last).toContain("start needs command.")
      expect(last).toContain("A process cat runs already.")
      expect(last).toContain("There is no process dog. There are: cat.")
    },
    HANG_MS,
  )
})
