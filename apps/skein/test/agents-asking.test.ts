import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { working } from "./ground/working.ts"

const HANG_MS = 60_000
const NAMES = Array.from({ length: 8 }, (_, at) => `file${at}`)

describeBinary("sub-agents that ask", () => {
  test(
    "eight that ask at once are asked about one by one in their session, each by its name, and none is lost",
    async () => {
      const tasks = NAMES.map((name) => ({ agent: "general", description: name, prompt: `Make ${name}.` }))
      const each = NAMES.map((name) => {
        const write = { name: "write", args: { path: name, content: `${name}\n` } }
        return [`Make ${name}.`, [{ calls: [write] }, { text: `${name} is made.` }]] as const
      })
      using at = working({
        "make them": [{ calls: [{ name: "parallel_tasks", args: { tasks } }] }, { text: "All made." }],
        ...Object.fromEntries(each),
      })
      const { scene } = at
      const ran = await scene.run(["-p", "--mode", "ask", "--yes", "make them"])
      expect([ran.code, ran.out]).toEqual([0, "All made.\n"])
      for (const name of NAMES) {
        expect(scene.read(name)).toBe(`${name}\n`)
        expect(ran.err).toContain(`asks    general asks: write ${scene.path(name)}`)
      }
      expect(at.results("make them")[0]).toContain("8 of 8 completed.")
    },
    HANG_MS,
  )

  test(
    "without anybody there each is refused, and the session says what it cost and came to",
    async () => {
      const task = { agent: "general", description: "make it", prompt: "Make it." }
      const write = { name: "write", args: { path: "it", content: "" } }
      using at = working({
        "have it made": [{ calls: [{ name: "task", args: task }] }, { text: "It was not." }],
        "Make it.": [{ calls: [write] }, { text: "I may not." }],
      })
      const { scene } = at
      const ran = await scene.run(["-p", "--mode", "ask", "have it made"])
      expect(ran.out).toBe("It was not.\n")
      expect(ran.err).toContain("agent   general: make it")
      expect(ran.err).toContain("nobody is there to answer")
      const listed = await scene.run(["-p", "--continue", "/agents"])
      expect(listed.out).toMatch(/^general \(\w{6}\) {2}make it\n {2}completed, 2 steps, [^\n]*\n {2}I may not\.\n/)
      expect((await scene.run(["-p", "--continue", "/kill general"])).out).toContain("No sub-agent works.")
      expect((await scene.run(["-p", "--continue", "/spawn nobody do it"])).err).toContain(
        'There is no agent "nobody".',
      )
    },
    HANG_MS,
  )

  test(
    "one that a person begins is waited for, one that the model leaves behind is stopped with the run, and neither is taken for the session",
    async () => {
      const task = { agent: "general", description: "slow", prompt: "Be slow.", background: true }
      using at = working({
        "Be slow.": [{ calls: [{ name: "bash", args: { command: "sleep 20" } }] }],
        "Be quick.": [{ text: "It is done." }],
        "leave it": [{ calls: [{ name: "task", args: task }] }, { text: "Begun." }],
      })
      const { scene } = at
      const begun = await scene.run(["-p", "/spawn general Be quick."])
      expect(begun.out).toEndWith("It is done.\n")
      expect((await scene.run(["-p", "--continue", "/agents"])).out).toContain("completed, 1 step")

      const left = await scene.run(["-p", "leave it"])
      expect(left.out).toBe("Begun.\n")
      expect(left.err).toContain("note    still at work, and stopped with this run: general")
      const listed = (await scene.run(["-p", "--continue", "/agents"])).out
      expect(listed).toMatch(/^general \(\w{6}\) {2}slow\n {2}interrupted \(Cut off: skein was left\)/)
    },
    HANG_MS,
  )
})
