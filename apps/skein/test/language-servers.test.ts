import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { put, withLanguageServers } from "./ground/language-servers.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 120_000
const PROJECT = {
  "tsconfig.json": `{"compilerOptions":{"strict":true},"include":["."]}`,
  "a.ts": "export function twice(n: number): number {\n  return n * 2\n}\n",
  "b.ts": `import { twice } from "./a"\nexport const four: number = twice(2)\n`,
}
const call = (name: string, args: object) => ({ calls: [{ name, args }] })
const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""

describeBinary("language servers", () => {
  test(
    "an error that an edit brings is in the next request to the model, and one that was there is not",
    async () => {
      using talk = talking(
        call("diagnostics", { paths: ["a.ts"] }),
        call("read", { path: "b.ts" }),
        call("edit", { path: "b.ts", oldText: "twice(2)", newText: 'twice("2")' }),
        { text: "Seen." },
      )
      const { scene } = talk
      withLanguageServers(scene)
      put(scene, { ...PROJECT, "b.ts": `${PROJECT["b.ts"]}export const old: string = 1\n` })
      const ran = await scene.run(["-p", "break it", "--mode", "accept-edits"])
      expect(ran).toMatchObject({ code: 0, out: "Seen.\n" })
      const said = lastAsked(talk)
      expect(said).toContain("The change brought 1 error:")
      expect(said).toContain("b.ts:2:35 error typescript 2345: Argument of type 'string' is not assignable")
      expect(said).not.toContain("2322")
    },
    HANG_MS,
  )
})
