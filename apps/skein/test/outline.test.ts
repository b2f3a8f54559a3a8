import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { talking } from "./ground/talking.ts"

const HANG_MS = 60_000
const call = (name: string, args: Record<string, unknown>) => ({ calls: [{ name, args }] })

describeBinary("code that is read for what it defines", () => {
  test(
    "the compiled program maps a workspace, finds its symbols and draws who uses whom; what cannot be is said",
    async () => {
      using talk = talking(
        call("repo_map", { budgetTokens: 300 }),
        call("symbols", { path: "app/main.py" }),
        call("symbols", { name: "engine" }),
        call("code_graph", { path: "src/main.ts", direction: "out" }),
        call("code_graph", { symbol: "startEngine", format: "mermaid" }),
        call("symbols", { path: "README.md" }),
        call("code_graph", {}),
        { text: "Done." },
      )
      const { scene, server } = talk
      await Bun.write(scene.path("src/engine.ts"), "export function startEngine(port: number): void {}\n")
      await Bun.write(
        scene.path("src/main.ts"),
        'import { startEngine } from "./engine.ts"\nexport function main() {\n  startEngine(1)\n}\n',
      )
      await Bun.write(scene.path("app/main.py"), "class Engine:\n    def run(self): pass\n")
      await Bun.write(scene.path("README.md"), "# Words\n")

      expect((await scene.run(["-p", "look around"])).out).toBe("Done.\n")
      const told = (at: number) => server.requests[at]?.text ?? ""
      expect(told(1)).toContain("src/engine.ts\\n 1: export function startEngine(port: number): void")
      expect(told(2)).toContain("1-2: class Engine\\n  2: def run(self)")
      expect(told(3)).toContain("app/main.py:1: class Engine\\nsrc/engine.ts:1: export function startEngine")
      expect(told(4)).toContain("src/main.ts imports src/engine.ts")
      expect(told(5)).toContain('[\\"src/main.ts:2 main\\"]')
      expect(told(6)).toContain("no grammar of its language is here")
      expect(told(7)).toContain("name a path for its imports, or a symbol for its calls")
    },
    HANG_MS,
  )

  test(
    "a map stands before the conversation where the settings say so, within its budget and without secrets, until it is switched off",
    async () => {
      using talk = talking({ text: "Done." })
      const { scene, server } = talk
      const key = `sk-ant-api03-${"a1B2".repeat(24)}`
      await Bun.write(scene.path("src/engine.ts"), `export function startEngine(key = "${key}"): void {}\n`)
      for (let at = 0; at < 60; at++) {
        await Bun.write(scene.path(`src/f${at}.ts`), `export function functionNumber${at}() {\n  startEngine()\n}\n`)
      }
      await scene.run(["-p", "hello"])
      expect(server.requests.at(-1)?.text).not.toContain("startEngine")

      await scene.run(["-p", "-c", "context.repo_map_tokens=200", "hello"])
      const asked = server.requests.at(-1)?.text ?? ""
      expect(asked).toContain("export function startEngine(key =")
      expect(asked).not.toContain(key)
      const lines = asked.match(/src\/f\d+\.ts\\n 1: export function functionNumber\d+\(\)\\n/g)?.join("") ?? ""
      expect(lines.length).toBeGreaterThan(300)
      expect(lines.length).toBeLessThan(200 * 3.5)

      expect((await scene.run(["-p", "--continue", "/map off"])).out).toContain("No map of the repository")
      expect((await scene.run(["-p", "--continue", "/map"])).out).toContain("/map on puts one of 2000 tokens there.")
      await scene.run(["-p", "--continue", "hello"])
      expect(server.requests.at(-1)?.text).not.toContain("functionNumber")
      expect((await scene.run(["-p", "--continue", "/map 50"])).err).toContain("100 to 20000 tokens")
      await scene.run(["-p", "--continue", "/map on"])
      await scene.run(["-p", "--continue", "hello"])
      expect(server.requests.at(-1)?.text).toContain("functionNumber59")
    },
    HANG_MS,
  )
})
