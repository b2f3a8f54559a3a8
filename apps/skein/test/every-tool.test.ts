import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { type Call, calls, IN_EDITORS, PROMPT, type Results, reply, resultsIn } from "./ground/every-tool.ts"
import { put, withLanguageServers } from "./ground/language-servers.ts"
import { repository } from "./ground/repository.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 200_000

/** What is on this machine before the model begins. */
const FILES = {
  "a.txt": "one\ntwo\nthree\n",
  "b.txt": "one\n2\nthree\n",
  "twice.ts": "export function twice(n: number): number {\n  return n * 2\n}\n",
  "four.ts": 'import { twice } from "./twice"\nexport const four: string = twice(2)\n',
  "book.ipynb": JSON.stringify({
    cells: [{ cell_type: "code", id: "one", metadata: {}, outputs: [], execution_count: null, source: "1 + 1" }],
    ...{ metadata: {}, nbformat: 4, nbformat_minor: 5 },
  }),
  "tsconfig.json": '{"compilerOptions":{"strict":true},"include":["."]}',
}
/** One white point. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

/** A server of this machine, which stands for one of the web and for a search engine. */
function website() {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/search") {
        return Response.json({ results: [{ url: "https://docs.test/a", title: "Docs", content: "how to" }] })
      }
      if (pathname === "/api") return Response.json({ count: 3 })
      return new Response("<title>T</title><main><h1>Hello</h1></main>", { headers: { "content-type": "text/html" } })
    },
  })
  const host = `127.0.0.1:${server.port}`
  return { host, url: `http://${host}`, [Symbol.dispose]: () => void server.stop(true) }
}

async function prepared({ scene }: Talking): Promise<void> {
  repository(scene, ...Object.entries(FILES))
  put(scene, { "b.txt": "one\n2\nthree\nfour\n", "answers.json": '{"*": "Blue"}' })
  await Bun.write(scene.path("white.png"), Buffer.from(PNG, "base64"))
  withLanguageServers(scene)
}

function wrong({ tool, input, isGood, says }: Call, results: Results): string[] {
  const found = results.find((each) => each.is(tool, input))
  if (found === undefined) return [`${tool} was not called with ${JSON.stringify(input)}`]
  const isAsSaid = found.isError !== isGood && found.text.includes(says)
  return isAsSaid ? [] : [`${tool} ${JSON.stringify(input)} should say ${says} (${isGood}), and says: ${found.text}`]
}

describeBinary("every tool", () => {
  test(
    "does what it is for on real files, and says what is wrong with bad input",
    async () => {
      using site = website()
      const all = calls(site.url)
      let step = 0
      using talk = talking((asked) => asked.say(reply(asked.conversation, () => all[step++], byName)))
      const { scene, server } = talk
      const listed: readonly { readonly name: string; readonly summary?: string }[] = JSON.parse(
        (await scene.run(["tools", "list", "--json"])).out,
      )
      const byName = new Set(listed.filter(({ summary }) => summary !== undefined).map(({ name }) => name))
      const told = (isGood: boolean) => new Set(all.flat().flatMap((one) => (one.isGood === isGood ? [one.tool] : [])))
      for (const isGood of [true, false])
        expect(
          listed.map(({ name }) => name).filter((name) => !told(isGood).has(name) && !(isGood && IN_EDITORS.has(name))),
        ).toEqual([])

      await prepared(talk)
      const set = ["-c", `tools.web_search.searxng="${site.url}"`, "-c", 'web_search="live"', "--allow", site.host]
      const ran = await scene.run(["-p", PROMPT, "--yes", "--answers", "answers.json", ...set], {
        env: { PATH: process.env.PATH ?? "" },
      })
      expect(ran).toMatchObject({ code: 0, out: "All tools were used.\n" })
      const results = resultsIn(server.requests.map(({ text }) => text))
      expect(all.flat().flatMap((one) => wrong(one, results))).toEqual([])
    },
    HANG_MS,
  )
})
