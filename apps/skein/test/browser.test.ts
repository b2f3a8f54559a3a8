import { describe, expect, test } from "bun:test"
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

const HANG_MS = 120_000

/** The machine's own Chromium; without one these tests are skipped, and the one that says so is not. */
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].find(
  (name) => Bun.which(name) !== null,
)
const describeBrowser: typeof describe = CHROMIUM === undefined ? (describe.skip as typeof describe) : describeBinary

const lastAsked = ({ server }: Talking) => server.requests.at(-1)?.text ?? ""
const doing = (action: string, more = {}) => ({ calls: [{ name: "browser", args: { action, ...more } }] })
const done = { text: "Done." }
const path = { env: { PATH: process.env.PATH ?? "" } }
const leftovers = ({ scene }: Talking) =>
  readdirSync(scene.temporary).filter((name) => name.startsWith("skein-browser-"))

function website(pages: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url)
      asked.push(pathname)
      return new Response(pages[pathname] ?? "", {
        headers: { "content-type": "text/html" },
        status: pages[pathname] === undefined ? 404 : 200,
      })
    },
  })
  const host = `127.0.0.1:${server.port}`
  return { host, asked, url: `http://${host}`, [Symbol.dispose]: () => void server.stop(true) }
}

const FORM = `<title>Form</title><h1>Names</h1><label>Name <input id=n></label><button onclick="
document.querySelector('p').textContent = 'Hello ' + document.querySelector('#n').value">Greet</button><p></p>`

describeBrowser("a browser in a session", () => {
  test(
    "a page that needs its scripts is opened, filled in, clicked, asked and seen, and nothing of it is left behind",
    async () => {
      using site = website({ "/": FORM })
      using talk = talking(
        doing("open", { url: site.url }),
        doing("type", { target: "#n", text: "Ada" }),
        doing("click", { target: "text=Greet" }),
        doing("eval", { text: "document.querySelector('p').textContent.length" }),
        doing("screenshot"),
        doing("click", { target: "#missing" }),
        done,
      )
      const ran = await talk.scene.run(["run", "--mode", "auto", "--allow", site.host, "try it"], path)
      expect([ran.code, ran.out]).toEqual([0, "Done.\n"])
      const told = lastAsked(talk)
      expect(told).toMatch(/heading \\"Names\\" \[level=1\] \[ref=e\d+\]/)
      expect(told).toContain("Hello Ada")
      expect(told).toContain(`Form\\n${site.url}/\\n\\n9`)
      expect(told).toContain('"media_type":"image/jpeg"')
      expect(told).toContain('There is no \\"#missing\\" to click')
      expect(leftovers(talk)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "a page reaches only what the call may reach: no other server of this machine, by no script",
    async () => {
      using inner = website({ "/": "secret" })
      const script = `<script>fetch("${inner.url}/", {mode: "no-cors"}).catch(() => 0).then(() => document.title = "tried")</script>
<img src="${inner.url}/img"><iframe src="${inner.url}/"></iframe><p>page</p>`
      using site = website({ "/": script })
      using talk = talking(
        doing("open", { url: site.url }),
        doing("open", { url: `${inner.url}/` }),
        doing("open", { url: "file:///etc/passwd" }),
        done,
      )
      await talk.scene.run(["run", "--mode", "full", "--allow", site.host, "try it"], path)
      expect(lastAsked(talk)).toContain("page")
      expect(lastAsked(talk)).toContain("Only http and https")
      expect(inner.asked).toEqual([])
      const { sums } = JSON.parse((await talk.scene.run(["egress", "--json", "--last"])).out)
      const said = sums.map(
        ({ purpose, host, port, decision }: Record<string, unknown>) => `${purpose} ${host}:${port} ${decision}`,
      )
      expect(said).toContain(`browser ${site.host} allowed`)
      expect(said).toContain(`browser ${inner.host} refused`)
    },
    HANG_MS,
  )
})

describeBinary("a machine without a browser", () => {
  test(
    "says what is missing and how to get it",
    async () => {
      using talk = talking(doing("open", { url: "http://127.0.0.1:9/" }), doing("click", { target: "a" }), done)
      const empty = { env: { PATH: "/nowhere" } }
      await talk.scene.run(["run", "--mode", "full", "--allow", "127.0.0.1:9", "try it"], empty)
      expect(lastAsked(talk)).toContain("There is no browser on this machine")
      expect(lastAsked(talk)).toContain("apt-get install chromium")
      expect(lastAsked(talk)).toContain("No page is open.")
    },
    HANG_MS,
  )

  test(
    "one that ends as soon as it is started is told as that, by the library that the binary carries",
    async () => {
      using talk = talking(doing("open", { url: "http://127.0.0.1:9/" }), done)
      const program = join(talk.scene.temporary, "chromium")
      writeFileSync(program, "#!/bin/sh\nexit 3\n", { mode: 0o755 })
      const broken = { env: { PATH: `${talk.scene.temporary}:/usr/bin:/bin` } }
      await talk.scene.run(["run", "--mode", "full", "--allow", "127.0.0.1:9", "try it"], broken)
      expect(lastAsked(talk)).toContain(`The browser did not start (${program}): `)
      expect(lastAsked(talk)).toMatch(/launchPersistentContext|has been closed/)
    },
    HANG_MS,
  )
})
